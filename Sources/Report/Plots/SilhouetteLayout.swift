/// Which part of a silhouette plot's height each cluster takes.
struct SilhouetteLayout {
  private let blocks: [SilhouetteBlock]
  private let spans: [(top: Double, height: Double)]
  /// Where the last cluster ends.
  let bottom: Double
  /// Rows that share a line of the picture, on average.
  let rowsPerLine: Double

  /// Parts `height` among the blocks by their rows, with gaps between them.
  init(blocks: [SilhouetteBlock], top: Double, height: Double) {
    let rowCount = max(1, blocks.reduce(0) { $0 + $1.values.count })
    let gap = blocks.count > 1 ? min(8, height / 5 / Double(blocks.count - 1)) : 0
    let room = height - gap * Double(max(0, blocks.count - 1))
    var y = top
    var spans: [(top: Double, height: Double)] = []
    for block in blocks {
      let share = room * Double(block.values.count) / Double(rowCount)
      spans.append((y, share))
      y += share + gap
    }
    self.blocks = blocks
    self.spans = spans
    bottom = top + height + 6
    rowsPerLine = Double(rowCount) / room
  }

  /// Draws the blocks, the names at their left, rows and means at their right.
  func append(_ scale: PlotScale, to bytes: inout [UInt8]) {
    bytes.appendPath("zero") { path in
      path.append("M", scale.position(of: 0), SilhouettePlot.top)
      path.append("V", bottom)
    }
    var labelled = -Double.infinity
    for (block, span) in zip(blocks, spans) {
      let middle = span.top + span.height / 2 + 4
      bytes.appendGroup(color: block.cluster) { bytes in
        bytes.append("<title>")
        bytes.append(
          raw: "Cluster \(block.name): \(counted(block.values.count, "image")), "
            + "mean \(valueText(block.mean))</title>\n")
        bytes.appendPath("area") { append(block, span, scale, to: &$0) }
      }
      guard middle - labelled >= 11 else { continue }
      labelled = middle
      bytes.appendText("label", x: scale.start - 8, y: middle, anchor: .end, block.name)
      bytes.appendText(
        "tick", x: scale.end + 10, y: middle,
        "\(grouped(block.values.count)) \u{B7} \(valueText(block.mean))")
    }
  }

  private func append(
    _ block: SilhouetteBlock, _ span: (top: Double, height: Double), _ scale: PlotScale,
    to path: inout [UInt8]
  ) {
    let lines = block.lines(min(block.values.count, max(1, Int(span.height.rounded(.up)))))
    path.append("M", scale.position(of: 0), span.top)
    for (index, value) in lines.enumerated() {
      path.append("H", scale.position(of: value))
      path.append("V", span.top + span.height * Double(index + 1) / Double(lines.count))
    }
    path.append("H", scale.position(of: 0))
    path.append(UInt8(ascii: "Z"))
  }
}
