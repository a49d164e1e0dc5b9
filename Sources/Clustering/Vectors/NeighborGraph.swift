import LinearAlgebra

/// A symmetric graph between rows, sparse: row r is joined with `targets[starts[r]..<starts[r + 1]]`.
///
/// No row is joined with itself.
struct NeighborGraph {
  let starts: [Int]
  let targets: [UInt32]
  /// 1 where two rows are among each other's nearest, 1/2 where only one is.
  let weights: [Double]

  var rowCount: Int { starts.count - 1 }

  /// Joins each row with its nearest others.
  ///
  /// - Complexity: O(n²·d) time, products of blocks; O(n·count) memory.
  init(_ rows: Rows, neighborCount: Int) {
    let neighbors = NearestNeighbors(of: rows, count: min(neighborCount, rows.count - 1))
    var sizes = [Int](repeating: neighbors.count, count: rows.count)
    for target in neighbors.indices { sizes[Int(target)] += 1 }
    var ends = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let first = ends
    // Each pair of the search twice, once from each side.
    var both = [UInt32](repeating: 0, count: 2 * neighbors.indices.count)
    for row in 0..<rows.count {
      for target in neighbors.indices[row * neighbors.count..<(row + 1) * neighbors.count] {
        both[ends[row]] = target
        ends[row] += 1
        both[ends[Int(target)]] = UInt32(row)
        ends[Int(target)] += 1
      }
    }
    var (starts, targets, weights) = ([0], [UInt32](), [Double]())
    for row in 0..<rows.count {
      for target in both[first[row]..<first[row + 1]].sorted() {
        if targets.count > starts[row], targets[targets.count - 1] == target {
          weights[weights.count - 1] = 1
        } else {
          targets.append(target)
          weights.append(0.5)
        }
      }
      starts.append(targets.count)
    }
    (self.starts, self.targets, self.weights) = (starts, targets, weights)
  }

  /// The sum of the weights of each row; 0 for a row that is joined with none.
  func degrees() -> [Double] {
    (0..<rowCount).map { weights[starts[$0]..<starts[$0 + 1]].reduce(0, +) }
  }

  /// The matrix of the weights with each row and each column times its factor, `loops` on its diagonal,
  /// times each column of `vectors`.
  func times(_ vectors: Matrix, factors: [Double], loops: [Double]) -> Matrix {
    let width = vectors.columnCount
    var result = Matrix(rowCount: rowCount, columnCount: width)
    unsafe result.values.withUnsafeMutableBufferPointer { result in
      unsafe vectors.values.withUnsafeBufferPointer { vectors in
        for row in 0..<rowCount {
          for column in 0..<width {
            unsafe result[row * width + column] = loops[row] * vectors[row * width + column]
          }
          for edge in starts[row]..<starts[row + 1] {
            let target = Int(targets[edge])
            let weight = weights[edge] * factors[row] * factors[target]
            for column in 0..<width {
              unsafe result[row * width + column] += weight * vectors[target * width + column]
            }
          }
        }
      }
    }
    return result
  }
}
