extension Dendrogram {
  /// The clusters in which no merge is over a height.
  ///
  /// Where a merge is lower than one inside it, as centroid and median linkage have it, the higher
  /// one counts (SciPy's `fcluster` by distance).
  ///
  /// - Complexity: O(n) time and memory.
  public func labels(cutAt height: Double) -> Labels {
    var isCut = [Bool](repeating: false, count: count + merges.count)
    return labels { index in
      let merge = merges[index]
      let isOver = merge.height > height || isCut[Int(merge.a)] || isCut[Int(merge.b)]
      isCut[count + index] = isOver
      return !isOver
    }
  }

  /// Exactly `clusterCount` clusters: the last merges are undone.
  ///
  /// - Precondition: `clusterCount` is from `rootCount` to `count`.
  /// - Complexity: O(n) time and memory.
  public func labels(clusterCount: Int) -> Labels {
    precondition(
      (rootCount...count).contains(clusterCount),
      "\(clusterCount) clusters of \(count) rows under \(rootCount) roots")
    return labels { $0 < count - clusterCount }
  }

  /// The number of clusters where merging on costs most at once: the largest second difference of
  /// the heights.
  ///
  /// With h(k) the height of the merge that leaves k - 1 of k clusters, k is taken for which
  /// h(k) - 2 h(k + 1) + h(k + 2) is largest: down to k clusters heights grow slowly, and with the
  /// next merge they jump. Ties go to fewer clusters.
  ///
  /// - Parameter limit: the most clusters to suggest.
  /// - Returns: from 2 to `limit`, or nil where there are fewer than three merges, or several
  ///   roots.
  public func suggestedClusterCount(atMost limit: Int = 25) -> Int? {
    guard rootCount == 1, count > 3, limit >= 2 else { return nil }
    let height = { (clusterCount: Int) in merges[count - clusterCount].height }
    var best = (clusterCount: 2, jump: -Double.infinity)
    for k in 2...min(limit, count - 2) {
      let jump = height(k) - 2 * height(k + 1) + height(k + 2)
      if jump > best.jump { best = (k, jump) }
    }
    return best.clusterCount
  }

  /// Labels of the clusters that are left when only some merges are made; asked in their order.
  private func labels(where isMade: (Int) -> Bool) -> Labels {
    // A node that is not made keeps itself as its cluster, and takes nothing in.
    var cluster = (0..<Int32(count + merges.count)).map { $0 }
    for (index, merge) in merges.enumerated() where isMade(index) {
      cluster[Int(merge.a)] = Int32(count + index)
      cluster[Int(merge.b)] = Int32(count + index)
    }
    for node in cluster.indices.reversed() { cluster[node] = cluster[Int(cluster[node])] }
    return Labels(cluster[..<count])
  }
}
