import COpenBLAS

/// The directions along which rows vary most (Pearson 1901), with the mean of the rows they were
/// fitted to.
public struct PrincipalComponents: Equatable, Sendable {
  /// How many directions are kept.
  public enum Count: Hashable, Sendable {
    /// As few as explain more than this part of the variance, from 0 to 1.
    case explaining(Double)
    /// So many, or as many as there are.
    case number(Int)
  }

  /// The mean of each column.
  public let means: [Double]
  /// A direction a row, of unit length, the one of most variance first; the component of largest
  /// magnitude of each is positive.
  public let axes: Matrix
  /// The variance along every direction, of those that are not kept too, the largest first.
  public let variances: [Double]
  /// The mean along each axis.
  private let offsets: [Double]

  /// Finds the directions from sums.
  ///
  /// - Throws: `Eigenvectors.Failure`.
  /// - Complexity: O(d³) time and O(d²) memory for rows of d values.
  public init(_ sum: CovarianceSum, count: Count) throws(Eigenvectors.Failure) {
    let (rowCount, means, covariance) = sum.finish()
    // Not a copy of it, which may be a hundred megabytes.
    let eigen = try Eigenvectors(of: consume covariance)
    // Rounding takes variances of nothing below 0.
    let variances = eigen.values.map { max(0, $0) }
    // As many rows less one as there are vary, at most.
    let most = max(1, min(sum.dimension, rowCount - 1))
    let kept = Self.keptCount(count, variances, most: most)
    self.init(means: means, axes: try eigen.leading(kept), variances: variances)
  }

  /// Finds the directions of few rows, from the products of rows, which have the same eigenvalues.
  ///
  /// - Throws: `Eigenvectors.Failure`.
  /// - Complexity: O(n²·d + n³) time and O(n·d) memory for n rows of d values.
  public init(few rows: Rows, count: Count) throws(Eigenvectors.Failure) {
    var means = [Double](repeating: 0, count: rows.dimension)
    for row in 0..<rows.count {
      for (column, value) in rows[row].enumerated() { means[column] += Double(value) }
    }
    for column in means.indices { means[column] /= Double(max(1, rows.count)) }
    var centered = Matrix(rows)
    for index in centered.values.indices { centered.values[index] -= means[index % means.count] }
    let eigen = try Eigenvectors(of: centered.times(centered, otherTransposed: true))
    let variances = eigen.values.map { max(0, $0) / Double(max(1, rows.count - 1)) }
    // Rounding leaves something of directions along which nothing varies.
    let most = max(1, variances.count { $0 > (variances.first ?? 0) * 1e-12 })
    let kept = min(rows.count, Self.keptCount(count, variances, most: most))
    var axes = try eigen.leading(kept).times(centered)
    for row in 0..<axes.rowCount { axes.normalizeDirection(row: row) }
    self.init(means: means, axes: axes, variances: variances)
  }

  /// How many of some variances, descending, are kept.
  private static func keptCount(_ count: Count, _ variances: [Double], most: Int) -> Int {
    switch count {
    case .number(let number): return min(number, most)
    case .explaining(let part):
      let total = variances.reduce(0, +)
      var explained = 0.0
      let last = variances.firstIndex { variance in
        explained += variance
        return explained > part * total
      }
      return min((last ?? most - 1) + 1, most)
    }
  }

  /// Takes what an earlier fit gave.
  public init(means: [Double], axes: Matrix, variances: [Double]) {
    precondition(means.count == axes.columnCount && axes.rowCount <= variances.count)
    self.means = means
    self.axes = axes
    self.variances = variances
    offsets = (0..<axes.rowCount).map { axis in
      zip(axes[row: axis], means).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// The part of the variance that the axes explain, from 0 to 1; 1 where nothing varies.
  public var explainedPart: Double {
    let total = variances.reduce(0, +)
    return total == 0 ? 1 : variances.prefix(axes.rowCount).reduce(0, +) / total
  }

  /// Rows along the axes, a column an axis, rounded to single precision; a row's bits depend on that row
  /// alone.
  ///
  /// - Complexity: O(n·d·axes) time.
  public func project(_ rows: Rows) -> Rows {
    precondition(rows.dimension == means.count, "\(rows.dimension) for \(means.count) columns")
    let count = axes.rowCount
    var values = [Float](repeating: 0, count: rows.count * count)
    unsafe copenblas_project(
      rows.count, rows.dimension, rows.values, axes.values, offsets, count, &values)
    return Rows(count: rows.count, dimension: count, values: values)
  }
}

extension Matrix {
  /// Gives a row the length 1, its component of largest magnitude positive; a row of zeros becomes the
  /// first direction.
  fileprivate mutating func normalizeDirection(row: Int) {
    let vector = self[row: row]
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else {
      self[row, 0] = 1
      return
    }
    let largest = vector.reduce(0) { abs($1) > abs($0) ? $1 : $0 }
    for column in 0..<columnCount { self[row, column] /= largest < 0 ? -length : length }
  }
}
