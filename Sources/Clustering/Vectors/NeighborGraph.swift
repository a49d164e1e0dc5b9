import LinearAlgebra

/// A symmetric graph between rows.
struct NeighborGraph {
  /// 1 where two rows are among each other's nearest, 1/2 where only one is; 0 on the diagonal.
  private let weights: SparseMatrix
  /// The sum of the weights of each row.
  let degrees: [Double]

  /// Joins each row with its nearest others.
  ///
  /// - Complexity: O(n²·d) time, products of blocks; O(n·count) memory.
  init(_ rows: Rows, neighborCount: Int) {
    let count = min(neighborCount, rows.count - 1)
    if count > 0 {
      let neighbors = NearestNeighbors(of: rows, count: count).indices
      weights = SparseMatrix(
        neighbors: neighbors, weights: Array(repeating: 1, count: neighbors.count), count: count
      ) { ($0 + $1) / 2 }
    } else {
      weights = SparseMatrix(
        starts: Array(repeating: 0, count: rows.count + 1), columns: [], values: [])
    }
    degrees = (0..<rows.count).map { [weights] row in
      weights.values[weights.starts[row]..<weights.starts[row + 1]].reduce(0) { $0 + Double($1) }
    }
  }

  /// The rows that hang together, as labels.
  func parts() -> Labels {
    var sets = DisjointSets(count: degrees.count)
    for row in degrees.indices {
      for target in weights.columns[weights.starts[row]..<weights.starts[row + 1]] {
        sets.join(UInt32(row), target)
      }
    }
    return Labels((0..<UInt32(degrees.count)).map { Int32(sets.root(of: $0)) })
  }

  /// The weights, each times the factors of both rows, times each column of `vectors`.
  func times(_ vectors: Matrix, factors: [Double]) -> Matrix {
    var scaled = vectors
    scaled.multiplyRows(by: factors)
    var result = weights.times(scaled)
    result.multiplyRows(by: factors)
    return result
  }
}

extension Matrix {
  fileprivate mutating func multiplyRows(by factors: [Double]) {
    let columnCount = columnCount
    unsafe values.withUnsafeMutableBufferPointer { values in
      for (row, factor) in factors.enumerated() {
        for index in row * columnCount..<(row + 1) * columnCount {
          unsafe values[index] *= factor
        }
      }
    }
  }
}
