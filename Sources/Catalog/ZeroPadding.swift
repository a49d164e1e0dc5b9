extension BinaryInteger {
  /// The decimal digits, with zeros before them up to a width: names of one width sort as their numbers.
  public func zeroPadded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
