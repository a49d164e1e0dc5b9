import COpenBLAS

/// The eigenvalues of a symmetric matrix, and as many of its eigenvectors as are asked for.
///
/// LAPACK's reduction to tridiagonal form, the eigenvalues by the QR variant without square roots,
/// eigenvectors by relatively robust representations (Dhillon and Parlett 2004). The sign of an
/// eigenvector is such that its component of largest magnitude, the first of equal ones, is positive.
public struct Eigenvectors {
  /// All eigenvalues, the largest first.
  public let values: [Double]
  private var reduced: Matrix
  private var diagonal: [Double]
  private var beside: [Double]
  private var reflectors: [Double]

  /// LAPACK gave up, or memory ran out.
  public struct Failure: Error, CustomStringConvertible {
    /// One line for a person.
    public let description: String
  }

  /// Finds the eigenvalues.
  ///
  /// - Parameter symmetric: only its upper triangle is read; its memory is taken over.
  /// - Complexity: O(n³) time, and O(n) memory besides the matrix.
  public init(of symmetric: consuming Matrix) throws(Failure) {
    precondition(symmetric.rowCount == symmetric.columnCount)
    BLAS.prepare()
    let size = symmetric.rowCount
    // Moved: a copy would be as large again.
    reduced = consume symmetric
    diagonal = Array(repeating: 0, count: size)
    beside = diagonal
    reflectors = diagonal
    var values = diagonal
    guard
      unsafe size == 0
        || copenblas_eigenvalues(
          size, &reduced.values, &diagonal, &beside, &reflectors, &values) == 1
    else {
      throw Failure(description: "the eigenvalues of \(size) x \(size) could not be found")
    }
    self.values = values.reversed()
  }

  /// The eigenvectors of the largest eigenvalues, a row each, the largest first, of unit length.
  ///
  /// - Complexity: O(n²·count) time; a matrix of `count` rows.
  public func leading(_ count: Int) throws(Failure) -> Matrix {
    let size = values.count
    precondition((0...size).contains(count), "\(count) eigenvectors of \(size)")
    var vectors = Matrix(rowCount: count, columnCount: size)
    guard count > 0 else { return vectors }
    // A matrix of one row is its own eigenvector, which the tridiagonal solver does not take.
    if size == 1 { return Matrix(rowCount: 1, columnCount: 1, values: [1]) }
    var (diagonal, beside) = (diagonal, beside)
    guard
      unsafe copenblas_eigenvectors(
        size, reduced.values, &diagonal, &beside, reflectors, count, &vectors.values) == 1
    else {
      throw Failure(description: "\(count) eigenvectors of \(size) x \(size) could not be found")
    }
    var result = Matrix(rowCount: count, columnCount: size)
    for row in 0..<count {
      let vector = vectors[row: count - 1 - row]
      let largest = vector.reduce(0) { abs($1) > abs($0) ? $1 : $0 }
      for (column, value) in vector.enumerated() {
        result[row, column] = largest < 0 ? -value : value
      }
    }
    return result
  }
}
