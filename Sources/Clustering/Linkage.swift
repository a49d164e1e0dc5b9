/// How clusters merge at a threshold: what must hold between two clusters for them to be one.
///
/// Complete and average linkage refine single linkage at the same threshold, so they are computed
/// inside each of its components. Merges follow one total order: the most similar two clusters
/// first, ties by their lowest image numbers as in `Link`'s order. So the result is one and the same
/// whatever the order in which members come.
public enum Linkage: String, CaseIterable, Sendable {
  /// Two clusters merge if any two of their members are at or above the threshold.
  case single
  /// Two clusters merge if the mean similarity of their pairs is at or above the threshold (UPGMA,
  /// Sokal and Michener 1958).
  case average
  /// Two clusters merge if all of their pairs are at or above the threshold.
  case complete

  /// The memory that refining a component takes: a distance for each pair.
  ///
  /// - Returns: bytes, 4n² + 12n for n members; the caller refuses what is over its limit.
  public static func memoryBytes(memberCount: Int) -> Int {
    8 * (memberCount * max(memberCount - 1, 0) / 2) + 16 * memberCount
  }

  /// Splits a component of single linkage at `threshold` into this linkage's clusters.
  ///
  /// - Parameters:
  ///   - members: image numbers, each once, in the order by which ties are broken.
  ///   - scale: the distance of similarity 0, at least 1: a similarity is 1 - distance / scale.
  ///   - checkpoint: called now and then, at least once a merge; what it throws ends the work.
  ///   - distance: the true distance, from 0 to `scale`, also under the floor, of the members at two
  ///     positions of `members`; asked once for each pair.
  /// - Returns: clusters by their first member, and their members, in that order; a cluster of one is
  ///   an outlier.
  /// - Complexity: O(n²) time mostly, O(n³) at worst; `memoryBytes(memberCount:)`.
  public func refine(
    _ members: [UInt32], threshold: Double, scale: Int, checkpoint: () throws -> Void,
    distance: (Int, Int) -> Int
  ) rethrows -> [[UInt32]] {
    var merging = try PairwiseMerging(
      linkage: self, count: members.count, scale: scale, checkpoint: checkpoint,
      distance: distance)
    return try merging.clusters(threshold: threshold, checkpoint: checkpoint).map {
      $0.map { members[$0] }
    }
  }
}
