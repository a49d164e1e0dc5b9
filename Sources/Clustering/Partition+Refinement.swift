extension Partition {
  /// The largest cluster's size, which decides the memory that a linkage needs; 0 without clusters.
  public var largestClusterSize: Int { clusterCount == 0 ? 0 : offsets[1] }

  /// Replaces the clusters of single linkage by their refinement at the same threshold.
  ///
  /// - Parameters:
  ///   - similarity: the true similarity of two images, also under the floor.
  /// - Returns: the partition itself for single linkage.
  /// - Complexity: `Linkage.refine` for each cluster, one after another; the memory that
  ///   `Linkage.memoryBytes` gives for the largest.
  public func refined(
    by linkage: Linkage, threshold: Double, similarity: (UInt32, UInt32) -> Double
  ) -> Partition {
    if linkage == .single { return self }
    var refined: [RefinedCluster] = []
    for index in 0..<clusterCount {
      let members = Array(cluster(index))
      refined += linkage.refine(members, threshold: threshold) { first, second in
        similarity(members[first], members[second])
      }
    }
    return Partition(refined, outliers: outliers)
  }

  /// Orders refined clusters of any components into a partition; clusters of one become outliers.
  ///
  /// - Parameter outliers: the images that were in no component, ascending.
  /// - Complexity: O(n log n).
  public init(_ refined: [RefinedCluster], outliers: [UInt32]) {
    let clusters = refined.filter { $0.members.count > 1 }.sorted { left, right in
      left.members.count != right.members.count
        ? left.members.count > right.members.count : left.members[0] < right.members[0]
    }
    var offsets = [0]
    for cluster in clusters { offsets.append(offsets[offsets.count - 1] + cluster.members.count) }
    let alone = refined.filter { $0.members.count == 1 }.map { $0.members[0] }
    self.init(
      members: clusters.flatMap(\.members), offsets: offsets,
      weakestLinks: clusters.compactMap(\.lastMerge), outliers: (outliers + alone).sorted())
  }
}
