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

/// A Gaussian distribution, whatever its part of a mixture.
struct GaussianShape {
  let mean: [Double]
  let root: GaussianComponent.Root
}

/// Sums over rows that the next components follow from.
protocol GaussianMoments {
  /// Starts with no row; points near the means keep rounding small.
  init(around points: Matrix)

  /// Adds rows; `responsibilities` says how far each comes from each component.
  mutating func add(_ block: Matrix, responsibilities: Matrix)

  /// The sums of responsibilities.
  var weights: [Double] { get }

  /// The distribution of largest likelihood; nil where its covariance is singular.
  ///
  /// - Parameter weight: the component's sum of responsibilities, but not 0.
  func component(_ index: Int, weight: Double, regularization: Double) -> GaussianShape?
}

extension GaussianMixture.Covariance {
  func moments(around points: Matrix) -> any GaussianMoments {
    switch self {
    case .full: FullMoments(around: points)
    case .diagonal: DiagonalMoments(around: points)
    }
  }
}

extension GaussianMoments {
  /// The components of largest likelihood.
  func components(regularization: Double) throws -> [GaussianComponent] {
    let weights = weights
    let total = weights.reduce(0, +)
    return try weights.indices.map { index in
      // A component that no row comes from any more keeps its mean; its weight must not be 0.
      let weight = max(weights[index], .leastNormalMagnitude)
      guard let shape = component(index, weight: weight, regularization: regularization) else {
        throw GaussianMixture.Failure(
          description: "a covariance of the Gaussian mixture is singular;"
            + " raise its regularization, \(regularization), or ask for fewer components")
      }
      return GaussianComponent(weight: weight / total, mean: shape.mean, root: shape.root)
    }
  }
}

/// Sums of responsibilities, and with them of what the rows differ from given points, and of the
/// products of that.
///
/// The points are the last means. They are near the next ones, so little is lost where the difference of
/// both is taken off again, and one pass over the rows does, with no responsibility kept.
struct FullMoments: GaussianMoments {
  private let points: Matrix
  private(set) var weights: [Double]
  private var first: [[Double]]
  /// Of each component the upper triangle.
  private var second: [Matrix]

  init(around points: Matrix) {
    self.points = points
    let dimension = points.columnCount
    weights = Array(repeating: 0, count: points.rowCount)
    first = Array(repeating: Array(repeating: 0, count: dimension), count: points.rowCount)
    second = Array(
      repeating: Matrix(rowCount: dimension, columnCount: dimension), count: points.rowCount)
  }

  mutating func add(_ block: Matrix, responsibilities: Matrix) {
    for component in weights.indices {
      var present: [Int] = []
      for row in 0..<block.rowCount where responsibilities[row, component] > 0 {
        weights[component] += responsibilities[row, component]
        present.append(row)
      }
      second[component].addGram(
        of: addDifferences(present, of: block, responsibilities, to: component))
    }
  }

  /// Adds weighted differences of rows from a component's point.
  ///
  /// - Returns: the differences, times the roots of their weights.
  private mutating func addDifferences(
    _ present: [Int], of block: Matrix, _ responsibilities: Matrix, to component: Int
  ) -> Matrix {
    let dimension = points.columnCount
    var scaled = Matrix(rowCount: present.count, columnCount: dimension)
    unsafe block.values.withUnsafeBufferPointer { values in
      unsafe points.values.withUnsafeBufferPointer { points in
        unsafe first[component].withUnsafeMutableBufferPointer { first in
          unsafe scaled.values.withUnsafeMutableBufferPointer { scaled in
            for (place, row) in present.enumerated() {
              let weight = responsibilities[row, component]
              let root = weight.squareRoot()
              for column in 0..<dimension {
                let difference =
                  unsafe values[row * dimension + column]
                  - points[component * dimension + column]
                unsafe first[column] += weight * difference
                unsafe scaled[place * dimension + column] = root * difference
              }
            }
          }
        }
      }
    }
    return scaled
  }

  func component(_ index: Int, weight: Double, regularization: Double) -> GaussianShape? {
    let shift = first[index].map { $0 / weight }
    var matrix = Matrix(rowCount: shift.count, columnCount: shift.count)
    for row in shift.indices {
      for column in row..<shift.count {
        let value = second[index][row, column] / weight - shift[row] * shift[column]
        matrix[row, column] = value
        matrix[column, row] = value
      }
      matrix[row, row] += regularization
    }
    return matrix.cholesky().map {
      GaussianShape(mean: zip(points[row: index], shift).map { $0 + $1 }, root: .lower($0))
    }
  }
}
