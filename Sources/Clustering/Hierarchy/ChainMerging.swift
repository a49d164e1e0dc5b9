import LinearAlgebra

/// Complete, average and weighted linkage over a stored distance of each pair, by chains of nearest
/// neighbours (Benzécri 1982; Müllner 2011): a chain goes from a cluster to its nearest until two
/// are each other's nearest, which merge, and the chain goes on from what is left of it.
///
/// Each cluster knows the few that are nearest to it, so that few chains have to look at all.
struct ChainMerging {
  private let linkage: AgglomerativeLinkage
  /// The distance of the clusters at two places.
  private var distances: PairTiles
  /// Rows of each cluster, which is at the place of its highest row; 0 where there is none.
  ///
  /// SciPy has it there too, and so both choose the same among equals.
  private var sizes: [Double]
  /// The places that hold a cluster, ascending.
  private var alive: [Int]
  /// What is nearest to the cluster at each place.
  private var nearest: [NearestPlaces]

  /// A distance of each pair.
  static func memoryBytes(rowCount: Int) -> Int {
    8 * PairTiles.valueCount(rowCount) + 256 * rowCount
  }

  init(_ rows: Rows, linkage: AgglomerativeLinkage, checkpoint: () throws -> Void) rethrows {
    self.linkage = linkage
    sizes = Array(repeating: 1, count: rows.count)
    alive = Array(0..<rows.count)
    nearest = Array(repeating: NearestPlaces(), count: rows.count)
    distances = PairTiles(count: rows.count)
    var squared = [Double](repeating: 0, count: rows.count)
    for row in 0..<rows.count {
      try checkpoint()
      rows.squaredDistances(to: rows[row], 0..<row, into: &squared)
      for other in 0..<row {
        let distance = squared[other].squareRoot()
        distances.values[PairTiles.index(row, other)] = distance
        nearest[row].take(other, distance)
        nearest[other].take(row, distance)
      }
    }
  }

  /// All merges, named by a row of each cluster; a merge comes after those inside it.
  mutating func merges(checkpoint: () throws -> Void) rethrows -> [Edge] {
    var edges: [Edge] = []
    edges.reserveCapacity(max(0, sizes.count - 1))
    var chain: [Int] = []
    while alive.count > 1 {
      if edges.count & 15 == 0 { try checkpoint() }
      if chain.isEmpty { chain.append(alive[0]) }
      while true {
        let tip = chain[chain.count - 1]
        let next = nearest(of: tip)
        // What leads to the tip is preferred, so that no chain goes round among equals.
        if chain.count > 1, case let before = chain[chain.count - 2],
          case let distance = distances.values[PairTiles.index(tip, before)],
          distance <= next.distance
        {
          chain.removeLast(2)
          merge(max(tip, before), min(tip, before))
          edges.append(Edge(UInt32(tip), UInt32(before), weight: distance))
          break
        }
        chain.append(next.place)
      }
    }
    return edges
  }

  private mutating func nearest(of place: Int) -> (place: Int, distance: Double) {
    while let known = nearest[place].first {
      let index = PairTiles.index(place, known.place)
      if sizes[known.place] > 0, distances.values[index] == known.distance { return known }
      nearest[place].removeFirst()
    }
    var found = NearestPlaces()
    unsafe distances.values.withUnsafeBufferPointer { distances in
      for other in alive where other != place {
        found.take(other, unsafe distances[PairTiles.index(place, other)])
      }
    }
    nearest[place] = found
    guard let first = found.first else { preconditionFailure("a distance that is no number") }
    return first
  }

  /// Makes one cluster of two, at the place of the first, which is higher.
  private mutating func merge(_ kept: Int, _ lost: Int) {
    let linkage = linkage
    let (size, lostSize) = (sizes[kept], sizes[lost])
    if let place = alive.firstIndex(of: lost) { alive.remove(at: place) }
    var found = NearestPlaces()
    unsafe distances.values.withUnsafeMutableBufferPointer { distances in
      unsafe nearest.withUnsafeMutableBufferPointer { nearest in
        for other in alive where other != kept {
          let place = PairTiles.index(kept, other)
          let (near, far) = unsafe (distances[place], distances[PairTiles.index(lost, other)])
          let distance =
            switch linkage {
            case .complete: max(near, far)
            case .average: (size * near + lostSize * far) / (size + lostSize)
            default: (near + far) / 2
            }
          unsafe distances[place] = distance
          found.take(other, distance)
          unsafe nearest[other].take(kept, distance)
        }
      }
    }
    nearest[kept] = found
    sizes[kept] = size + lostSize
    sizes[lost] = 0
  }
}
