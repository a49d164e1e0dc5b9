extension Partition {
  /// The largest cluster's size, which decides the memory that a linkage needs; 0 without clusters.
  public var largestClusterSize: Int { clusterCount == 0 ? 0 : offsets[1] }

  /// Replaces the clusters of single linkage by their refinement at the same threshold.
  ///
  /// - Parameters:
  ///   - scale: the distance of similarity 0: a similarity is 1 - distance / scale.
  ///   - rank: the place of each image where ties go to the one that comes first; nil for the numbers.
  ///   - checkpoint: called now and then, at least once a merge; what it throws ends the work.
  ///   - distances: asked once a cluster, for the true distances, also under the floor, of the images at
  ///     two positions of its members.
  /// - Returns: the partition itself for single linkage.
  /// - Complexity: `Linkage.refine` for each cluster, one after another; the memory that
  ///   `Linkage.memoryBytes` gives for the largest.
  public func refined(
    by linkage: Linkage, threshold: Double, scale: Int, rank: [UInt32]? = nil,
    checkpoint: () throws -> Void,
    distances: (_ members: [UInt32]) throws -> (Int, Int) -> Int
  ) rethrows -> Partition {
    if linkage == .single { return self }
    var refined: [[UInt32]] = []
    for index in 0..<clusterCount {
      var members = Array(cluster(index))
      if let rank { members.sort { rank[Int($0)] < rank[Int($1)] } }
      refined += try linkage.refine(
        members, threshold: threshold, scale: scale, checkpoint: checkpoint,
        distance: distances(members))
    }
    if rank != nil { refined = refined.map { $0.sorted() } }
    return Partition(refined, outliers: outliers)
  }

  /// The same clusters, those of one size in order of the member whose rank is lowest.
  ///
  /// - Parameter rank: the place of each image.
  /// - Complexity: O(n log n).
  public func ordered(byFirst rank: [UInt32]) -> Partition {
    let first = (0..<clusterCount).map { cluster($0).reduce(.max) { min($0, rank[Int($1)]) } }
    let order = (0..<clusterCount).sorted { left, right in
      let (count, other) = (cluster(left).count, cluster(right).count)
      return count != other ? count > other : first[left] < first[right]
    }
    var offsets = [0]
    for index in order { offsets.append(offsets[offsets.count - 1] + cluster(index).count) }
    return Partition(
      members: order.flatMap { cluster($0) }, offsets: offsets, outliers: outliers)
  }

  /// Orders refined clusters of any components into a partition; clusters of one become outliers.
  ///
  /// - Parameter outliers: the images that were in no component, ascending.
  /// - Complexity: O(n log n).
  init(_ refined: [[UInt32]], outliers: [UInt32]) {
    let clusters = refined.filter { $0.count > 1 }.sorted { left, right in
      left.count != right.count ? left.count > right.count : left[0] < right[0]
    }
    var offsets = [0]
    for cluster in clusters { offsets.append(offsets[offsets.count - 1] + cluster.count) }
    let alone = refined.filter { $0.count == 1 }.map { $0[0] }
    self.init(
      members: clusters.flatMap { $0 }, offsets: offsets, outliers: (outliers + alone).sorted())
  }
}
