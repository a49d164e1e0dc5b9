import Clustering
import Embedding
import LinearAlgebra
import Report

/// Plots of the clusters of an archive, and of what the last step was chosen among.
struct ClusterPlots {
  /// The files, by their names in a result.
  private(set) var files: [(name: String, bytes: [UInt8])] = []
  /// What each shows.
  private(set) var captions: [(name: String, words: String)] = []

  /// Draws what there is to show.
  ///
  /// - Parameters:
  ///   - part: how the last step clustered `last`.
  ///   - shown: images that plots show.
  ///   - labels: the number of each one's cluster in the result, -1 for none.
  ///   - fit: the components that the rows lie along, where they do.
  init(
    _ part: ClusteredPart, last: PlottedVectors, shown: PlottedVectors,
    labels: (PlottedVectors) -> [Int32], _ settings: ClusterSettings, fit: PrincipalComponents?,
    checkpoint: () throws -> Void
  ) throws {
    if settings.counts.count > 1 || settings.methods.count > 1 { try appendScores(part, settings) }
    let shownLabels = labels(shown)
    try appendSilhouette(shown, shownLabels, settings, checkpoint)
    try appendDendrogram(part, last, labels(last), checkpoint)
    try appendScatter(shown, shownLabels, checkpoint)
    guard let fit else { return }
    let total = max(fit.variances.reduce(0, +), .leastNonzeroMagnitude)
    // The rest of thousands explains next to nothing.
    let shown = fit.variances.prefix(max(20, 3 * fit.axes.rowCount))
    try append(
      ExplainedVariancePlot(
        ratios: shown.map { $0 / total }, chosenCount: fit.axes.rowCount),
      "variance", "How much of the variance the principal components explain")
  }

  private mutating func append(_ plot: some Plot, _ name: String, _ words: String) throws {
    var bytes: [UInt8] = []
    try plot.write { bytes += $0 }
    files.append(("plots/\(name).svg", bytes))
    captions.append(("plots/\(name).svg", words))
  }

  private mutating func appendScores(_ part: ClusteredPart, _ settings: ClusterSettings) throws {
    let criterion = settings.criterion
    let isIndex = [.silhouette, .daviesBouldin, .calinskiHarabasz].contains(criterion)
    let panels: [(String, String, (TriedModel) -> Double?)] =
      (isIndex ? [] : [(criterion.rawValue, "what decided, higher is better", { $0.rating })]) + [
        ("silhouette", "-1 to 1, higher is better", { $0.score.silhouette }),
        ("Davies-Bouldin", "lower is better", { $0.score.daviesBouldin }),
        ("Calinski-Harabasz", "higher is better", { $0.score.calinskiHarabasz }),
      ]
    try append(
      ScorePlot(
        title: "What was tried",
        panels: panels.map { title, note, value in
          ScorePanel(title: title, note: note, curves: Self.curves(part, value))
        }),
      "scores", "The scores of every model that was tried, by its number of clusters")
    try append(
      ScorePlot(
        title: "Elbow",
        panels: [
          ScorePanel(
            title: "inertia", note: "lower is closer",
            curves: Self.curves(part) { $0.score.inertia })
        ]),
      "elbow", "The squared distances to the means of the clusters, by their number")
    guard settings.criterion == .gap else { return }
    try append(
      ScorePlot(
        title: "Gap statistic",
        panels: [
          ScorePanel(
            title: "gap", note: "bars: one standard error",
            curves: Self.curves(part, errors: \.score.gapError) { $0.score.gap })
        ]),
      "gap", "The gap statistic with its standard errors")
  }

