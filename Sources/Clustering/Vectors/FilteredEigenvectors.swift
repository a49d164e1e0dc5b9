import Foundation
import LinearAlgebra

/// The leading eigenvectors of a symmetric operator that is known by its products only.
///
/// A block of vectors is multiplied with a Chebyshev polynomial of the operator that grows on the wanted
/// end of its spectrum and stays small on the rest, and turned to the best vectors that it spans, again
/// and again (Zhou, Saad, Tiago and Chelikowsky 2006). A block finds eigenvalues as often as they occur;
/// memory is four blocks.
struct FilteredEigenvectors {
  /// Vectors of a block besides those asked for: they move the unwanted end farther away.
  private static let spareCount = 6
  /// Products of a block at most.
  private static let productLimit = 20_000
  /// How far S·u may be from λ·u for a unit vector u.
  private static let tolerance = 1e-7
  /// How much a filter makes the first vector grow over the unwanted ones, as a logarithm: more would
  /// drown the others in rounding.
  private static let growth = 12.0

  /// Eigenvalues, the largest first.
  let values: [Double]
  /// Their eigenvectors, a column each.
  let vectors: Matrix

  /// The bytes that ``init(size:count:seed:checkpoint:product:)`` takes.
  static func memoryBytes(size: Int, count: Int) -> Int { 48 * size * (count + spareCount) }

  /// Finds the eigenvectors of the `count` largest eigenvalues.
  ///
  /// - Parameter product: the operator, of norm 1 at most, times each column of a matrix.
  /// - Throws: `SpectralClustering.Failure` where they are not found in 20,000 products.
  init(
    size: Int, count: Int, seed: UInt64, checkpoint: () throws -> Void,
    product: (Matrix) -> Matrix
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let width = min(size, count + Self.spareCount)
    var block = Matrix.random(size, width, &generator)
    // Everything above it grows.
    var edge = 0.0
    var productCount = 0
    while productCount < Self.productLimit {
      // T of this degree is about e^growth / 2 at 1, which lies here from the middle of [-1, edge].
      let outside = acosh((3 - edge) / (1 + edge))
      let degree = min(200, max(4, Int(Self.growth / outside)))
      block = try block.filtered(degree: degree, upTo: edge, checkpoint, product)
      block = try block.orthonormalized()
      if block.columnCount < width {
        let more = Matrix.random(size, width - block.columnCount, &generator)
        block = try block.beside(more).orthonormalized()
      }
      let image = product(block)
      let eigen = try Eigenvectors(of: block.times(image, transposed: true))
      let turn = try eigen.leading(block.columnCount)
      block = block.times(turn, otherTransposed: true)
      productCount += degree + 1
      let rest = image.times(turn, otherTransposed: true)
        .squaredDistances(to: block, times: eigen.values)
      if block.columnCount >= count,
        rest.prefix(count).allSatisfy({ $0 <= Self.tolerance * Self.tolerance })
      {
        values = Array(eigen.values.prefix(count))
        vectors = block.columns(count)
        return
      }
      // A little below the last value, so that it still grows where more are equal to it.
      edge = min(max(1 - 1.25 * (1 - (eigen.values.last ?? 0)), -0.5), 1 - 1e-12)
    }
    throw SpectralClustering.Failure(
      description: "\(count) leading eigenvectors of \(size) rows were not found;"
        + " ask for fewer clusters")
  }
}

extension Matrix {
  fileprivate static func random(
    _ rowCount: Int, _ columnCount: Int, _ generator: inout SeededGenerator
  ) -> Matrix {
    Matrix(
      rowCount: rowCount, columnCount: columnCount,
      values: (0..<rowCount * columnCount).map { _ in 2 * generator.uniform() - 1 })
  }

  /// T(S)·columns for the Chebyshev polynomial T of a degree that is at most 1 on [-1, edge], each
  /// column then brought to unit length.
  fileprivate func filtered(
    degree: Int, upTo edge: Double, _ checkpoint: () throws -> Void, _ product: (Matrix) -> Matrix
  ) throws -> Matrix {
    let (middle, half) = ((edge - 1) / 2, (edge + 1) / 2)
    var last = self
    try checkpoint()
    var current = product(self)
    current.combine(factor: 1 / half, less: middle / half, self, less: 0, self)
    for _ in 1..<degree {
      try checkpoint()
      var next = product(current)
      next.combine(factor: 2 / half, less: 2 * middle / half, current, less: 1, last)
      (last, current) = (current, next)
    }
    current.normalizeColumns()
    return current
  }

  /// This times `factor`, less a multiple of one matrix and of another.
  private mutating func combine(
    factor: Double, less first: Double, _ one: Matrix, less second: Double, _ other: Matrix
  ) {
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe one.values.withUnsafeBufferPointer { one in
        unsafe other.values.withUnsafeBufferPointer { other in
          for index in values.indices {
            unsafe values[index] =
              factor * values[index] - first * one[index] - second * other[index]
          }
        }
      }
    }
  }

  private mutating func normalizeColumns() {
    var squares = [Double](repeating: 0, count: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { squares[column] += self[row, column] * self[row, column] }
    }
    let factors = squares.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    for row in 0..<rowCount {
      for column in 0..<columnCount { self[row, column] *= factors[column] }
    }
  }

  /// Orthonormal columns that span what the columns, of unit length, span: fewer where these depend on
  /// each other (Stathopoulos and Wu 2002).
  fileprivate func orthonormalized() throws -> Matrix {
    var result = self
    // Once more, for what rounding left after the first time.
    for _ in 0..<2 {
      let eigen = try Eigenvectors(of: result.times(result, transposed: true))
      let least = 1e-14 * max(eigen.values.first ?? 0, .leastNormalMagnitude)
      let count = eigen.values.count { $0 > least }
      var turn = try eigen.leading(count)
      for row in 0..<count {
        for column in 0..<turn.columnCount { turn[row, column] /= eigen.values[row].squareRoot() }
      }
      result = result.times(turn, otherTransposed: true)
    }
    return result
  }

  /// Of each column the squared distance to that of `other` times its factor.
  fileprivate func squaredDistances(to other: Matrix, times factors: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let difference = self[row, column] - factors[column] * other[row, column]
        sums[column] += difference * difference
      }
    }
    return sums
  }

  /// The first columns.
  fileprivate func columns(_ count: Int) -> Matrix {
    Matrix(
      rowCount: rowCount, columnCount: count,
      values: (0..<rowCount).flatMap { self[row: $0].prefix(count) })
  }

  /// The columns of both.
  fileprivate func beside(_ other: Matrix) -> Matrix {
    Matrix(
      rowCount: rowCount, columnCount: columnCount + other.columnCount,
      values: (0..<rowCount).flatMap { self[row: $0] + other[row: $0] })
  }
}
