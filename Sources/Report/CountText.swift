/// A count for a person, digits in groups of three parted by `separator`: `1 234 567`.
///
/// The default is U+202F, a narrow space that does not break: the same in every language.
func grouped(_ count: Int, separator: Character = "\u{202F}") -> String {
  let digits = String(count.magnitude)
  var text = count < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(separator) }
    text.append(digit)
  }
  return text
}

/// A count in at most four characters: `950`, `1.2k`, `12k`, `3.4M`, `5G`.
func abbreviated(_ count: Int) -> String {
  var unit = 1
  var suffix = ""
  for (size, letter) in [(1000, "k"), (1_000_000, "M"), (1_000_000_000, "G")] where count >= size {
    unit = size
    suffix = letter
  }
  let whole = count / unit
  let tenth = count % unit * 10 / unit
  return whole >= 10 || tenth == 0 ? "\(whole)\(suffix)" : "\(whole).\(tenth)\(suffix)"
}

/// A similarity or threshold in three decimals, rounded down: `1` only when it is exactly 1, and
/// typed as a threshold it keeps what is at the similarity.
func threeDecimals(_ similarity: Double) -> String {
  similarity < 1 ? thresholdText(similarity, above: -.infinity) : "1"
}

/// The shortest decimal, of three places at least, that as a threshold gives what `similarity` gives.
///
/// - Parameters:
///   - similarity: from 0 to 1; the decimal is at or below it.
///   - lower: under `similarity`, the next lower one or what no threshold may reach; the decimal is
///     above it.
public func thresholdText(_ similarity: Double, above lower: Double) -> String {
  var scale = 1000
  for places in 3...15 {
    // Rounding may end above; one step less does not.
    let nearest = Int((similarity * Double(scale)).rounded())
    let steps = Double(nearest) / Double(scale) > similarity ? nearest - 1 : nearest
    if Double(steps) / Double(scale) > lower {
      return "\(steps / scale)." + (steps % scale).zeroPadded(places)
    }
    scale *= 10
  }
  return "\(similarity)"
}

/// A file size in decimal units: `812 B`, `9.1 kB`, `12 MB`.
func fileSize(_ byteCount: Int64) -> String {
  var unit: Int64 = 1
  var name = "B"
  for (size, symbol) in [(1000, "kB"), (1_000_000, "MB"), (1_000_000_000, "GB")]
  where byteCount >= size {
    unit = Int64(size)
    name = symbol
  }
  let whole = byteCount / unit
  let tenth = byteCount % unit * 10 / unit
  return whole >= 10 || unit == 1 ? "\(whole)\u{202F}\(name)" : "\(whole).\(tenth)\u{202F}\(name)"
}
