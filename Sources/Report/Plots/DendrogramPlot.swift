import Catalog

/// How clusters merge, from single images at the right to all at the left.
///
/// Of a large dendrogram the last merges are drawn; what lies under them is a wedge with the number
/// of its images. A subtree whose images are in one cluster has the colour of that cluster.
///
/// - Complexity: O(leaves) time and memory; the bytes are bounded by ``leafLimit``.
public struct DendrogramPlot: Plot, Hashable {
  /// The heading.
  public let title: String
  /// What the horizontal axis measures.
  public let heightTitle: String
  /// How many rows were clustered.
  public let leafCount: Int
  /// The merges, whose heights need not rise; fewer than `leafCount - 1` leave several trees.
  public let merges: [DendrogramMerge]
  /// The cluster of each leaf, from 0, or -1 for none; or empty.
  public let labels: [Int32]
  /// Where the tree is cut, or nil.
  public let cutHeight: Double?
  /// The path of each leaf, or empty.
  public let paths: [ArchivePath]
  /// The most leaves that are drawn, at least 1.
  public let leafLimit: Int

  /// Makes a plot; a node must be merged once, after it was made, and heights must be finite.
  public init(
    title: String = "Dendrogram", heightTitle: String = "distance", leafCount: Int,
    merges: [DendrogramMerge], labels: [Int32] = [], cutHeight: Double? = nil,
    paths: [ArchivePath] = [], leafLimit: Int = 50
  ) {
    precondition(
      labels.isEmpty || labels.count == leafCount, "\(labels.count) labels of \(leafCount) leaves")
    precondition(
      paths.isEmpty || paths.count == leafCount, "\(paths.count) paths of \(leafCount) leaves")
    precondition(cutHeight.map(isDrawable) ?? true, "a cut at height \(cutHeight ?? 0)")
    precondition(leafLimit > 0, "\(leafLimit) leaves")
    self.title = title
    self.heightTitle = heightTitle
    self.leafCount = leafCount
    self.merges = merges
    self.labels = labels
    self.cutHeight = cutHeight
    self.paths = paths
    self.leafLimit = leafLimit
  }

  /// Hands the bytes of the SVG file to `sink`; throws what the sink throws.
  public func write(to sink: ByteSink) throws {
    let tree = DendrogramTree(
      leafCount: leafCount, merges: merges, labels: labels, leafLimit: leafLimit)
    let drawing = DendrogramDrawing(plot: self, tree: tree)
    let document = PlotDocument(
      width: DendrogramDrawing.width, height: drawing.bottom + 52, title: title,
      note: note(tree), description: description,
      colorCount: ClusterTally(labels).colorCount)
    try document.write(to: sink) { drawing.append(to: &$0) }
  }

  private func note(_ tree: DendrogramTree) -> String {
    var parts: [String] = []
    if tree.hasNames {
      parts.append(labels.isEmpty ? "images at the right" : "cluster and images at the right")
    }
    if tree.leafCount < leafCount, tree.leafCount > 1 {
      parts.append(
        "the last \(grouped(tree.nodes.count - tree.leafCount)) of \(grouped(merges.count)) merges")
      parts.append("a wedge is a subtree")
    }
    if tree.hiddenTreeCount > 0 {
      parts.append("\(grouped(tree.hiddenTreeCount)) smaller trees are not shown")
    }
    return parts.joined(separator: "; ")
  }

  private var description: String {
    var text = "\(counted(leafCount, "image")) in \(counted(merges.count, "merge"))"
    if let cutHeight { text += ", cut at \(valueText(cutHeight))" }
    if !labels.isEmpty { text += ", in \(counted(ClusterTally(labels).bySize.count, "cluster"))" }
    return text + "."
  }
}
