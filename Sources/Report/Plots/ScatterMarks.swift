/// The dots, thumbnails and numbers of a scatter plot.
struct ScatterMarks {
  let plot: ScatterPlot
  let layout: ScatterLayout
  let tally: ClusterTally

  /// Clusters whose number is written into the plot.
  private static let numberLimit = 60

  func append(to bytes: inout [UInt8]) {
    var members = [[Int]](repeating: [], count: tally.sizes.count)
    var noise: [Int] = []
    for row in layout.rows {
      let label = Int(plot.labels[row])
      if label < 0 { noise.append(row) } else { members[label].append(row) }
    }
    appendDots(noise, color: nil, name: "in no cluster", to: &bytes)
    for label in tally.bySize {
      appendDots(
        members[label], color: label, name: "cluster \(ClusterTally.name(of: label))", to: &bytes)
    }
    for thumbnail in plot.thumbnails { append(thumbnail, to: &bytes) }
    appendNumbers(members, to: &bytes)
  }

  /// Rows of one colour as one path: a line of no length with round ends is a dot, and takes a tenth
  /// of the bytes that an element of its own would.
  ///
  /// Places are rounded to half a unit, and two rows at one place are one dot.
  private func appendDots(
    _ rows: [Int], color: Int?, name: String, to bytes: inout [UInt8]
  ) {
    guard !rows.isEmpty else { return }
    var taken: Set<SIMD2<Int32>> = []
    bytes.append(
      raw: "<path class=\"points \(PlotPalette.name(of: color))\" "
        + "stroke-width=\"\(tenths(diameter))\" stroke-opacity=\"\(color == nil ? ".4" : ".8")\" "
        + "d=\"")
    for row in rows {
      let (x, y) = layout.point(row)
      let place = SIMD2(Int32((x * 2).rounded()), Int32((y * 2).rounded()))
      guard taken.insert(place).inserted else { continue }
      bytes.append("M", Double(place.x) / 2, Double(place.y) / 2)
      bytes.append("h0")
    }
    bytes.append(raw: "\"><title>\(name): \(counted(rows.count, "image"))</title></path>\n")
  }

  private var diameter: Double {
    switch layout.rows.count {
    case ..<200: 8
    case ..<1_000: 6.5
    case ..<4_000: 5
    case ..<15_000: 3.6
    default: 2.6
    }
  }

  private func append(_ thumbnail: ScatterThumbnail, to bytes: inout [UInt8]) {
    precondition(
      plot.x.indices.contains(thumbnail.row), "row \(thumbnail.row) of \(plot.x.count)")
    guard isDrawable(plot.x[thumbnail.row]), isDrawable(plot.y[thumbnail.row]) else { return }
    let (x, y) = layout.point(thumbnail.row)
    let longer = Double(max(thumbnail.width, thumbnail.height))
    let width = max(2, ScatterLayout.thumbnailSide * Double(thumbnail.width) / longer)
    let height = max(2, ScatterLayout.thumbnailSide * Double(thumbnail.height) / longer)
    let left = min(max(x - width / 2, ScatterLayout.left), ScatterLayout.right - width)
    let top = min(max(y - height / 2, ScatterLayout.top), ScatterLayout.bottom - height)
    let box =
      " x=\"\(tenths(left))\" y=\"\(tenths(top))\" width=\"\(tenths(width))\" "
      + "height=\"\(tenths(height))\""
    let label = Int(plot.labels[thumbnail.row])
    bytes.appendGroup(color: label < 0 ? nil : label) { bytes in
      bytes.append(raw: "<rect class=\"frame\"\(box)/>\n<image\(box) href=\"")
      bytes.append(urlPath: thumbnail.file.bytes)
      bytes.append("\"><title>")
      bytes.append(xml: thumbnail.path.displayName)
      bytes.append("</title></image>\n")
    }
  }

  /// The numbers of the largest clusters, but for those that would cover a larger one's.
  private func appendNumbers(_ members: [[Int]], to bytes: inout [UInt8]) {
    var taken: [(x: Double, y: Double)] = []
    for label in tally.bySize.prefix(Self.numberLimit) {
      let (x, y) = layout.center(of: members[label])
      if taken.contains(where: { abs($0.x - x) < 18 && abs($0.y - y) < 13 }) { continue }
      taken.append((x, y))
      // A few dots would be hidden: the number stands above them.
      let isSmall = members[label].count < 5
      bytes.appendText(
        "halo", x: x, y: isSmall ? y - 8 : y + 4.5, anchor: .middle, ClusterTally.name(of: label))
    }
  }
}
