import Testing

@testable import Report

@Suite struct ScorePlotTests {
  private static let kmeans = ScoreCurve(
    method: "kmeans", counts: [2, 3, 4, 5], scores: [0.25, 0.5, .nan, 0.375], chosen: 3)
  private static let ward = ScoreCurve(
    method: "ward", counts: [2, 3, 4, 5], scores: [0.125, 0.25, 0.75, 0.5], chosen: 4)

  @Test func `each panel has a line a method, its dots, and the chosen counts marked`() throws {
    let file = try SVGFile(
      ScorePlot(
        title: "Scores",
        panels: [
          ScorePanel(
            title: "Silhouette", note: "higher is better", curves: [Self.kmeans, Self.ward]),
          ScorePanel(title: "Combined", curves: [Self.ward]),
        ]))
    // Two of the lines are the legend's.
    #expect(file.elements("path", class: "line").count == 5)
    #expect(file.elements("path", class: "chosen").count == 3)
    #expect(file.elements("circle", class: "dot").count == 3)
    #expect(file.elements("circle", class: "mark").count == 3 + 4 + 4)
    #expect(file.texts("title") == ["Silhouette", "Combined"])
    #expect(file.texts("label") == ["kmeans", "ward"])
    #expect(
      file.description
        == "Silhouette: chosen kmeans 3 (0.500), ward 4 (0.750). Combined: chosen ward 4 (0.750).")
    #expect(file.isInsideViewBox())
  }

  @Test func `a missing score leaves a gap in the line`() throws {
    let file = try SVGFile(
      ScorePlot(title: "", panels: [ScorePanel(title: "", curves: [Self.kmeans])]))
    let line = try #require(file.elements("path", class: "line").first?.attributes["d"])
    #expect(line.filter(\.isLetter) == "MLM")
    #expect(file.texts("value") == ["chosen 3 (0.500)"])
  }

  @Test func `a gap statistic has a bar of one standard error at every count`() throws {
    let file = try SVGFile(
      ScorePlot.gap(
        method: "kmeans", counts: [1, 2, 3], gaps: [0.1, 0.5, 0.6],
        standardErrors: [0.1, 0.1, 0.2], chosen: 2))
    let bars = try #require(file.elements("path", class: "bars").first?.attributes["d"])
    #expect(bars.filter { $0 == "V" }.count == 3)
    // The axis reaches from 0 to 0.8: the bars are inside it.
    #expect(file.texts("tick").contains("0.8"))
    #expect(file.description == "gap: chosen kmeans 2 (0.500).")
    #expect(file.isInsideViewBox())
  }

  @Test func `an elbow marks its knee`() throws {
    let file = try SVGFile(
      ScorePlot.elbow(method: "kmeans", counts: [1, 2, 3], inertias: [900, 200, 150], knee: 2))
    #expect(file.elements("circle", class: "dot").count == 1)
    #expect(file.texts("value") == ["chosen 2 (200.0)"])
  }

  @Test(arguments: [
    ScoreCurve(method: "none", counts: [], scores: []),
    ScoreCurve(method: "one", counts: [7], scores: [0.5], chosen: 7),
    ScoreCurve(method: "equal", counts: [2, 3], scores: [-1, -1], standardErrors: [0, .nan]),
    ScoreCurve(method: "no score", counts: [2, 3], scores: [.nan, -.infinity], chosen: 2),
    ScoreCurve(method: "huge", counts: [1, .max], scores: [-1e99, 1e300], chosen: .max),
  ])
  func `any curve is a picture`(curve: ScoreCurve) throws {
    let file = try SVGFile(ScorePlot(title: "", panels: [ScorePanel(title: "", curves: [curve])]))
    #expect(file.isInsideViewBox())
    #expect(try SVGFile(ScorePlot(title: "", panels: [])).elements("g").isEmpty)
  }

  @Test func `names are text, whatever is in them`() throws {
    for path in HostileNameTests.paths {
      let name = String(decoding: path.bytes, as: UTF8.self) + "\u{FFFF}\u{FFFE}"
      let curve = ScoreCurve(method: name, counts: [1], scores: [1], chosen: 1)
      let other = ScoreCurve(method: "b", counts: [1], scores: [2], chosen: 1)
      let file = try SVGFile(
        ScorePlot(
          title: name, countTitle: name,
          panels: [ScorePanel(title: name, note: name, curves: [curve, other])]))
      #expect(file.elements("script").isEmpty && file.elements("svg").count == 1)
      #expect(file.elements("title").first?.text == file.texts("heading").first)
      #expect(file.elements("text").count == 15)
    }
  }

  @Test func `the colours are those of the pages, and dark ones follow the reader's scheme`() throws
  {
    let file = try SVGFile(
      ScorePlot(title: "", panels: [ScorePanel(title: "", curves: [Self.kmeans])]))
    let style = try #require(file.elements("style").first?.text)
    #expect(style.contains(PageStyle.colors))
    #expect(style.matches(of: #/prefers-color-scheme: dark/#).count == 2)
  }
}
