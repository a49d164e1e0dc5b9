import Foundation
import LinearAlgebra

/// How surely each neighbour of a row belongs to its surroundings: 1 for the nearest, less for others by
/// how much farther they are, on a scale of the row's own (McInnes, Healy and Melville 2018, 3.1).
struct Memberships {
  /// Of each neighbour, in the order of the neighbours: 0 to 1.
  let values: [Float]

  /// - Parameter total: what the memberships of a row's neighbours add up to.
  init(
    _ neighbors: NearestNeighbors, total: Double, checkpoint: () throws -> Void
  ) rethrows {
    let count = neighbors.count
    let distances = neighbors.squaredDistances.map { $0.squareRoot() }
    let mean = distances.reduce(0, +) / Double(max(1, distances.count))
    var values: [Float] = []
    values.reserveCapacity(distances.count)
    for start in stride(from: 0, to: distances.count, by: max(1, count)) {
      let own = distances[start..<start + count]
      let nearest = own.first { $0 > 0 } ?? 0
      let beyond = own.map { max(0, $0 - nearest) }
      // A thousandth of the mean distance at least, where many are as near as the nearest.
      let least = 1e-3 * (nearest > 0 ? own.reduce(0, +) / Double(count) : mean)
      let scale = max(Self.scale(of: beyond, total: total), least)
      values += beyond.map { $0 == 0 ? 1 : Float(exp(-$0 / scale)) }
      try checkpoint()
    }
    self.values = values
  }

  /// The scale at which exp(-distance / scale) adds up to `total`, within 1e-5.
  private static func scale(of distances: [Double], total: Double) -> Double {
    var (low, high) = (0.0, Double.infinity)
    var scale = 1.0
    for _ in 0..<64 {
      let sum = distances.reduce(0) { $0 + exp(-$1 / scale) }
      if abs(sum - total) < 1e-5 { break }
      if sum > total { high = scale } else { low = scale }
      scale = high == .infinity ? 2 * scale : (low + high) / 2
    }
    return scale
  }
}

extension SparseMatrix {
  /// The graph in which two rows are tied as surely as at least one of them is in the surroundings of the
  /// other: a + b - a·b.
  init(fuzzyUnionOf memberships: Memberships, _ neighbors: NearestNeighbors) {
    self.init(
      neighbors: neighbors.indices, weights: memberships.values, count: neighbors.count
    ) { $0 + $1 - $0 * $1 }
  }

  /// Whether every row can be reached from every other along entries, for a symmetric matrix.
  var isConnected: Bool {
    guard rowCount > 0 else { return true }
    var isReached = [Bool](repeating: false, count: rowCount)
    var open = [0]
    isReached[0] = true
    var reachedCount = 1
    while let row = open.popLast() {
      for column in columns[starts[row]..<starts[row + 1]] where !isReached[Int(column)] {
        isReached[Int(column)] = true
        reachedCount += 1
        open.append(Int(column))
      }
    }
    return reachedCount == rowCount
  }
}
