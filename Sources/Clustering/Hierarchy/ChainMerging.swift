import LinearAlgebra

/// Complete, average and weighted linkage over a stored distance of each pair, by chains of nearest
/// neighbours (Benzécri 1982; Müllner 2011): a chain goes from a cluster to its nearest until two
/// are each other's nearest, which merge, and the chain goes on from what is left of it.
struct ChainMerging {
  private let linkage: AgglomerativeLinkage
  private let count: Int
  /// The distance of the clusters at two places, row after row of the upper triangle.
  private var distances: [Double]
  /// Rows of each cluster, which is at the place of its highest row.
  ///
  /// SciPy has it there too, and so both choose the same among equals.
  private var sizes: [Double]
  /// The places that hold a cluster, ascending.
  private var alive: [Int]

  /// A distance of each pair.
  static func memoryBytes(rowCount: Int) -> Int {
    8 * (rowCount * max(0, rowCount - 1) / 2) + 64 * rowCount
  }

  init(_ rows: Rows, linkage: AgglomerativeLinkage, checkpoint: () throws -> Void) rethrows {
    self.linkage = linkage
    count = rows.count
    sizes = Array(repeating: 1, count: count)
    alive = Array(0..<count)
    distances = []
    distances.reserveCapacity(count * max(0, count - 1) / 2)
    var squared = [Double](repeating: 0, count: count)
    for row in 0..<count {
      try checkpoint()
      rows.squaredDistances(to: rows[row], (row + 1)..<count, into: &squared)
      for distance in squared[..<(count - row - 1)] { distances.append(distance.squareRoot()) }
    }
  }

  /// All merges, named by a row of each cluster; a merge comes after those inside it.
  mutating func merges(checkpoint: () throws -> Void) rethrows -> [Edge] {
    var edges: [Edge] = []
    edges.reserveCapacity(max(0, count - 1))
    var chain: [Int] = []
    while alive.count > 1 {
      if edges.count & 15 == 0 { try checkpoint() }
      if chain.isEmpty { chain.append(alive[0]) }
      while true {
        let tip = chain[chain.count - 1]
        // What leads to the tip is preferred, so that no chain goes round among equals.
        let before = chain.count > 1 ? chain[chain.count - 2] : nil
        let nearest = nearest(of: tip, preferring: before)
        if nearest.place == before {
          chain.removeLast(2)
          merge(tip, nearest.place)
          edges.append(
            Edge(UInt32(tip), UInt32(nearest.place), weight: nearest.distance))
          break
        }
        chain.append(nearest.place)
      }
    }
    return edges
  }

  private func nearest(of place: Int, preferring known: Int?) -> (place: Int, distance: Double) {
    var best = known.map { ($0, distances[index(place, $0)]) } ?? (place, .infinity)
    unsafe distances.withUnsafeBufferPointer { distances in
      for other in alive where other != place {
        let distance = unsafe distances[index(place, other)]
        if distance < best.1 { best = (other, distance) }
      }
    }
    return best
  }

  private mutating func merge(_ first: Int, _ second: Int) {
    let (kept, lost) = (max(first, second), min(first, second))
    let linkage = linkage
    let (size, lostSize) = (sizes[kept], sizes[lost])
    alive.removeAll { $0 == lost }
    for other in alive where other != kept {
      let place = index(kept, other)
      let (near, far) = (distances[place], distances[index(lost, other)])
      distances[place] =
        switch linkage {
        case .complete: max(near, far)
        case .average: (size * near + lostSize * far) / (size + lostSize)
        default: (near + far) / 2
        }
    }
    sizes[kept] = size + lostSize
  }

  private func index(_ first: Int, _ second: Int) -> Int {
    let (low, high) = (min(first, second), max(first, second))
    return low * (2 * count - low - 1) / 2 + high - low - 1
  }
}
