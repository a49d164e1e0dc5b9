/// Names with their colours, in rows from left to right.
struct PlotLegend {
  private let entries: [(name: String, x: Double, row: Int)]
  /// How many rows of 20 units there are.
  let rowCount: Int

  /// Lays out names, the first in the palette's first colour.
  init(row names: [String], left: Double, right: Double) {
    var entries: [(name: String, x: Double, row: Int)] = []
    var x = left
    var row = 0
    for name in names {
      // An estimate that is on the safe side for Latin letters of 11 units.
      let width = 44 + 7 * Double(name.count)
      if x + width > right, x > left {
        x = left
        row += 1
      }
      entries.append((name, x, row))
      x += width
    }
    self.entries = entries
    rowCount = row + 1
  }

  /// Draws the lines and names.
  func append(top: Double, to bytes: inout [UInt8]) {
    for (color, entry) in entries.enumerated() {
      let y = top + Double(entry.row) * 20 + 10
      bytes.appendPath("line dash\(color % 4) \(PlotPalette.name(of: color))") { path in
        path.append("M", entry.x, y)
        path.append("H", entry.x + 22)
      }
      bytes.appendText("label", x: entry.x + 28, y: y + 4, entry.name)
    }
  }
}
