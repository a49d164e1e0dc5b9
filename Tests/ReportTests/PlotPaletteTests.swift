import Testing

@testable import Report

@Suite struct PlotPaletteTests {
  @Test(arguments: [false, true])
  func `every colour has the contrast that WCAG asks of a mark`(isDark: Bool) throws {
    let scheme = try #require(
      PageStyle.colors.matches(of: #/--back: (#[0-9a-f]+)/#).map(\.1).dropFirst(isDark ? 1 : 0)
        .first)
    for index in 0..<PlotPalette.colorCount {
      let color = PlotPalette.color(index, isDark: isDark)
      let contrast = SRGBColor(color).contrast(with: SRGBColor(String(scheme)))
      #expect(contrast >= 3, "\(index): \(color)")
    }
  }

  // Measured: 0.057 light, 0.054 dark. Two of Okabe's and Ito's own colours come as near as 0.076.
  @Test(arguments: SRGBColor.Deficiency.allCases, [false, true])
  func `the first seven colours look different whatever cones are missing`(
    deficiency: SRGBColor.Deficiency, isDark: Bool
  ) {
    let colors = (0..<7).map {
      SRGBColor(PlotPalette.color($0, isDark: isDark)).seen(with: deficiency)
    }
    for (index, color) in colors.enumerated() {
      for other in colors[..<index] { #expect(color.distance(to: other) > 0.05) }
    }
  }

  @Test(arguments: [false, true])
  func `no two colours are the same before the palette begins anew`(isDark: Bool) {
    let colors = (0..<PlotPalette.colorCount).map { PlotPalette.color($0, isDark: isDark) }
    #expect(Set(colors).count == colors.count)
    #expect(colors.allSatisfy { $0.wholeMatch(of: #/#[0-9a-f]{6}/#) != nil })
    #expect(PlotPalette.name(of: PlotPalette.colorCount + 2) == "c2")
    #expect(PlotPalette.name(of: nil) == "none")
  }

  @Test func `a style has the colours that are used and no more, light and dark`() {
    #expect(PlotPalette.style(count: 0).isEmpty)
    #expect(PlotPalette.style(count: 3).matches(of: #/\.c\d+\{/#).count == 6)
    #expect(
      PlotPalette.style(count: 1_000_000).matches(of: #/\.c\d+\{/#).count
        == 2 * PlotPalette.colorCount)
  }
}
