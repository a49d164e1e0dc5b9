import COpenBLAS
import Synchronization

/// The sums from which the covariance of the columns of many rows follows, added block by block.
///
/// Rows come in blocks of ``blockRowCount`` (the last may be shorter), in one order, whatever batches
/// and workers there are; each tile of the sum takes every block in that order. So the sum is the same
/// bits however the work is shared out. Of whole numbers that are at most 128 from `center`, products
/// and their sums over a block are whole numbers below 2²⁴, which single precision holds exactly, and
/// the sums over blocks are exact in double precision: then it does not depend on the blocks either.
///
/// Memory: 8 bytes an element of the upper tiles of dimension², and 4 MiB a thread. Safe from any
/// thread.
public final class CovarianceSum: Sendable {
  /// Rows added at a time.
  public static let blockRowCount = 1_024
  private static let tileSide = 1_024

  /// Columns of the rows.
  public let dimension: Int
  /// What is subtracted from every value before it is multiplied.
  public let center: Float
  private let tiles: [Tile]

  /// Columns of the sum that one thread adds to.
  private final class Tile: Sendable {
    let rows: Range<Int>
    let columns: Range<Int>
    let sums: Mutex<[Double]>

    init(rows: Range<Int>, columns: Range<Int>) {
      self.rows = rows
      self.columns = columns
      sums = Mutex(Array(repeating: 0, count: rows.count * columns.count))
    }
  }

  private struct Columns {
    var sums: [Double]
    var rowCount = 0
  }
  private let columns: Mutex<Columns>

  /// A sum of no rows.
  public init(dimension: Int, center: Float) {
    self.dimension = dimension
    self.center = center
    let ranges = stride(from: 0, to: dimension, by: Self.tileSide).map {
      $0..<min(dimension, $0 + Self.tileSide)
    }
    tiles = ranges.indices.flatMap { row in
      ranges[row...].map { Tile(rows: ranges[row], columns: $0) }
    }
    columns = Mutex(Columns(sums: Array(repeating: 0, count: dimension)))
  }

  /// What the sum takes, with the eigenvectors found in it, and a block of rows.
  public static func memoryBytes(dimension: Int, workerCount: Int) -> Int {
    // Tiles go as the rows of the matrix come.
    8 * dimension * (dimension + tileSide) + 4 * blockRowCount * dimension
      + 4 * tileSide * tileSide * workerCount
  }

  /// How many tiles there are.
  public var tileCount: Int { tiles.count }

  /// A block with `center` subtracted, and its columns added to their sums.
  public func begin(_ rows: consuming Rows) -> Rows {
    precondition(rows.dimension == dimension && rows.count <= Self.blockRowCount)
    var block = rows
    for index in block.values.indices { block.values[index] -= center }
    columns.withLock { columns in
      columns.rowCount += block.count
      for row in 0..<block.count {
        for (column, value) in block[row].enumerated() { columns.sums[column] += Double(value) }
      }
    }
    return block
  }

  /// Adds a block that was begun to one tile.
  ///
  /// Every tile takes every block, in their order; different
  /// tiles may at the same time.
  public func add(_ block: Rows, toTile number: Int) {
    BLAS.prepare()
    let tile = tiles[number]
    let (rows, columns) = (tile.rows, tile.columns)
    var product = [Float](repeating: 0, count: rows.count * columns.count)
    unsafe block.values.withUnsafeBufferPointer { values in
      guard block.count > 0, let values = values.baseAddress else { return }
      unsafe copenblas_gram_tile(
        block.count, rows.count, columns.count, values + rows.lowerBound,
        values + columns.lowerBound, dimension, &product)
    }
    tile.sums.withLock { sums in
      for index in sums.indices { sums[index] += Double(product[index]) }
    }
  }

  /// The number of rows, the mean of each column, and the covariance (over the rows less one), of which
  /// the upper triangle is set.
  public func finish() -> (rowCount: Int, means: [Double], covariance: Matrix) {
    let (sums, rowCount) = columns.withLock { ($0.sums, $0.rowCount) }
    var values: [Double] = []
    values.reserveCapacity(dimension * dimension)
    let divisor = Double(max(1, rowCount - 1))
    for band in Dictionary(grouping: tiles, by: \.rows.lowerBound).sorted(by: { $0.key < $1.key }) {
      for row in band.value[0].rows {
        let mean = sums[row] / Double(max(1, rowCount))
        values += repeatElement(0, count: row)
        for tile in band.value {
          let start = (row - tile.rows.lowerBound) * tile.columns.count - tile.columns.lowerBound
          tile.sums.withLock { products in
            for column in max(row, tile.columns.lowerBound)..<tile.columns.upperBound {
              values.append((products[start + column] - mean * sums[column]) / divisor)
            }
          }
        }
      }
      // Not both the tiles and the whole matrix in memory.
      for tile in band.value { tile.sums.withLock { $0 = [] } }
    }
    let covariance = Matrix(rowCount: dimension, columnCount: dimension, values: values)
    let means = sums.map { $0 / Double(max(1, rowCount)) + Double(center) }
    return (rowCount, means, covariance)
  }
}
