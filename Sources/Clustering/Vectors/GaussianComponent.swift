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

  /// The logarithm of its density at each row, times its weight.
  func jointLogProbabilities(of block: Matrix) -> [Double] {
    var whitened: Matrix
    let determinant: Double
    switch root {
    case .lower(let factor):
      whitened = block.shifted(by: mean)
      whitened.solveRows(lower: factor)
      determinant = mean.indices.reduce(0) { $0 + log(factor[$1, $1]) }
    case .diagonal(let deviations):
      whitened = block.shifted(by: mean, over: deviations)
      determinant = deviations.reduce(0) { $0 + log($1) }
    }
    let offset = log(weight) - determinant - Double(mean.count) * log(2 * .pi) / 2
    return whitened.squaredRowNorms().map { offset - $0 / 2 }
  }
}

extension [GaussianComponent] {
  /// The means, a row each.
  var means: Matrix {
    Matrix(
      rowCount: count, columnCount: first?.mean.count ?? 0, values: flatMap { $0.mean })
  }

  /// The logarithm of each component's density at each row of `block` times its weight, a row for each
  /// row.
  func jointLogProbabilities(of block: Matrix) -> Matrix {
    var result = Matrix(rowCount: block.rowCount, columnCount: count)
    for (column, component) in enumerated() {
      for (row, value) in component.jointLogProbabilities(of: block).enumerated() {
        result[row, column] = value
      }
    }
    return result
  }
}

extension Matrix {
  /// Replaces logarithms by what their exponentials are of their row's sum.
  ///
  /// - Returns: the logarithm of each row's sum.
  mutating func normalizeRows() -> [Double] {
    (0..<rowCount).map { row in
      let range = row * columnCount..<(row + 1) * columnCount
      let largest = values[range].max() ?? 0
      let sum = values[range].reduce(0) { $0 + exp($1 - largest) }
      let logarithm = largest + log(sum)
      for index in range { values[index] = exp(values[index] - logarithm) }
      return logarithm
    }
  }

  /// Each row less `vector`, and each of its elements over `divisors` where there are some.
  fileprivate func shifted(by vector: [Double], over divisors: [Double]? = nil) -> Matrix {
    let factors = divisors?.map { 1 / $0 } ?? Array(repeating: 1, count: columnCount)
    var result = self
    unsafe result.values.withUnsafeMutableBufferPointer { values in
      unsafe vector.withUnsafeBufferPointer { vector in
        unsafe factors.withUnsafeBufferPointer { factors in
          for start in stride(from: 0, to: values.count, by: columnCount) {
            for column in 0..<columnCount {
              unsafe values[start + column] =
                (values[start + column] - vector[column]) * factors[column]
            }
          }
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
