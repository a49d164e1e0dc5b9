import LinearAlgebra

/// Some vectors of a block with the bounds of their products: made for a tile, never stored.
final class VectorPanel: TilePanel {
  typealias Rows = ByteRows

  private let rows: VectorRows
  private let bounds: ProductBounds
  private let floor: Double

  /// Rows in a panel at most: what `sgemm` packs of one serves many rows of another.
  static let rowCount = 1024
  /// Rows of a panel that are compared at once with the panel itself, so that few pairs are met twice.
  private static let unitRowCount = 128

  /// Takes some rows of a block.
  init(_ block: ByteRows, places: ArraySlice<UInt32>, of join: VectorJoin) {
    rows = VectorRows(
      block, places: places.map(Int.init), join.component, measure: join.measure)
    floor = join.floor
    bounds = ProductBounds(rows, floor: floor)
  }

  static func scratch() -> ProductTile { ProductTile() }

  func compare(with columns: VectorPanel, _ tile: inout ProductTile, _ links: inout TileLinks) {
    let count = rows.rows.count
    if columns !== self {
      compare(0..<count, columns, 0..<columns.rows.rows.count, &tile, &links)
      return
    }
    for start in stride(from: 0, to: count, by: Self.unitRowCount) {
      compare(
        start..<min(start + Self.unitRowCount, count), self, start..<count, &tile, &links)
    }
  }

  /// Measures what the products do not rule out.
  private func compare(
    _ range: Range<Int>, _ columns: VectorPanel, _ columnRange: Range<Int>,
    _ tile: inout ProductTile, _ links: inout TileLinks
  ) {
    tile.fill(rows.rows, range, columns.rows.rows, columnRange)
    let (factors, offsets) = (
      columns.bounds.factors[columnRange], columns.bounds.offsets[columnRange]
    )
    for row in range {
      let places = tile.places(
        inRow: row - range.lowerBound, notBelow: bounds.scales[row], times: factors,
        plus: offsets, plus: bounds.constants[row])
      for place in places {
        let column = columnRange.lowerBound + Int(place)
        if columns === self, column <= row { continue }
        let similarities = rows.similarities(
          row, columns.rows, column, product: tile[row - range.lowerBound, Int(place)])
        if links.countJoined(row, column, similarities: similarities) { continue }
        let similarity = rows.similarity(row, columns.rows, column)
        if similarity >= floor { links.hit(row, column, similarity: similarity) }
      }
    }
  }

  /// Bytes of so many rows in panels.
  static func memoryBytes(rowCount: Int, dimension: Int) -> Int { rowCount * (dimension * 4 + 24) }

  /// Bytes of the products of two panels, and of what is found in a row of them.
  static let scratchBytes = (rowCount + 1) * rowCount * 4
}
