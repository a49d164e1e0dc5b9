/// Scores against the number of clusters: a line a method, the chosen counts marked.
///
/// Several panels (silhouette, Davies-Bouldin, Calinski-Harabasz, combined) are drawn side by side,
/// two a row. A curve with standard errors has a bar at each point.
public struct ScorePlot: Plot, Hashable {
  /// The heading.
  public let title: String
  /// What the horizontal axis counts.
  public let countTitle: String
  /// The panels, in reading order.
  public let panels: [ScorePanel]

  /// Makes a plot of its parts.
  public init(title: String, countTitle: String = "clusters", panels: [ScorePanel]) {
    self.title = title
    self.countTitle = countTitle
    self.panels = panels
  }

  /// The gap statistic with its standard errors (Tibshirani, Walther and Hastie 2001).
  ///
  /// - Parameter chosen: by the rule of one standard error, or nil.
  public static func gap(
    method: String, counts: [Int], gaps: [Double], standardErrors: [Double], chosen: Int?
  ) -> ScorePlot {
    let curve = ScoreCurve(
      method: method, counts: counts, scores: gaps, standardErrors: standardErrors, chosen: chosen)
    return ScorePlot(
      title: "Gap statistic",
      panels: [
        ScorePanel(
          title: "gap",
          note: "bars: one standard error; chosen: the first gap within one of the next",
          curves: [curve])
      ])
  }

  /// How far rows are from their clusters, which falls with every further cluster, and its knee.
  ///
  /// - Parameter knee: the count after which little is won, or nil.
  public static func elbow(
    method: String, counts: [Int], inertias: [Double], knee: Int?
  ) -> ScorePlot {
    let curve = ScoreCurve(method: method, counts: counts, scores: inertias, chosen: knee)
    return ScorePlot(
      title: "Elbow",
      panels: [
        ScorePanel(
          title: "inertia", note: "lower is closer; chosen: the knee, after which little is won",
          curves: [curve])
      ])
  }

  /// Hands the bytes of the SVG file to `sink`; throws what the sink throws.
  public func write(to sink: ByteSink) throws {
    let methods = methods
    let isSmall = panels.count > 1
    let legend =
      methods.count > 1 ? PlotLegend(row: methods, left: 20, right: Self.width - 20) : nil
    let top = PlotDocument.contentTop - 10 + Double(legend?.rowCount ?? 0) * 20
    let rowHeight = isSmall ? 250.0 : 400.0
    let rowCount = (panels.count + 1) / 2
    let document = PlotDocument(
      width: Self.width, height: top + max(1, Double(rowCount)) * rowHeight + 10, title: title,
      description: description, colorCount: methods.count)
    try document.write(to: sink) { bytes in
      legend?.append(top: PlotDocument.contentTop - 16, to: &bytes)
      for (index, panel) in panels.enumerated() {
        let left = isSmall ? Double(index % 2) * Self.width / 2 : 0
        ScorePanelDrawing(
          panel: panel, methods: methods, countTitle: countTitle, left: left,
          top: top + Double(index / 2) * rowHeight,
          width: isSmall ? Self.width / 2 : Self.width, height: rowHeight
        ).append(to: &bytes)
      }
    }
  }

  private static let width = 880.0

  /// The methods, in the order in which they first occur.
  private var methods: [String] {
    var seen: Set<String> = []
    return panels.flatMap(\.curves).map(\.method).filter { seen.insert($0).inserted }
  }

  private var description: String {
    let sentences = panels.map { panel in
      let choices = panel.curves.compactMap { curve in
        curve.chosen.map { chosen in
          "\(curve.method) \(chosen) (\(curve.chosenScore.map(valueText) ?? "no score"))"
        }
      }
      return choices.isEmpty
        ? "\(panel.title): none chosen."
        : "\(panel.title): chosen \(choices.joined(separator: ", "))."
    }
    return sentences.joined(separator: " ")
  }
}
