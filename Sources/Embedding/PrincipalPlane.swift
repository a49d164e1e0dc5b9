import LinearAlgebra

extension PrincipalComponents {
  /// The two directions along which rows vary most; fewer where rows vary along fewer.
  ///
  /// From the covariance of the columns, or where there are fewer rows than columns from the products of
  /// rows, which have the same eigenvalues. Kept, the fit places new rows: `PlaneEmbedding(of:in:)`.
  ///
  /// - Parameter checkpoint: called after each block of rows; what it throws ends the work.
  /// - Throws: `Eigenvectors.Failure`, or what `checkpoint` throws.
  /// - Complexity: O(n·d·m + m³) time for n rows of d values, m the lesser of both;
  ///   ``planeMemoryBytes(rowCount:dimension:)``.
  public static func plane(
    of rows: Rows, checkpoint: () throws -> Void
  ) throws -> PrincipalComponents {
    let centered = CenteredRows(rows)
    let isWide = rows.count < rows.dimension
    let products =
      try isWide
      ? centered.productsOfRows(checkpoint) : centered.productsOfColumns(checkpoint)
    let eigen = try Eigenvectors(of: products)
    // Rounding leaves something of directions along which nothing varies.
    let least = (eigen.values.first ?? 0) * 1e-12
    let count = eigen.values.prefix(2).count { $0 > least }
    let vectors = try eigen.leading(count)
    let axes = isWide ? centered.combinations(vectors) : vectors
    let divisor = Double(max(1, rows.count - 1))
    return PrincipalComponents(
      means: centered.means, axes: axes, variances: eigen.values.map { max(0, $0) / divisor })
  }

  /// The memory that ``plane(of:checkpoint:)`` takes besides the rows.
  ///
  /// - Returns: bytes; the square of the lesser of rows and dimension decides. 4 MiB are OpenBLAS' own.
  public static func planeMemoryBytes(rowCount: Int, dimension: Int) -> Int {
    let side = min(rowCount, dimension)
    return 16 * side * side + (16 * CenteredRows.blockSize + 64) * dimension + 4 << 20
  }
}

extension PlaneEmbedding {
  /// Rows along two axes; 0 along one that is missing.
  ///
  /// - Complexity: O(n·d) time.
  public init(of rows: Rows, in plane: PrincipalComponents) {
    let axisCount = plane.axes.rowCount
    precondition(axisCount <= 2, "\(axisCount) axes in a plane")
    var values = [Float](repeating: 0, count: 2 * rows.count)
    if axisCount > 0 {
      for (index, value) in plane.project(rows).values.enumerated() {
        values[index / axisCount * 2 + index % axisCount] = value
      }
    }
    self.init(values)
  }
}

/// Rows from which the mean of each column is taken, block by block.
private struct CenteredRows {
  static let blockSize = 512

  let rows: Rows
  let means: [Double]

  init(_ rows: Rows) {
    self.rows = rows
    var sums = [Double](repeating: 0, count: rows.dimension)
    for row in 0..<rows.count {
      for (column, value) in rows[row].enumerated() { sums[column] += Double(value) }
    }
    means = sums.map { $0 / Double(max(1, rows.count)) }
  }

  private var blocks: [Range<Int>] {
    stride(from: 0, to: rows.count, by: Self.blockSize).map {
      $0..<min(rows.count, $0 + Self.blockSize)
    }
  }

  private func block(_ range: Range<Int>) -> Matrix {
    var values: [Double] = []
    values.reserveCapacity(range.count * rows.dimension)
    for row in range {
      for (value, mean) in zip(rows[row], means) { values.append(Double(value) - mean) }
    }
    return Matrix(rowCount: range.count, columnCount: rows.dimension, values: values)
  }

  /// The inner products of any two columns: the upper triangle.
  func productsOfColumns(_ checkpoint: () throws -> Void) rethrows -> Matrix {
    var products = Matrix(rowCount: rows.dimension, columnCount: rows.dimension)
    for range in blocks {
      products.addGram(of: block(range))
      try checkpoint()
    }
    return products
  }

  /// The inner products of any two rows: the upper triangle.
  func productsOfRows(_ checkpoint: () throws -> Void) rethrows -> Matrix {
    var products = Matrix(rowCount: rows.count, columnCount: rows.count)
    for (number, range) in blocks.enumerated() {
      let own = block(range)
      for other in blocks[number...] {
        let tile = own.times(block(other), otherTransposed: true)
        for (position, row) in range.enumerated() {
          for (otherPosition, column) in other.enumerated() {
            products[row, column] = tile[position, otherPosition]
          }
        }
        try checkpoint()
      }
    }
    return products
  }

  /// The directions whose parts along the rows are given, of unit length; the component of largest
  /// magnitude of each is positive, as in `Eigenvectors`.
  func combinations(_ parts: Matrix) -> Matrix {
    var result = Matrix(rowCount: parts.rowCount, columnCount: rows.dimension)
    for range in blocks {
      var own = Matrix(rowCount: parts.rowCount, columnCount: range.count)
      for axis in 0..<parts.rowCount {
        for (position, row) in range.enumerated() { own[axis, position] = parts[axis, row] }
      }
      let sum = own.times(block(range))
      for index in result.values.indices { result.values[index] += sum.values[index] }
    }
    for axis in 0..<result.rowCount {
      let direction = result[row: axis]
      let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let largest = direction.reduce(0) { abs($1) > abs($0) ? $1 : $0 }
      for column in 0..<rows.dimension { result[axis, column] /= largest < 0 ? -length : length }
    }
    return result
  }
}
