/// A power of ten as the nearest double.
func powerOfTen(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .nan }

/// `digits` times a power of ten, exactly, for a person: `12 500`, `0.25`, `−3e−12`.
func decimalText(_ digits: Int, exponent: Int) -> String {
  let sign = digits < 0 ? "\u{2212}" : ""
  let text = String(digits.magnitude)
  if digits == 0 { return "0" }
  if exponent >= 0, text.count + exponent <= 15 {
    let whole = text + String(repeating: "0", count: exponent)
    return sign + (Int(whole).map { whole.count > 4 ? grouped($0) : whole } ?? whole)
  }
  if exponent < 0, exponent >= -9 {
    let padded = String(repeating: "0", count: max(0, 1 - exponent - text.count)) + text
    return "\(sign)\(padded.dropLast(-exponent)).\(padded.suffix(-exponent))"
  }
  let significant = text.reversed().drop { $0 == "0" }.reversed()
  let fraction = significant.count > 1 ? "." + String(significant.dropFirst()) : ""
  let power = exponent + text.count - 1
  return "\(sign)\(text.prefix(1))\(fraction)e\(power < 0 ? "\u{2212}" : "")\(power.magnitude)"
}

/// A value to about four digits, for a person: `0.534`, `12.3`, `1 797`, `−0.02`.
func valueText(_ value: Double) -> String {
  guard isDrawable(value) else { return "none" }
  var exponent = -3
  while value.magnitude >= 10_000 * powerOfTen(exponent), exponent < 0 || value.magnitude >= 1e9 {
    exponent += 1
  }
  if value != 0, value.magnitude < 0.01 {
    exponent = -110
    while value.magnitude >= 1000 * powerOfTen(exponent) { exponent += 1 }
  }
  let digits =
    exponent < 0 ? value * powerOfTen(-exponent) : value / powerOfTen(exponent)
  return decimalText(Int(digits.rounded()), exponent: exponent)
}

/// A count with its noun: `1 image`, `12 images`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// A value with a fixed number of decimal places: `95.0`.
func fixed(_ value: Double, places: Int) -> String {
  decimalText(Int((value * powerOfTen(places)).rounded()), exponent: -places)
}