  /// One curve a method.
  private static func curves(
    _ part: ClusteredPart, errors: KeyPath<TriedModel, Double?>? = nil,
    _ value: (TriedModel) -> Double?
  ) -> [ScoreCurve] {
    var methods: [String] = []
    for model in part.models where !methods.contains(model.score.method) {
      methods.append(model.score.method)
    }
    return methods.map { method in
      let models = part.models.filter { $0.score.method == method }
        .sorted { $0.score.clusterCount < $1.score.clusterCount }
      return ScoreCurve(
        method: method, counts: models.map(\.score.clusterCount),
        scores: models.map { value($0) ?? .nan },
        standardErrors: errors.map { errors in models.map { $0[keyPath: errors] ?? 0 } } ?? [],
        chosen: models.first(where: \.isChosen)?.score.clusterCount)
    }
  }

  private mutating func appendSilhouette(
    _ shown: PlottedVectors, _ labels: [Int32], _ settings: ClusterSettings,
    _ checkpoint: () throws -> Void
  ) throws {
    let silhouette = try Silhouette(
      shown.rows, Labels(labels), sampleCount: ClusteredPart.Search.silhouetteSampleCount,
      seed: settings.seed, checkpoint: checkpoint)
    guard let silhouette else { return }
    try append(
      SilhouettePlot(
        title: silhouette.isSampled || shown.isSample ? "Silhouette of a sample" : "Silhouette",
        values: silhouette.values, labels: silhouette.rows.map { labels[$0] },
        mean: silhouette.mean),
      "silhouette", "How much nearer each image is to its own cluster than to the next")
  }

  /// The tree of the chosen method, where it merges.
  private mutating func appendDendrogram(
    _ part: ClusteredPart, _ last: PlottedVectors, _ labels: [Int32],
    _ checkpoint: () throws -> Void
  ) throws {
    guard let chosen = part.models.first(where: \.isChosen),
      let linkage = ClusteringMethod(rawValue: chosen.score.method)?.linkage
    else { return }
    let tree = try Agglomerative(linkage: linkage).dendrogram(of: last.rows, checkpoint: checkpoint)
    let count = chosen.score.clusterCount
    try append(
      DendrogramPlot(
        title: "Dendrogram, \(linkage.rawValue)"
          + (last.isSample ? ", of one image of each cluster of a batch" : ""),
        leafCount: tree.count,
        merges: tree.merges.map {
          DendrogramMerge(first: Int($0.a), second: Int($0.b), height: $0.height)
        },
        labels: labels, cutHeight: tree.height(above: count)),
      "dendrogram", "The clusters that merged last, and where the tree is cut")
  }

  /// The rows along the two directions in which they vary most.
  private mutating func appendScatter(
    _ shown: PlottedVectors, _ labels: [Int32], _ checkpoint: () throws -> Void
  ) throws {
    let rows = shown.rows
    guard rows.count > 2, rows.dimension > 1 else { return }
    let plane = try PrincipalComponents.plane(of: rows, checkpoint: checkpoint)
    guard plane.axes.rowCount == 2 else { return }
    let points = PlaneEmbedding(of: rows, in: plane)
    let total = max(plane.variances.reduce(0, +), .leastNonzeroMagnitude)
    let parts = plane.variances.prefix(2).map { " (\(Int((100 * $0 / total).rounded())) %)" }
    try append(
      ScatterPlot(
        title: "The first two principal components" + (shown.isSample ? " of a sample" : ""),
        xTitle: "first" + parts[0],
        yTitle: "second" + parts[1],
        x: points.x, y: points.y, labels: labels),
      "scatter", "The images in the plane along which they vary most, by cluster")
  }
}

extension Dendrogram {
  /// A height that parts the tree into so many clusters: half way between two merges.
  func height(above clusterCount: Int) -> Double? {
    let position = count - clusterCount
    guard merges.indices.contains(position), position > 0 else { return nil }
    return (merges[position].height + merges[position - 1].height) / 2
  }
}

extension PlaneEmbedding {
  /// How far right each point lies.
  var x: [Double] { (0..<count).map { Double(self[$0].x) } }
  /// How far up each point lies.
  var y: [Double] { (0..<count).map { Double(self[$0].y) } }
}
