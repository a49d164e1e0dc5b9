import COpenBLAS

/// Euclidean distances of a block of rows to a block of others, in double precision, for sums over many.
///
/// Distances come of products, so that their last places depend on the processor. Two rows nearer than
/// rounding can tell, equal ones among them, are at distance 0.
public struct DistanceTile {
  /// The most rows on either side: 256 x 256 distances stay in the second-level cache.
  public static let side = 256

  private let rows: Side
  private let others: Side
  private var block: [Double]
  private var otherBlock: [Double]
  private var values: [Double]
  private var rowCount = 0
  private var columnCount = 0

  private struct Side {
    let rows: Rows
    let squaredNorms: [Double]

    func copy(_ range: Range<Int>, into block: inout [Double]) {
      let start = range.lowerBound * rows.dimension
      for index in 0..<range.count * rows.dimension {
        block[index] = Double(rows.values[start + index])
      }
    }
  }

  /// A tile of distances between `rows` and `others`, of the same dimension.
  public init(_ rows: Rows, _ others: Rows) {
    precondition(rows.dimension == others.dimension)
    self.rows = Side(rows: rows, squaredNorms: rows.squaredNorms())
    self.others = Side(rows: others, squaredNorms: others.squaredNorms())
    block = Array(repeating: 0, count: Self.side * rows.dimension)
    otherBlock = block
    values = Array(repeating: 0, count: Self.side * Self.side)
    BLAS.prepare()
  }

  /// The memory of a tile besides its rows, in bytes.
  public static func memoryBytes(rowCount: Int, otherCount: Int, dimension: Int) -> Int {
    8 * (rowCount + otherCount + 2 * side * dimension + side * side)
  }

  /// Measures the rows in `range` against the others in `otherRange`, at most ``side`` of each.
  ///
  /// - Complexity: O(m·n·d), one `dgemm`.
  public mutating func measure(_ range: Range<Int>, _ otherRange: Range<Int>) {
    precondition(range.count <= Self.side && otherRange.count <= Self.side)
    rows.copy(range, into: &block)
    others.copy(otherRange, into: &otherBlock)
    (rowCount, columnCount) = (range.count, otherRange.count)
    guard !range.isEmpty, !otherRange.isEmpty else { return }
    let dimension = rows.rows.dimension
    unsafe copenblas_product(
      0, 1, rowCount, columnCount, dimension, 1, block, dimension, otherBlock, dimension, 0,
      &values, columnCount)
    // A product of n terms is off by at most n · 2⁻⁵³ times the norms (Higham 2002, 3.1), whose product
    // is at most half the sum of their squares; the norms are off by as much.
    unsafe copenblas_distances(
      rowCount, columnCount, Array(rows.squaredNorms[range]),
      Array(others.squaredNorms[otherRange]), Double(2 * dimension + 4) * 0x1p-53, &values)
  }

  /// Sums the distances of a row, counted from the first measured, to others that follow each other.
  ///
  /// - Parameters:
  ///   - ends: where each run of columns ends, ascending, the last at most at the measured columns.
  ///   - sums: a place for each run.
  public func sum(row: Int, runsEndingAt ends: [UInt32], into sums: inout [Double]) {
    precondition(sums.count >= ends.count && Int(ends.last ?? 0) <= columnCount)
    let start = row * columnCount
    unsafe values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      unsafe copenblas_sums(base + start, ends, ends.count, &sums)
    }
  }

  /// Sums the distances of each measured column to rows that follow each other.
  ///
  /// - Parameters:
  ///   - range: rows, counted from the first measured.
  ///   - sums: a place for each column.
  public func sumColumns(_ range: Range<Int>, into sums: inout [Double]) {
    precondition(sums.count >= columnCount && range.upperBound <= rowCount)
    unsafe values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      unsafe copenblas_column_sums(
        range.count, columnCount, base + range.lowerBound * columnCount, &sums)
    }
  }
}
