import LinearAlgebra

/// Agglomerative clustering of rows under Euclidean distance: the whole tree.
///
/// Heights are SciPy's (`linkage`), and so is the tree where no two distances are equal. Sums are
/// made in double precision and in one order, and where a product in single precision rules a pair
/// out its rounding is bounded, so the tree is the same on every machine.
///
/// Equal distances are decided by row numbers: as SciPy does under complete, average and weighted
/// linkage, by the lower rows under single, centroid and median, and under Ward's for the rows
/// whose numbers differ in the lower bits, which lets equal rows pair up all at once.
///
/// | linkage | algorithm | time | memory |
/// |---|---|---|---|
/// | ward | all reciprocal nearest neighbours at once, round after round | O(n²d), seen | O(nd) |
/// | single | minimum spanning tree (Prim 1957, as Rohlf 1973) | O(n²d) | O(nd) |
/// | complete, average, weighted | chains of neighbours (Benzécri 1982) | O(n²d) | 4n² bytes |
/// | centroid, median | the generic algorithm (Müllner 2011) on centers | O(n²d), seen | O(nd) |
public struct Agglomerative: Equatable, Sendable {
  /// The distance of clusters.
  public let linkage: AgglomerativeLinkage

  /// Makes the method.
  public init(linkage: AgglomerativeLinkage) { self.linkage = linkage }

  /// The memory that `dendrogram(of:checkpoint:)` takes besides its argument.
  ///
  /// - Returns: bytes; the caller refuses what is over its limit.
  public func memoryBytes(rowCount: Int, dimension: Int) -> Int {
    switch linkage {
    case .ward: WardMerging.memoryBytes(rowCount: rowCount, dimension: dimension)
    case .single: SpanningTree.memoryBytes(rowCount: rowCount, dimension: dimension)
    case .complete, .average, .weighted: ChainMerging.memoryBytes(rowCount: rowCount)
    case .centroid, .median:
      CenterMerging.memoryBytes(rowCount: rowCount, dimension: dimension)
    }
  }

  /// Merges rows until one cluster is left.
  ///
  /// - Parameters:
  ///   - rows: for Ward's linkage no longer than 1e18, whose square single precision holds.
  ///   - checkpoint: called some times a second at least; what it throws ends the work.
  public func dendrogram(of rows: Rows, checkpoint: () throws -> Void) rethrows -> Dendrogram {
    switch linkage {
    case .ward:
      var merging = WardMerging(rows)
      return Dendrogram(count: rows.count, sorting: try merging.merges(checkpoint: checkpoint))
    case .single:
      let edges = try SpanningTree.edges(of: rows, checkpoint: checkpoint)
      return Dendrogram(count: rows.count, ascending: edges)
    case .complete, .average, .weighted:
      var merging = try ChainMerging(rows, linkage: linkage, checkpoint: checkpoint)
      return Dendrogram(count: rows.count, sorting: try merging.merges(checkpoint: checkpoint))
    case .centroid, .median:
      var merging = CenterMerging(rows, linkage: linkage)
      return Dendrogram(count: rows.count, ascending: try merging.merges(checkpoint: checkpoint))
    }
  }
}

extension Dendrogram {
  /// The tree of merges that were found out of order, each named by a row of either cluster.
  fileprivate init(count: Int, sorting merges: [Edge]) {
    // By place at equal heights: what was merged first may be inside what was merged later.
    let order = merges.indices.sorted {
      (merges[$0].weight, $0) < (merges[$1].weight, $1)
    }
    self.init(count: count, ascending: order.lazy.map { merges[$0] })
  }
}
