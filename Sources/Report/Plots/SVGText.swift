/// Where a text lies relative to its point.
enum TextAnchor: String {
  case start, middle, end
}

/// A coordinate to a tenth of a unit, in as few characters as it takes.
func tenths(_ value: Double) -> String {
  var bytes: [UInt8] = []
  bytes.append(tenths: value)
  return String(decoding: bytes, as: UTF8.self)
}

extension [UInt8] {
  /// Appends a coordinate to a tenth of a unit: `12`, `12.5`, `-0.5`.
  mutating func append(tenths value: Double) {
    let rounded = Int((value * 10).rounded())
    if rounded < 0 { append(UInt8(ascii: "-")) }
    append(decimal: rounded.magnitude / 10)
    let tenth = UInt8(rounded.magnitude % 10)
    if tenth > 0 { append(contentsOf: [UInt8(ascii: "."), UInt8(ascii: "0") + tenth]) }
  }

  /// Appends a pair of coordinates after a command of a path, `M12.5 3`.
  mutating func append(_ command: Unicode.Scalar, _ x: Double, _ y: Double) {
    append(UInt8(ascii: command))
    append(tenths: x)
    append(UInt8(ascii: " "))
    append(tenths: y)
  }

  /// Appends a coordinate after a command of a path, `H12.5`.
  mutating func append(_ command: Unicode.Scalar, _ position: Double) {
    append(UInt8(ascii: command))
    append(tenths: position)
  }

  /// Appends text of any origin, as XML may hold it: markup escaped, and U+FFFD in the place of
  /// control characters and of the two others that no XML may hold.
  ///
  /// A path comes as its `displayName`, which has none of them and names them instead.
  mutating func append(xml text: String) {
    let shown = text.unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control || (0xFFFE...0xFFFF).contains(scalar.value)
        ? "\u{FFFD}" : scalar
    }
    append(html: String(String.UnicodeScalarView(shown)))
  }

  /// Appends a `text` element; the text is escaped.
  mutating func appendText(
    _ name: String, x: Double, y: Double, anchor: TextAnchor = .start, _ text: String
  ) {
    appendTextStart(name, x: x, y: y, anchor: anchor)
    append(xml: text)
    append("</text>\n")
  }

  /// Appends the start tag of a `text` element.
  mutating func appendTextStart(
    _ name: String, x: Double, y: Double, anchor: TextAnchor = .start
  ) {
    append(raw: "<text class=\"\(name)\" x=\"\(tenths(x))\" y=\"\(tenths(y))\"")
    append(raw: anchor == .start ? ">" : " text-anchor=\"\(anchor.rawValue)\">")
  }

  /// Appends a `path` element whose commands `draw` appends.
  mutating func appendPath(_ name: String, _ draw: (inout [UInt8]) -> Void) {
    append(raw: "<path class=\"\(name)\" d=\"")
    draw(&self)
    append("\"/>\n")
  }

  /// Appends a `circle` element.
  mutating func appendCircle(_ name: String, x: Double, y: Double, radius: Double) {
    append(
      raw: "<circle class=\"\(name)\" cx=\"\(tenths(x))\" cy=\"\(tenths(y))\" "
        + "r=\"\(tenths(radius))\"/>\n")
  }

  /// Appends a group in one of the palette's colours, or without one in that of noise.
  mutating func appendGroup(color: Int?, _ draw: (inout [UInt8]) -> Void) {
    append(raw: "<g class=\"\(PlotPalette.name(of: color))\">\n")
    draw(&self)
    append("</g>\n")
  }
}
