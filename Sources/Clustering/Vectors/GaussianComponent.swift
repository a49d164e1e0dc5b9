import Foundation
import LinearAlgebra

/// A Gaussian distribution, and its part of a mixture.
public struct GaussianComponent: Sendable {
  /// The square root of a covariance.
  enum Root: Sendable {
    /// L of the covariance L·Lᵀ, lower triangular.
    case lower(Matrix)
    /// Standard deviations.
    case diagonal([Double])
  }

  /// The part of all rows that come from it, 0 to 1.
  public let weight: Double
  /// Its mean.
  public let mean: [Double]
  let root: Root

  /// The covariance.
  public var covariance: Matrix {
    switch root {
    case .lower(let factor): return factor.times(factor, otherTransposed: true)
    case .diagonal(let deviations):
      var matrix = Matrix(rowCount: mean.count, columnCount: mean.count)
      for (index, deviation) in deviations.enumerated() {
        matrix[index, index] = deviation * deviation
      }
      return matrix
    }
  }

  /// The numbers that its mean and its covariance are given by.
  var parameterCount: Int {
    switch root {
    case .lower: mean.count + mean.count * (mean.count + 1) / 2
    case .diagonal: 2 * mean.count
    }
  }
}

extension [GaussianComponent] {
  /// The means, a row each.
  var means: Matrix {
    Matrix(
      rowCount: count, columnCount: first?.mean.count ?? 0, values: flatMap { $0.mean })
  }
}

/// The densities of components, made ready for block after block of rows.
enum GaussianDensities {
  case full([GaussianComponent])
  case diagonal(DiagonalGaussians)

  init(_ components: [GaussianComponent]) {
    if case .diagonal = components.first?.root {
      self = .diagonal(DiagonalGaussians(components))
    } else {
      self = .full(components)
    }
  }

  /// The logarithm of each component's density at each row of `block` times its weight, a row for each
  /// row.
  func jointLogProbabilities(of block: Matrix) -> Matrix {
    switch self {
    case .diagonal(let components): return components.jointLogProbabilities(of: block)
    case .full(let components):
      var result = Matrix(rowCount: block.rowCount, columnCount: components.count)
      for (column, component) in components.enumerated() {
        for (row, value) in component.jointLogProbabilities(of: block).enumerated() {
          result[row, column] = value
        }
      }
      return result
    }
  }
}

extension GaussianComponent {
  /// The logarithm of its density at each row, times its weight.
  fileprivate func jointLogProbabilities(of block: Matrix) -> [Double] {
    guard case .lower(let factor) = root else {
      preconditionFailure("a diagonal covariance among full ones")
    }
    var whitened = block.shifted(by: mean)
    whitened.solveRows(lower: factor)
    let determinant = mean.indices.reduce(0) { $0 + log(factor[$1, $1]) }
    let offset = log(weight) - determinant - Double(mean.count) * log(2 * .pi) / 2
    return whitened.squaredRowNorms().map { offset - $0 / 2 }
  }
}

extension Matrix {
  /// Replaces logarithms by what their exponentials are of their row's sum; those under 1e-30 of the
  /// largest, which nothing in double precision would show, by 0.
  ///
  /// - Returns: the logarithm of each row's sum.
  mutating func normalizeRows() -> [Double] {
    let columnCount = columnCount
    return unsafe values.withUnsafeMutableBufferPointer { values in
      stride(from: 0, to: values.count, by: columnCount).map { start in
        let range = start..<start + columnCount
        var largest = -Double.infinity
        for index in range { unsafe largest = max(largest, values[index]) }
        var sum = 0.0
        for index in range {
          let difference = unsafe values[index] - largest
          let value = difference < -69 ? 0 : exp(difference)
          unsafe values[index] = value
          sum += value
        }
        for index in range { unsafe values[index] /= sum }
        return largest + log(sum)
      }
    }
  }

  /// Each row less `vector`.
  fileprivate func shifted(by vector: [Double]) -> Matrix {
    var result = self
    unsafe result.values.withUnsafeMutableBufferPointer { values in
      unsafe vector.withUnsafeBufferPointer { vector in
        for start in stride(from: 0, to: values.count, by: columnCount) {
          for column in 0..<columnCount { unsafe values[start + column] -= vector[column] }
        }
      }
    }
    return result
  }

  fileprivate func squaredRowNorms() -> [Double] {
    unsafe values.withUnsafeBufferPointer { values in
      (0..<rowCount).map { row in
        // Four sums side by side, since one would wait for each addition.
        var sums = SIMD4<Double>.zero
        let end = (row + 1) * columnCount
        var index = row * columnCount
        while index + 4 <= end {
          let part = unsafe SIMD4(
            values[index], values[index + 1], values[index + 2], values[index + 3])
          sums += part * part
          index += 4
        }
        while index < end {
          unsafe sums[0] += values[index] * values[index]
          index += 1
        }
        return sums.sum()
      }
    }
  }
}
