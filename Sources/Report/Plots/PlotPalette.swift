/// The colours of clusters and methods, light and dark.
///
/// The first seven are those of Okabe and Ito (2008), which people who see red and green alike tell
/// apart, each moved in lightness until it has the contrast 3 to 1 that WCAG asks of a mark on the
/// page's ground. Further ones step around the circle of hues by the golden angle. After
/// ``colorCount`` they begin anew, so that no plot tells clusters apart by colour alone.
enum PlotPalette {
  /// How many colours differ.
  static let colorCount = 48

  private static let light = [
    "#00519e", "#c9480a", "#0a7d5c", "#c94fa8", "#4b97dd", "#b38a12", "#5a3512",
  ]
  private static let dark = [
    "#3f7fd0", "#e0642a", "#12a285", "#e583cf", "#a9d8f7", "#cfa52a", "#f4ec80",
  ]

  /// The class of an element in the colour of a cluster or method, or of what is in none.
  static func name(of color: Int?) -> String { color.map { "c\($0 % colorCount)" } ?? "none" }

  /// The rules for the first `count` colours: each sets `color`, which marks fill or stroke with.
  static func style(count: Int) -> String {
    func rules(_ color: (Int) -> String) -> String {
      (0..<min(count, colorCount)).map { ".c\($0){color:\(color($0))}" }.joined()
    }
    guard count > 0 else { return "" }
    return rules { self.color($0, isDark: false) }
      + "\n@media (prefers-color-scheme: dark) { \(rules { self.color($0, isDark: true) }) }\n"
  }

  /// A colour as `#rrggbb`.
  static func color(_ index: Int, isDark: Bool) -> String {
    let named = isDark ? dark : light
    guard index >= named.count else { return named[index] }
    let step = index - named.count
    // Neighbours on the circle of hues come eight or more steps apart; by then the lightness differs.
    let isDeep = step / 8 % 2 == 0
    let lightness = isDark ? (isDeep ? 0.68 : 0.8) : (isDeep ? 0.34 : 0.26)
    return hex(hue: Double(step) * 137.508, saturation: 0.72, lightness: lightness)
  }

  /// The sRGB colour of a hue in degrees, by arithmetic that is the same on every machine.
  private static func hex(hue: Double, saturation: Double, lightness: Double) -> String {
    let chroma = (1 - abs(2 * lightness - 1)) * saturation
    let channels = [0.0, 8.0, 4.0].map { offset -> Int in
      let sector = (offset + hue / 30).truncatingRemainder(dividingBy: 12)
      let share = max(-1, min(sector - 3, 9 - sector, 1))
      return Int(((lightness - chroma / 2 * share) * 255).rounded())
    }
    return "#" + channels.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
