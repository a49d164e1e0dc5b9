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
    let eigen = try Eigenvectors(of: covariance)
    // Rounding takes variances of nothing below 0.
    let variances = eigen.values.map { max(0, $0) }
    // As many rows less one as there are vary, at most.
    let most = max(1, min(sum.dimension, rowCount - 1))
    let wanted: Int
    switch count {
    case .number(let number): wanted = number
    case .explaining(let part):
      let total = variances.reduce(0, +)
      var explained = 0.0
      wanted =
        1
        + (variances.firstIndex { variance in
          explained += variance
          return explained > part * total
        } ?? most - 1)
    }
    self.init(means: means, axes: try eigen.leading(min(wanted, most)), variances: variances)
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
