/// The clusters with their colours and sizes, the largest first.
struct ScatterLegend {
  let tally: ClusterTally

  private static let entryLimit = 30

  func append(left: Double, top: Double, to bytes: inout [UInt8]) {
    bytes.appendText("title", x: left, y: top + 4, "cluster")
    bytes.appendText("tick", x: left + 140, y: top + 4, anchor: .end, "images")
    var y = top + 24
    let shown = tally.bySize.prefix(Self.entryLimit)
    for label in shown {
      appendEntry(
        ClusterTally.name(of: label), tally.sizes[label], color: label, left, y, to: &bytes)
      y += 18
    }
    let others = tally.bySize.dropFirst(shown.count)
    if !others.isEmpty {
      let count = others.reduce(0) { $0 + tally.sizes[$1] }
      bytes.appendText("tick", x: left + 14, y: y, "\(grouped(others.count)) others")
      bytes.appendText("tick", x: left + 140, y: y, anchor: .end, grouped(count))
      y += 18
    }
    if tally.noiseCount > 0 {
      appendEntry("in none", tally.noiseCount, color: nil, left, y, to: &bytes)
    }
  }

  private func appendEntry(
    _ name: String, _ count: Int, color: Int?, _ left: Double, _ y: Double,
    to bytes: inout [UInt8]
  ) {
    bytes.appendGroup(color: color) { bytes in
      bytes.appendCircle("mark", x: left + 5, y: y - 4, radius: 5)
    }
    bytes.appendText("label", x: left + 16, y: y, name)
    bytes.appendText("tick", x: left + 140, y: y, anchor: .end, grouped(count))
  }
}
