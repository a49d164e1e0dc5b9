/// What every threshold would give, from the highest similarity of the forest to the lowest.
public struct ThresholdCurve: Equatable, Sendable {
  /// What one threshold gives.
  public struct Point: Equatable, Sendable {
    /// A similarity that occurs in the forest; links at it are counted.
    public let similarity: Double
    /// Links of the forest at or above it: the images minus the clusters and outliers.
    public let forestLinkCount: Int
    /// Clusters of two or more images.
    public let clusterCount: Int
    /// Images in clusters; the others that take part are outliers.
    public let clusteredImageCount: Int
    /// Members of the largest cluster.
    public let largestClusterSize: Int
  }

  /// One point for each distinct similarity, descending; any threshold between two points gives
  /// what the upper one gives.
  public let points: [Point]

  /// Sweeps the forest once.
  ///
  /// - Complexity: O(n α(n)) time, 8 bytes an image.
  public init(_ forest: SpanningForest) {
    var sets = DisjointSets(count: forest.imageCount)
    var sizes = [UInt32](repeating: 1, count: forest.imageCount)
    var points: [Point] = []
    var (clusterCount, clusteredImageCount, largest) = (0, 0, 0)
    for (position, link) in forest.links.enumerated() {
      if let (kept, lost) = sets.join(link.a, link.b) {
        let (left, right) = (sizes[Int(kept)], sizes[Int(lost)])
        clusteredImageCount += (left == 1 ? 1 : 0) + (right == 1 ? 1 : 0)
        clusterCount += 1 - (left > 1 ? 1 : 0) - (right > 1 ? 1 : 0)
        sizes[Int(kept)] = left + right
        largest = max(largest, Int(left + right))
      }
      let isLast = position + 1 == forest.links.count
      if isLast || forest.links[position + 1].similarity != link.similarity {
        points.append(
          Point(
            similarity: link.similarity, forestLinkCount: position + 1, clusterCount: clusterCount,
            clusteredImageCount: clusteredImageCount, largestClusterSize: largest))
      }
    }
    self.points = points
  }

  /// What a threshold gives, or nil if it is above every link: all images are outliers then.
  ///
  /// - Complexity: O(log p) for p points.
  public func point(at threshold: Double) -> Point? {
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].similarity >= threshold { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : points[low - 1]
  }
}
