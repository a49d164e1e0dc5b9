import LinearAlgebra

/// Rows in double precision, block by block.
struct GaussianRows {
  /// Rows of a block: with 64 dimensions it stays in the second-level cache.
  static let blockSize = 512

  let rows: Rows

  func forEach(
    _ checkpoint: () throws -> Void, _ body: (Matrix, Range<Int>) throws -> Void
  ) rethrows {
    for start in stride(from: 0, to: rows.count, by: Self.blockSize) {
      try checkpoint()
      let range = start..<min(rows.count, start + Self.blockSize)
      let values = rows.values[
        range.lowerBound * rows.dimension..<range.upperBound * rows.dimension]
      let block = Matrix(
        rowCount: range.count, columnCount: rows.dimension, values: values.map(Double.init))
      try body(block, range)
    }
  }
}

/// Sums over rows that the next components follow from: of responsibilities, and with them of what the
/// rows differ from given points, and of the products of that.
///
/// The points are the last means. They are near the next ones, so little is lost where the difference of
/// both is taken off again, and one pass over the rows does, with no responsibility kept.
struct GaussianMoments {
  /// A responsibility that adds nothing in double precision beside that of one row.
  private static let least = 1e-30

  private let points: Matrix
  private let isFull: Bool
  private var weights: [Double]
  private var first: [[Double]]
  /// Of each component the upper triangle, or the diagonal as a row.
  private var second: [Matrix]

  init(around points: Matrix, covariance: GaussianMixture.Covariance) {
    self.points = points
    isFull = covariance == .full
    let dimension = points.columnCount
    weights = Array(repeating: 0, count: points.rowCount)
    first = Array(repeating: Array(repeating: 0, count: dimension), count: points.rowCount)
    second = Array(
      repeating: Matrix(rowCount: isFull ? dimension : 1, columnCount: dimension),
      count: points.rowCount)
  }

  /// Adds rows; `responsibilities` says how far each comes from each component.
  mutating func add(_ block: Matrix, responsibilities: Matrix) {
    for component in weights.indices {
      var present: [Int] = []
      for row in 0..<block.rowCount where responsibilities[row, component] > Self.least {
        weights[component] += responsibilities[row, component]
        present.append(row)
      }
      let scaled = addDifferences(present, of: block, responsibilities, to: component)
      if isFull { second[component].addGram(of: scaled) }
    }
  }

  /// Adds weighted differences of rows from a component's point, and their squares to a diagonal.
  ///
  /// - Returns: for a full covariance the differences, times the roots of their weights.
  private mutating func addDifferences(
    _ present: [Int], of block: Matrix, _ responsibilities: Matrix, to component: Int
  ) -> Matrix {
    let (dimension, isFull) = (points.columnCount, isFull)
    var scaled = Matrix(rowCount: isFull ? present.count : 0, columnCount: dimension)
    unsafe block.values.withUnsafeBufferPointer { values in
      unsafe points.values.withUnsafeBufferPointer { points in
        unsafe first[component].withUnsafeMutableBufferPointer { first in
          unsafe second[component].values.withUnsafeMutableBufferPointer { second in
            unsafe scaled.values.withUnsafeMutableBufferPointer { scaled in
              for (place, row) in present.enumerated() {
                let weight = responsibilities[row, component]
                let root = weight.squareRoot()
                for column in 0..<dimension {
                  let difference =
                    unsafe values[row * dimension + column]
                    - points[component * dimension + column]
                  unsafe first[column] += weight * difference
                  if isFull {
                    unsafe scaled[place * dimension + column] = root * difference
                  } else {
                    unsafe second[column] += weight * difference * difference
                  }
                }
              }
            }
          }
        }
      }
    }
    return scaled
  }

  /// The components of largest likelihood.
  func components(regularization: Double) throws -> [GaussianComponent] {
    let total = weights.reduce(0, +)
    return try weights.indices.map { index in
      // A component that no row comes from any more keeps its mean; its weight must not be 0.
      let weight = max(weights[index], .leastNormalMagnitude)
      let shift = first[index].map { $0 / weight }
      guard
        let root = root(index, weight: weight, shift: shift, regularization: regularization)
      else {
        throw GaussianMixture.Failure(
          description: "a covariance of the Gaussian mixture is singular;"
            + " raise its regularization, \(regularization), or ask for fewer components")
      }
      return GaussianComponent(
        weight: weight / total, mean: zip(points[row: index], shift).map { $0 + $1 }, root: root)
    }
  }

  private func root(
    _ index: Int, weight: Double, shift: [Double], regularization: Double
  ) -> GaussianComponent.Root? {
    if isFull {
      var matrix = Matrix(rowCount: shift.count, columnCount: shift.count)
      for row in shift.indices {
        for column in row..<shift.count {
          let value = second[index][row, column] / weight - shift[row] * shift[column]
          matrix[row, column] = value
          matrix[column, row] = value
        }
        matrix[row, row] += regularization
      }
      return matrix.cholesky().map { .lower($0) }
    }
    let variances = zip(second[index].values, shift).map { $0 / weight - $1 * $1 + regularization }
    guard variances.allSatisfy({ $0 > 0 }) else { return nil }
    return .diagonal(variances.map { $0.squareRoot() })
  }
}
