/// The silhouette of every row, by cluster and falling inside it (Rousseeuw 1987).
///
/// A wide even block is a good cluster; what tapers towards 0 lies between clusters, and below 0
/// nearer to another one. Where there are more rows than lines of the picture, a line is the mean of
/// those that fall on it, and the plot says so. The ``clusterLimit`` largest clusters are drawn one by
/// one, the rows of all others together.
public struct SilhouettePlot: Plot, Hashable {
  /// The heading.
  public let title: String
  /// The silhouette of each row, from -1 to 1; rows without a finite value are left out.
  public let values: [Double]
  /// The cluster of each row, from 0, or -1 for rows in none, which are left out.
  public let labels: [Int32]
  /// The silhouette of the whole, where the line is drawn.
  public let mean: Double

  /// Clusters drawn one by one.
  public static let clusterLimit = 40

  /// Makes a plot; there must be one label a value.
  public init(title: String = "Silhouette", values: [Double], labels: [Int32], mean: Double) {
    precondition(values.count == labels.count, "\(values.count) values, \(labels.count) labels")
    self.title = title
    self.values = values
    self.labels = labels
    self.mean = mean
  }

  static let top = PlotDocument.contentTop + 18

  /// Hands the bytes of the SVG file to `sink`; throws what the sink throws.
  public func write(to sink: ByteSink) throws {
    let blocks = blocks
    let rowCount = blocks.reduce(0) { $0 + $1.values.count }
    let height = min(max(160, Double(rowCount) * 6, Double(blocks.count) * 18), 900)
    let layout = SilhouetteLayout(blocks: blocks, top: Self.top + 6, height: height)
    let document = PlotDocument(
      width: 880, height: layout.bottom + 52, title: title, note: note(layout.rowsPerLine),
      description: description(blocks), colorCount: (blocks.compactMap(\.cluster).max() ?? -1) + 1)
    let scale = PlotScale(
      axis: PlotAxis(covering: blocks.flatMap(\.values) + [0, mean], tickCount: 8),
      start: 84, end: 760)
    try document.write(to: sink) { bytes in
      scale.appendColumns(
        top: Self.top, bottom: layout.bottom, title: "silhouette", to: &bytes)
      layout.append(scale, to: &bytes)
      appendMean(scale, bottom: layout.bottom, to: &bytes)
    }
  }

  /// The clusters to draw, in the order of their numbers, and the rest; values fall.
  private var blocks: [SilhouetteBlock] {
    let rows = values.indices.filter { labels[$0] >= 0 && isDrawable(values[$0]) }
    let tally = ClusterTally(rows.map { labels[$0] })
    let drawn = Set(tally.bySize.prefix(Self.clusterLimit))
    var members: [Int?: [Double]] = [:]
    for row in rows {
      let label = Int(labels[row])
      members[drawn.contains(label) ? label : nil, default: []].append(values[row])
    }
    let order = drawn.sorted().map(Optional.some) + [nil]
    return order.compactMap { cluster in
      members[cluster].map {
        SilhouetteBlock(
          cluster: cluster, values: $0.sorted(by: >),
          clusterCount: cluster == nil ? tally.bySize.count - drawn.count : 1)
      }
    }
  }

  private func note(_ rowsPerLine: Double) -> String {
    var parts = ["cluster at the left; images and mean at the right"]
    let hidden = labels.indices.count { labels[$0] < 0 || !isDrawable(values[$0]) }
    if rowsPerLine > 1.5 {
      parts.append("each line is the mean of about \(Int(rowsPerLine.rounded())) images")
    }
    if hidden > 0 { parts.append("\(grouped(hidden)) in no cluster are not shown") }
    return parts.joined(separator: "; ")
  }

  private func description(_ blocks: [SilhouetteBlock]) -> String {
    let best = blocks.filter { $0.cluster != nil }.max { $0.mean < $1.mean }
    let worst = blocks.filter { $0.cluster != nil }.min { $0.mean < $1.mean }
    guard let best, let worst else { return "No image is in a cluster." }
    return "The mean silhouette is \(valueText(mean)). Cluster \(best.name) has the highest, "
      + "\(valueText(best.mean)), cluster \(worst.name) the lowest, \(valueText(worst.mean))."
  }

  private func appendMean(_ scale: PlotScale, bottom: Double, to bytes: inout [UInt8]) {
    guard isDrawable(mean) else { return }
    let x = scale.position(of: mean)
    bytes.appendPath("here") { path in
      path.append("M", x, Self.top)
      path.append("V", bottom)
    }
    bytes.appendText(
      "label", x: x, y: Self.top - 5, anchor: .middle, "mean \(valueText(mean))")
  }
}

/// The rows of one cluster, or of all clusters that are not drawn one by one.
struct SilhouetteBlock {
  /// The label, or nil for the others together.
  let cluster: Int?
  /// Falling, never empty.
  let values: [Double]
  let clusterCount: Int

  var name: String {
    cluster.map(ClusterTally.name) ?? "\(clusterCount) others"
  }

  var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The means of `count` runs of rows, as equal in length as may be.
  func lines(_ count: Int) -> [Double] {
    (0..<count).map { line in
      let run = values[(line * values.count / count)..<((line + 1) * values.count / count)]
      return run.reduce(0, +) / Double(run.count)
    }
  }
}
