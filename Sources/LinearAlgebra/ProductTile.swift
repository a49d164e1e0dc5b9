import COpenBLAS

/// Inner products of some rows with some others, to be looked through while they are in the cache.
public struct ProductTile {
  private var products: [Float] = []
  private var positions: [UInt32] = []
  private var columnCount = 0

  /// Makes a tile of no products yet.
  public init() {}

  /// Computes the products of rows in a range with those of `columns` in a range: one `sgemm`, of which
  /// `Rows.products` says how it rounds.
  public mutating func fill(
    _ rows: Rows, _ range: Range<Int>, _ columns: Rows, _ columnRange: Range<Int>
  ) {
    columnCount = columnRange.count
    let count = range.count * columnCount
    if products.count < count { products = Array(repeating: 0, count: count) }
    if positions.count < columnCount { positions = Array(repeating: 0, count: columnCount) }
    rows.products(range, columns, columnRange, into: &products)
  }

  /// The product in a row of the tile, at a place.
  public subscript(row: Int, place: Int) -> Float { products[row * columnCount + place] }

  /// The places in a row of the tile, ascending, whose products are not below
  /// `scale · factors[place] + offsets[place] + constant`, or one of the two is not a number.
  ///
  /// - Precondition: `factors` and `offsets` have an element for each column.
  public mutating func places(
    inRow row: Int, notBelow scale: Float, times factors: ArraySlice<Float>,
    plus offsets: ArraySlice<Float>, plus constant: Float
  ) -> ArraySlice<UInt32> {
    let range = row * columnCount..<(row + 1) * columnCount
    precondition(
      range.upperBound <= products.count && factors.count == columnCount
        && offsets.count == columnCount,
      "row \(row) of \(columnCount) products, \(factors.count) factors, \(offsets.count) offsets")
    let found = unsafe products[range].withUnsafeBufferPointer { products in
      unsafe factors.withUnsafeBufferPointer { factors in
        unsafe offsets.withUnsafeBufferPointer { offsets in
          unsafe copenblas_not_below(
            products.baseAddress, factors.baseAddress, offsets.baseAddress, columnCount, scale,
            constant, &positions)
        }
      }
    }
    return positions[..<found]
  }
}
