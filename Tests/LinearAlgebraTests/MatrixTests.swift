import LinearAlgebra
import Testing

@Suite struct MatrixTests {
  /// A · Aᵀ of whole numbers, positive definite where A has more columns than rows.
  private func gram(size: Int) -> Matrix {
    let rows = Matrix(randomRows(count: size, dimension: 2 * size + 1, seed: UInt64(size)))
    return rows.times(rows, otherTransposed: true)
  }

  @Test func `products are those of the definition, for every transposition`() {
    let a = Matrix(randomRows(count: 4, dimension: 3, seed: 1))
    let b = Matrix(randomRows(count: 3, dimension: 5, seed: 2))
    var expected = Matrix(rowCount: 4, columnCount: 5)
    for row in 0..<4 {
      for column in 0..<5 {
        for inner in 0..<3 { expected[row, column] += a[row, inner] * b[inner, column] }
      }
    }
    #expect(a.times(b) == expected)
    #expect(a.transposed().times(b, transposed: true) == expected)
    #expect(a.times(b.transposed(), otherTransposed: true) == expected)
    #expect(
      a.transposed().times(b.transposed(), transposed: true, otherTransposed: true) == expected)
  }

  @Test func `a sum of inner products fills the upper triangle`() {
    let rows = Matrix(randomRows(count: 6, dimension: 4, seed: 5))
    var sum = Matrix(rowCount: 4, columnCount: 4)
    sum.addGram(of: rows)
    sum.addGram(of: rows)
    let expected = rows.times(rows, transposed: true)
    for row in 0..<4 {
      for column in 0..<4 {
        #expect(sum[row, column] == (column < row ? 0 : 2 * expected[row, column]))
      }
    }
  }

  @Test func `a product is added to what is there`() {
    let rows = Matrix(randomRows(count: 6, dimension: 4, seed: 6))
    let others = Matrix(randomRows(count: 6, dimension: 3, seed: 7))
    var sum = Matrix(rowCount: 4, columnCount: 3, values: Array(repeating: 2, count: 12))
    sum.add(rows, transposed: true, times: others)
    let product = rows.times(others, transposed: true)
    for (value, added) in zip(sum.values, product.values) {
      #expect(abs(value - (2 + added)) < 1e-12)
    }
  }

  @Test(arguments: [1, 2, 7, 40])
  func `a Cholesky factor gives the matrix back and solves`(size: Int) throws {
    let matrix = gram(size: size)
    let factor = try #require(matrix.cholesky())
    let product = factor.times(factor, otherTransposed: true)
    for (value, expected) in zip(product.values, matrix.values) {
      #expect(abs(value - expected) < 1e-9 * matrix[0, 0] * Double(size))
    }
    var solved = matrix
    solved.solveRows(lower: factor)
    let rows = solved.times(factor, otherTransposed: true)
    for (value, expected) in zip(rows.values, matrix.values) {
      #expect(abs(value - expected) < 1e-9 * matrix[0, 0] * Double(size))
    }
  }

  @Test func `a matrix that is not positive definite has no Cholesky factor`() {
    #expect(Matrix(rowCount: 2, columnCount: 2, values: [1, 2, 2, 1]).cholesky() == nil)
  }

  @Test(arguments: [(1, 1), (2, 2), (3, 1), (40, 40), (120, 11)])
  func `eigenvectors are orthonormal and stretched by their values`(size: Int, count: Int) throws {
    let matrix = gram(size: size)
    let eigen = try Eigenvectors(of: matrix)
    #expect(eigen.values == eigen.values.sorted(by: >))
    let trace = (0..<size).reduce(0) { $0 + matrix[$1, $1] }
    #expect(abs(eigen.values.reduce(0, +) - trace) < 1e-10 * trace)
    let vectors = try eigen.leading(count)
    let products = vectors.times(vectors, otherTransposed: true)
    let stretched = vectors.times(matrix)
    for row in 0..<count {
      for other in 0..<count {
        #expect(abs(products[row, other] - (row == other ? 1 : 0)) < 1e-11)
      }
      for column in 0..<size {
        let expected = eigen.values[row] * vectors[row, column]
        #expect(abs(stretched[row, column] - expected) < 1e-10 * trace)
      }
    }
  }
}
