import LinearAlgebra

/// Ward's clustering on centers, in linear memory: in each round all pairs of clusters merge that
/// are each other's nearest.
///
/// A union is no nearer to a third cluster than the nearer half (the linkage is reducible), so such
/// a pair stays one whatever else merges, and the tree is that of merging the nearest two each time
/// (Murtagh 1983; for all pairs at once Sumengen and others 2021). The nearest of a cluster is
/// sought again only when one of both has merged.
struct WardMerging {
  private var clusters: WardClusters
  /// The place of each cluster's nearest, where it is known.
  private var nearest: [Int?]
  /// For a cluster whose nearest is not known one that is not far; or none.
  private var hints: [Int?]

  /// Centers in both precisions, and the products of a block.
  static func memoryBytes(rowCount: Int, dimension: Int) -> Int {
    16 * rowCount * dimension + 160 * rowCount + 4 * ProductBlock.side * ProductBlock.side
  }

  init(_ rows: Rows) {
    clusters = WardClusters(rows)
    nearest = Array(repeating: nil, count: rows.count)
    hints = nearest
  }

  /// All merges, named by the lowest rows of both clusters; a merge comes after those inside it.
  mutating func merges(checkpoint: () throws -> Void) rethrows -> [Edge] {
    var edges: [Edge] = []
    edges.reserveCapacity(max(0, clusters.count - 1))
    while clusters.count > 1 {
      let seeking = (0..<clusters.count).filter { nearest[$0] == nil }
      let found = try clusters.nearest(of: seeking, hints: hints, checkpoint: checkpoint)
      for (place, other) in zip(seeking, found) { nearest[place] = other }
      let pairs = (0..<clusters.count).compactMap { place in
        nearest[place].flatMap { $0 > place && nearest[$0] == place ? (place, $0) : nil }
      }
      merge(pairs, &edges)
      if pairs.isEmpty {
        // Rounding can make a union nearer, by the last bit, than what was known to be nearest.
        // When all seek anew, the nearest two of all are each other's.
        precondition(seeking.count < clusters.count, "no two clusters are nearest to each other")
        for place in 0..<clusters.count { (hints[place], nearest[place]) = (nearest[place], nil) }
      }
    }
    return edges
  }

  private mutating func merge(_ pairs: [(Int, Int)], _ edges: inout [Edge]) {
    // Where the cluster of each place goes: a union stays at the first of its two.
    var places = [Int](0..<clusters.count)
    var isMerged = [Bool](repeating: false, count: clusters.count)
    for (place, other) in pairs {
      edges.append(clusters.merge(place, other))
      places[other] = place
      (isMerged[place], isMerged[other]) = (true, true)
    }
    let kept = places.indices.filter { places[$0] == $0 }
    clusters.keep(kept)
    for (place, old) in kept.enumerated() { places[old] = place }
    for (_, other) in pairs { places[other] = places[places[other]] }
    for (place, old) in kept.enumerated() {
      let known = nearest[old]
      hints[place] = isMerged[old] ? nil : known.map { places[$0] }
      nearest[place] = isMerged[old] || known.map { isMerged[$0] } ?? true ? nil : hints[place]
    }
    nearest.removeLast(pairs.count)
    hints.removeLast(pairs.count)
  }
}
