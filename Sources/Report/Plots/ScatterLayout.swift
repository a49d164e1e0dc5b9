/// Where the rows of a scatter plot lie in the picture.
struct ScatterLayout {
  static let left = 56.0
  static let right = 806.0
  static let top = PlotDocument.contentTop + 14
  static let bottom = top + 640
  /// The longer side of a thumbnail.
  static let thumbnailSide = 40.0

  /// The rows that have a place, ascending.
  let rows: [Int]
  let frame: PlotFrame
  private let plot: ScatterPlot

  init(plot: ScatterPlot) {
    self.plot = plot
    rows = plot.x.indices.filter { isDrawable(plot.x[$0]) && isDrawable(plot.y[$0]) }
    let across = Self.middle(rows.map { plot.x[$0] })
    let down = Self.middle(rows.map { plot.y[$0] })
    // The same length a unit on both axes, with room for the marks at the border.
    let width = Self.right - Self.left
    let height = Self.bottom - Self.top
    let unit = max(across.range / (width - 40), down.range / (height - 40))
    let perPixel = unit > 0 ? unit : 1 / width
    func axis(_ center: Double, _ length: Double) -> PlotAxis {
      PlotAxis(
        covering: [center - perPixel * length / 2, center + perPixel * length / 2],
        tickCount: Int(length / 80), endsAtTicks: false)
    }
    frame = PlotFrame(
      x: PlotScale(axis: axis(across.center, width), start: Self.left, end: Self.right),
      y: PlotScale(axis: axis(down.center, height), start: Self.bottom, end: Self.top))
  }

  private static func middle(_ values: [Double]) -> (center: Double, range: Double) {
    guard let low = values.min(), let high = values.max() else { return (0.5, 1) }
    return ((low + high) / 2, high - low)
  }

  /// The place of a row in the picture.
  func point(_ row: Int) -> (x: Double, y: Double) {
    (frame.x.position(of: plot.x[row]), frame.y.position(of: plot.y[row]))
  }

  /// The row nearest to the mean of its cluster, which stands for the place of the cluster.
  func center(of rows: [Int]) -> (x: Double, y: Double) {
    let points = rows.map(point)
    let x = points.reduce(0) { $0 + $1.x } / Double(points.count)
    let y = points.reduce(0) { $0 + $1.y } / Double(points.count)
    func distance(_ point: (x: Double, y: Double)) -> Double {
      (point.x - x) * (point.x - x) + (point.y - y) * (point.y - y)
    }
    return points.min { distance($0) < distance($1) } ?? (x, y)
  }

  /// The rows nearest to the centres of squares, none nearer to another than a thumbnail is long.
  func spreadRows(limit: Int) -> [Int] {
    guard limit > 0 else { return [] }
    var side = Self.thumbnailSide + 4
    while true {
      let spread = apart(nearestToCenters(side: side))
      // At this length the whole plot is one square.
      if spread.count <= limit || side > 2000 { return Array(spread.prefix(limit)) }
      side *= 1.1
    }
  }

  private struct Cell: Hashable {
    let column, row: Int
  }

  /// For each square that has rows, the one nearest to its centre, squares with most rows first.
  private func nearestToCenters(side: Double) -> [Int] {
    var best: [Cell: (row: Int, distance: Double, count: Int)] = [:]
    for row in rows {
      let (x, y) = point(row)
      let cell = Cell(column: Int((x / side).rounded(.down)), row: Int((y / side).rounded(.down)))
      let dx = x - (Double(cell.column) + 0.5) * side
      let dy = y - (Double(cell.row) + 0.5) * side
      let distance = dx * dx + dy * dy
      let known = best[cell] ?? (row, distance, 0)
      let isNearer = distance < known.distance
      best[cell] = (
        isNearer ? row : known.row, isNearer ? distance : known.distance, known.count + 1
      )
    }
    return best.values.sorted { ($1.count, $0.row) < ($0.count, $1.row) }.map(\.row)
  }

  /// Those rows whose thumbnails hardly overlap the thumbnail of an earlier one.
  private func apart(_ candidates: [Int]) -> [Int] {
    let side = Self.thumbnailSide * 0.85
    var taken: [Cell: [(x: Double, y: Double)]] = [:]
    return candidates.filter { row in
      let (x, y) = point(row)
      let cell = Cell(column: Int((x / side).rounded(.down)), row: Int((y / side).rounded(.down)))
      for column in (cell.column - 1)...(cell.column + 1) {
        for line in (cell.row - 1)...(cell.row + 1) {
          let others = taken[Cell(column: column, row: line)] ?? []
          if others.contains(where: { max(abs($0.x - x), abs($0.y - y)) < side }) { return false }
        }
      }
      taken[cell, default: []].append((x, y))
      return true
    }
  }
}
