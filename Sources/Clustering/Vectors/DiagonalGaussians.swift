import Foundation
import LinearAlgebra

/// The densities of components with diagonal covariances, and the sums that the next ones follow from:
/// each one product a block.
///
/// With y = row - origin and z = (1, y, y²), a component's log-probability is an inner product with z,
/// and the sums are those of z. Squares around the origin lose as many digits of a variance as it is
/// smaller than the variance of all rows; half of what double precision has is left at a part of 10⁻⁸.
struct DiagonalGaussians {
  private let origin: [Double]
  /// What z is multiplied with for the log-probabilities, a row for each component.
  private let factors: Matrix

  init(_ components: [GaussianComponent]) {
    origin = components.means.columnMeans()
    let dimension = origin.count
    var factors = Matrix(rowCount: components.count, columnCount: 2 * dimension + 1)
    for (row, component) in components.enumerated() {
      factors[row, 0] = log(component.weight) - Double(dimension) * log(2 * .pi) / 2
      for (column, deviation) in component.deviations.enumerated() {
        let mean = component.mean[column] - origin[column]
        let precision = 1 / (deviation * deviation)
        factors[row, 0] -= log(deviation) + mean * mean * precision / 2
        factors[row, 1 + column] = mean * precision
        factors[row, 1 + dimension + column] = -precision / 2
      }
    }
    self.factors = factors
  }

  /// The logarithm of each component's density at each row of `block` times its weight, a row for each
  /// row.
  func jointLogProbabilities(of block: Matrix) -> Matrix {
    block.withSquares(around: origin).times(factors, otherTransposed: true)
  }
}

/// Sums over rows, times how far they come from each component, of (1, y, y²), y = row - origin.
struct DiagonalMoments: GaussianMoments {
  private let origin: [Double]
  private var sums: Matrix

  init(around points: Matrix) {
    origin = points.columnMeans()
    sums = Matrix(rowCount: points.rowCount, columnCount: 2 * points.columnCount + 1)
  }

  mutating func add(_ block: Matrix, responsibilities: Matrix) {
    sums.add(responsibilities, transposed: true, times: block.withSquares(around: origin))
  }

  var weights: [Double] { (0..<sums.rowCount).map { sums[$0, 0] } }

  func component(_ index: Int, weight: Double, regularization: Double) -> GaussianShape? {
    let dimension = origin.count
    let moments = sums[row: index].map { $0 / weight }
    let shift = moments[1...dimension]
    let variances = zip(moments[(dimension + 1)...], shift).map {
      max(0, $0 - $1 * $1) + regularization
    }
    guard variances.allSatisfy({ $0 > 0 }) else { return nil }
    return GaussianShape(
      mean: zip(origin, shift).map { $0 + $1 }, root: .diagonal(variances.map { $0.squareRoot() }))
  }
}

extension GaussianComponent {
  fileprivate var deviations: [Double] {
    guard case .diagonal(let deviations) = root else {
      preconditionFailure("a full covariance among diagonal ones")
    }
    return deviations
  }
}

extension Matrix {
  fileprivate func columnMeans() -> [Double] {
    var means = [Double](repeating: 0, count: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { means[column] += self[row, column] }
    }
    return means.map { $0 / Double(rowCount) }
  }

  /// For each row 1, what it differs from `origin`, and the squares of that.
  fileprivate func withSquares(around origin: [Double]) -> Matrix {
    let width = 2 * columnCount + 1
    var result = Matrix(rowCount: rowCount, columnCount: width)
    unsafe result.values.withUnsafeMutableBufferPointer { result in
      unsafe values.withUnsafeBufferPointer { values in
        unsafe origin.withUnsafeBufferPointer { origin in
          for row in 0..<rowCount {
            unsafe result[row * width] = 1
            for column in 0..<columnCount {
              let difference = unsafe values[row * columnCount + column] - origin[column]
              unsafe result[row * width + 1 + column] = difference
              unsafe result[row * width + 1 + columnCount + column] = difference * difference
            }
          }
        }
      }
    }
    return result
  }
}
