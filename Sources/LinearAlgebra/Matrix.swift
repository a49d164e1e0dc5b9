import COpenBLAS

/// A matrix in double precision.
///
/// Element (r, c) is `values[r * columnCount + c]`: row-major, no padding.
public struct Matrix: Equatable, Sendable {
  /// Rows.
  public let rowCount: Int
  /// Columns.
  public let columnCount: Int
  /// All elements.
  public var values: [Double]

  /// Takes `values` as a matrix.
  ///
  /// - Precondition: `values` holds `rowCount` × `columnCount`.
  public init(rowCount: Int, columnCount: Int, values: [Double]) {
    precondition(
      values.count == rowCount * columnCount,
      "\(values.count) values for \(rowCount) x \(columnCount)")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.values = values
  }

  /// A matrix of zeros.
  public init(rowCount: Int, columnCount: Int) {
    self.init(
      rowCount: rowCount, columnCount: columnCount,
      values: Array(repeating: 0, count: rowCount * columnCount))
  }

  /// The same rows in double precision.
  public init(_ rows: Rows) {
    self.init(
      rowCount: rows.count, columnCount: rows.dimension, values: rows.values.map(Double.init))
  }

  /// One element.
  public subscript(row: Int, column: Int) -> Double {
    get { values[row * columnCount + column] }
    set { values[row * columnCount + column] = newValue }
  }

  /// The elements of one row.
  public subscript(row row: Int) -> ArraySlice<Double> {
    values[row * columnCount..<(row + 1) * columnCount]
  }

  /// The matrix with rows and columns exchanged.
  public func transposed() -> Matrix {
    var result = Matrix(rowCount: columnCount, columnCount: rowCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { result[column, row] = self[row, column] }
    }
    return result
  }

  /// The product with `other`, each taken as its transpose where asked: one `dgemm`.
  public func times(
    _ other: Matrix, transposed isTransposed: Bool = false, otherTransposed: Bool = false
  ) -> Matrix {
    let (rows, inner) = isTransposed ? (columnCount, rowCount) : (rowCount, columnCount)
    let (otherInner, columns) =
      otherTransposed
      ? (other.columnCount, other.rowCount) : (other.rowCount, other.columnCount)
    precondition(inner == otherInner, "a product over \(inner) and \(otherInner)")
    var result = Matrix(rowCount: rows, columnCount: columns)
    guard rows > 0, columns > 0, inner > 0 else { return result }
    BLAS.prepare()
    unsafe copenblas_product(
      isTransposed ? 1 : 0, otherTransposed ? 1 : 0, rows, columns, inner, 1, values, columnCount,
      other.values, other.columnCount, 0, &result.values, columns)
    return result
  }

  /// Adds the product of two matrices to this one, the first taken as its transpose where asked: one
  /// `dgemm`.
  public mutating func add(
    _ first: Matrix, transposed isTransposed: Bool = false, times second: Matrix
  ) {
    let (rows, inner) =
      isTransposed
      ? (first.columnCount, first.rowCount) : (first.rowCount, first.columnCount)
    precondition(
      rows == rowCount && inner == second.rowCount && second.columnCount == columnCount)
    guard rows > 0, columnCount > 0, inner > 0 else { return }
    BLAS.prepare()
    unsafe copenblas_product(
      isTransposed ? 1 : 0, 0, rows, columnCount, inner, 1, first.values, first.columnCount,
      second.values, columnCount, 1, &values, columnCount)
  }

  /// Adds the inner products of the columns of `rows` to the upper triangle of this square matrix.
  public mutating func addGram(of rows: Matrix) {
    precondition(rowCount == columnCount && rows.columnCount == columnCount)
    guard rows.rowCount > 0, columnCount > 0 else { return }
    BLAS.prepare()
    unsafe copenblas_gram(rows.rowCount, rows.columnCount, rows.values, &values)
  }

  /// L with L·Lᵀ equal to this symmetric matrix, L lower triangular; nil where the matrix is not
  /// positive definite.
  public func cholesky() -> Matrix? {
    precondition(rowCount == columnCount)
    BLAS.prepare()
    var factor = self
    return unsafe copenblas_cholesky(rowCount, &factor.values) == 1 ? factor : nil
  }

  /// Replaces each row by the solution x of `lower` · x = row.
  public mutating func solveRows(lower: Matrix) {
    precondition(lower.rowCount == lower.columnCount && lower.rowCount == columnCount)
    guard rowCount > 0, columnCount > 0 else { return }
    BLAS.prepare()
    unsafe copenblas_solve_lower(rowCount, columnCount, lower.values, &values)
  }
}
