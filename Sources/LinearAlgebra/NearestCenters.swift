import COpenBLAS

/// The nearest of a few centers to each of many rows by Euclidean distance, exact.
///
/// A product in single precision settles most rows; a row for which it leaves two centers or more is
/// measured to each of them in double precision, so that the result is the same on every processor.
public struct NearestCenters {
  /// A row's nearest center, and how near it and the others are.
  public struct Match {
    /// The row.
    public let row: Int
    /// Its nearest center, the lowest of equally near ones.
    public let center: Int
    /// A distance that the center is not farther than; within rounding of single precision its own.
    public let distance: Double
    /// A distance that no other center is nearer than; infinite where there is no other.
    public let otherDistance: Double
  }

  /// Rows of a product: with 50 centers of 64 dimensions all of it stays in the second-level cache.
  private static let blockSize = 512

  private let centers: Rows
  private let halfNorms: [Float]
  private let largestNorm: Double
  private var products: [Float]
  /// The rows of a block that do not follow each other, side by side.
  private var gathered: Rows
  private var least = [Float](repeating: 0, count: blockSize)
  private var second = [Float](repeating: 0, count: blockSize)
  private var nearest = [UInt32](repeating: 0, count: blockSize)

  /// Takes rows as centers, at least one.
  public init(_ centers: Rows) {
    precondition(centers.count > 0, "no center")
    let norms = centers.squaredNorms()
    self.centers = centers
    halfNorms = norms.map { Float($0 / 2) }
    largestNorm = (norms.max() ?? 0).squareRoot()
    products = Array(repeating: 0, count: centers.count * Self.blockSize)
    gathered = Rows(
      count: Self.blockSize, dimension: centers.dimension,
      values: Array(repeating: 0, count: Self.blockSize * centers.dimension))
  }

  /// Finds the nearest center of the rows at `positions`, and calls `found` for each in their order.
  ///
  /// - Parameter squaredNorms: of all of `rows`, as `Rows.squaredNorms` gives them.
  /// - Complexity: O(m·k·d) time, one `sgemm` a block, for m positions and k centers.
  public mutating func find(
    _ positions: [Int], of rows: Rows, squaredNorms: [Double],
    checkpoint: () throws -> Void, found: (Match) -> Void
  ) rethrows {
    precondition(rows.dimension == centers.dimension && squaredNorms.count == rows.count)
    for start in stride(from: 0, to: positions.count, by: Self.blockSize) {
      try checkpoint()
      let block = positions[start..<min(positions.count, start + Self.blockSize)]
      multiply(block, of: rows)
      for (column, row) in block.enumerated() {
        found(match(column, row, of: rows, norm: squaredNorms[row], width: block.count))
      }
    }
  }

  /// The products of a block with all centers, and what is least among them.
  private mutating func multiply(_ block: ArraySlice<Int>, of rows: Rows) {
    guard let first = block.first else { return }
    if zip(block, first...).allSatisfy({ $0 == $1 }) {
      centers.products(0..<centers.count, rows, first..<first + block.count, into: &products)
    } else {
      for (place, row) in block.enumerated() { gathered.copy(row, of: rows, to: place) }
      centers.products(0..<centers.count, gathered, 0..<block.count, into: &products)
    }
    unsafe copenblas_two_least(
      products, halfNorms, centers.count, block.count, &least, &second, &nearest)
  }

  private func match(
    _ column: Int, _ row: Int, of rows: Rows, norm: Double, width: Int
  ) -> Match {
    // |x - c|² = |x|² + 2 (|c|²/2 - x·c); the bracket may be off by `error`.
    let error =
      (Double(rows.productError) + 0x1p-22) * (norm.squareRoot() + largestNorm) * largestNorm
    let (best, other) = (Double(least[column]), Double(second[column]))
    if other - best > 2 * error {
      return Match(
        row: row, center: Int(nearest[column]), distance: distance(norm, best + error),
        otherDistance: distance(norm, other - error))
    }
    let highest = best + 2 * error
    var (center, nearestSquared, otherSquared) = (0, Double.infinity, Double.infinity)
    for candidate in 0..<centers.count
    where Double(halfNorms[candidate] - products[candidate * width + column]) <= highest {
      let squared = rows.squaredDistance(row, centers, candidate)
      if squared < nearestSquared {
        (center, nearestSquared, otherSquared) = (candidate, squared, nearestSquared)
      } else {
        otherSquared = min(otherSquared, squared)
      }
    }
    return Match(
      row: row, center: center, distance: nearestSquared.squareRoot(),
      otherDistance: min(otherSquared.squareRoot(), distance(norm, best + error)))
  }

  /// The distance of a row of this squared norm to a center that `score` was found for.
  private func distance(_ norm: Double, _ score: Double) -> Double {
    max(0, norm + 2 * score).squareRoot()
  }
}

extension Rows {
  /// Replaces the row at `place`.
  fileprivate mutating func copy(_ row: Int, of other: Rows, to place: Int) {
    let dimension = dimension
    unsafe other.values.withUnsafeBufferPointer { source in
      unsafe values.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        unsafe (target + place * dimension).update(from: source + row * dimension, count: dimension)
      }
    }
  }
}
