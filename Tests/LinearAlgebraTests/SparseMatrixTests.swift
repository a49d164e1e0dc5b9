import LinearAlgebra
import Testing

@Suite struct SparseMatrixTests {
  private static let rowCount = 30
  private static let count = 7

  /// Weights of a few random neighbours of each row, and the same as a whole matrix.
  private func weights(seed: UInt64) -> (neighbors: [UInt32], weights: [Float], dense: [[Float]]) {
    var generator = SeededGenerator(seed: seed)
    var (neighbors, weights) = ([UInt32](), [Float]())
    var dense = Array(
      repeating: [Float](repeating: 0, count: Self.rowCount), count: Self.rowCount)
    for row in 0..<Self.rowCount {
      let others = (0..<Self.rowCount).filter { $0 != row }.shuffled(using: &generator)
      for other in others.prefix(Self.count) {
        neighbors.append(UInt32(other))
        weights.append(Float(generator.uniform()))
        dense[row][other] = weights[weights.count - 1]
      }
    }
    return (neighbors, weights, dense)
  }

  private func union(seed: UInt64) -> SparseMatrix {
    let (neighbors, weights, _) = weights(seed: seed)
    return SparseMatrix(neighbors: neighbors, weights: weights, count: Self.count) {
      $0 + $1 - $0 * $1
    }
  }

  @Test(arguments: UInt64(0)..<5)
  func `entries are both directions' weights combined`(seed: UInt64) {
    let dense = weights(seed: seed).dense
    let matrix = union(seed: seed)
    var entryCount = 0
    for row in 0..<Self.rowCount {
      let entries = matrix.starts[row]..<matrix.starts[row + 1]
      #expect(matrix.columns[entries].sorted() == Array(matrix.columns[entries]))
      for entry in entries {
        let column = Int(matrix.columns[entry])
        let (own, other) = (dense[row][column], dense[column][row])
        #expect(matrix.values[entry] == own + other - own * other)
      }
      entryCount += (0..<Self.rowCount).count { dense[row][$0] > 0 || dense[$0][row] > 0 }
    }
    #expect(matrix.columns.count == entryCount)
  }

  @Test(arguments: UInt64(0)..<5)
  func `products and pulls are those of the whole matrix`(seed: UInt64) {
    let matrix = union(seed: seed)
    var generator = SeededGenerator(seed: seed)
    let points = (0..<2 * Self.rowCount).map { _ in Float(generator.normal()) }
    let product = matrix.times(
      Matrix(rowCount: Self.rowCount, columnCount: 2, values: points.map(Double.init)))
    var pulls = points
    matrix.pulls(of: points, to: points, into: &pulls)
    for row in 0..<Self.rowCount {
      let place = SIMD2(Double(points[2 * row]), Double(points[2 * row + 1]))
      var (sum, pull) = (SIMD2<Double>(), SIMD2<Double>())
      for entry in matrix.starts[row]..<matrix.starts[row + 1] {
        let column = Int(matrix.columns[entry])
        let other = SIMD2(Double(points[2 * column]), Double(points[2 * column + 1]))
        let difference = place - other
        sum += Double(matrix.values[entry]) * other
        pull +=
          Double(matrix.values[entry]) / (1 + (difference * difference).sum()) * difference
      }
      #expect(abs(product[row, 0] - sum.x) < 1e-12 && abs(product[row, 1] - sum.y) < 1e-12)
      #expect(abs(Double(pulls[2 * row]) - pull.x) < 1e-5)
      #expect(abs(Double(pulls[2 * row + 1]) - pull.y) < 1e-5)
    }
  }
}
