/// Where the nodes of a dendrogram lie in the picture.
struct DendrogramDrawing {
  private let plot: DendrogramPlot
  private let tree: DendrogramTree
  private let scale: PlotScale
  private let rowHeight: Double
  /// Where the last leaf ends.
  let bottom: Double

  static let width = 880.0
  private static let top = PlotDocument.contentTop + 20

  init(plot: DendrogramPlot, tree: DendrogramTree) {
    self.plot = plot
    self.tree = tree
    rowHeight = tree.hasNames ? 16 : 6
    bottom = Self.top + Double(max(1, tree.leafCount)) * rowHeight + 4
    let heights = tree.nodes.map(\.height) + [0] + (plot.cutHeight.map { [$0] } ?? [])
    scale = PlotScale(
      axis: PlotAxis(covering: heights, tickCount: 8),
      start: tree.hasNames ? (plot.paths.isEmpty ? 740 : 620) : 840, end: 40)
  }

  func append(to bytes: inout [UInt8]) {
    scale.appendColumns(
      top: Self.top - 4, bottom: bottom, title: plot.heightTitle, to: &bytes)
    // One path a colour: a tree of few colours takes few elements.
    let open = Dictionary(grouping: tree.nodes.indices.filter { tree.nodes[$0].children != nil }) {
      color(of: tree.nodes[$0])
    }
    for (color, nodes) in open.sorted(by: { ($0.key ?? -1) < ($1.key ?? -1) }) {
      bytes.appendGroup(color: color) { bytes in
        bytes.appendPath("line") { path in
          for node in nodes { appendMerge(tree.nodes[node], to: &path) }
        }
      }
    }
    for node in tree.nodes where node.children == nil { appendLeaf(node, to: &bytes) }
    appendCut(to: &bytes)
  }

  /// The line from one child up to the height of the merge and down to the other.
  private func appendMerge(_ node: DendrogramTree.Node, to path: inout [UInt8]) {
    guard let children = node.children else { return }
    let (first, second) = (tree.nodes[children.first], tree.nodes[children.second])
    path.append("M", scale.position(of: first.height), y(first))
    path.append("H", scale.position(of: node.height))
    path.append("V", y(second))
    path.append("H", scale.position(of: second.height))
  }

  /// A single image as its name, a subtree as a wedge from its merge down to height 0.
  private func appendLeaf(_ node: DendrogramTree.Node, to bytes: inout [UInt8]) {
    let zero = scale.position(of: 0)
    bytes.appendGroup(color: color(of: node)) { bytes in
      bytes.append("<title>")
      bytes.append(xml: name(of: node))
      bytes.append("</title>\n")
      if node.leafCount == 1 {
        bytes.appendCircle("mark", x: zero, y: y(node), radius: rowHeight / 8)
      } else {
        bytes.appendPath("line") { path in
          path.append("M", scale.position(of: node.height), y(node))
          path.append("H", zero)
        }
        bytes.appendPath("area") { path in
          path.append("M", scale.position(of: node.height), y(node))
          path.append("L", zero, y(node) - rowHeight * 0.3)
          path.append("V", y(node) + rowHeight * 0.3)
          path.append(UInt8(ascii: "Z"))
        }
      }
    }
    guard tree.hasNames else { return }
    bytes.appendText(
      "label", x: zero + 10, y: y(node) + 4, name(of: node, isShort: true))
  }

  private func appendCut(to bytes: inout [UInt8]) {
    guard let cutHeight = plot.cutHeight else { return }
    let x = scale.position(of: cutHeight)
    bytes.appendPath("here") { path in
      path.append("M", x, Self.top - 6)
      path.append("V", bottom)
    }
    bytes.appendText(
      "label", x: x, y: Self.top - 10, anchor: .middle, "cut at \(valueText(cutHeight))")
  }

  /// The cluster, and the path of the first image; for the picture its file name, cut to fit.
  private func name(of node: DendrogramTree.Node, isShort: Bool = false) -> String {
    var text = counted(node.leafCount, "image")
    if !plot.paths.isEmpty {
      let path = plot.paths[node.firstLeaf]
      text = isShort ? shortened(path.lastComponent.displayName) : path.displayName
      if node.leafCount > 1 { text += " and \(grouped(node.leafCount - 1)) more" }
    }
    guard let color = color(of: node) else { return text }
    return "\(ClusterTally.name(of: color)) \u{B7} \(text)"
  }

  private func shortened(_ text: String) -> String {
    text.count <= 22 ? text : "\(text.prefix(10))\u{2026}\(text.suffix(11))"
  }

  private func color(of node: DendrogramTree.Node) -> Int? {
    node.label.flatMap { $0 < 0 ? nil : Int($0) }
  }

  private func y(_ node: DendrogramTree.Node) -> Double {
    Self.top + (node.place + 0.5) * rowHeight
  }
}
