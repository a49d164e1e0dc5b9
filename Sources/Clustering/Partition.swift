/// All clusters and outliers of a run at one threshold, in flat arrays.
///
/// Clusters are ordered by size, the largest first, then by their lowest image number; members
/// and outliers ascend. No array is made per cluster: a million images may be half a million pairs.
public struct Partition: Equatable, Sendable {
  /// The members of all clusters, cluster after cluster.
  public let members: [UInt32]
  /// Cluster `k` is `members[offsets[k]..<offsets[k + 1]]`; one more entry than clusters.
  public let offsets: [Int]
  /// Images that take part and are in no cluster.
  public let outliers: [UInt32]

  /// How many clusters there are.
  public var clusterCount: Int { offsets.count - 1 }

  /// The members of a cluster, ascending.
  public func cluster(_ index: Int) -> ArraySlice<UInt32> {
    members[offsets[index]..<offsets[index + 1]]
  }

  /// The cluster of each image of `0..<imageCount`, nil's stand-in `UInt32.max` for the others.
  public func clusterOfImage(imageCount: Int) -> [UInt32] {
    var clusters = [UInt32](repeating: .max, count: imageCount)
    for index in 0..<clusterCount {
      for image in cluster(index) { clusters[Int(image)] = UInt32(index) }
    }
    return clusters
  }
}

extension Partition {
  /// The clusters that labels tell.
  ///
  /// - Parameters:
  ///   - clusterOfImage: for each image the number of its cluster, or a negative number for none; an image
  ///     alone in its cluster is an outlier.
  ///   - takesPart: whether an image counts.
  /// - Complexity: O(n) time, 20 bytes an image.
  public init(clusterOfImage: [Int32], takesPart: (UInt32) -> Bool) {
    var sets = DisjointSets(count: clusterOfImage.count)
    var first: [Int32: UInt32] = [:]
    var sizes = [UInt32](repeating: 0, count: clusterOfImage.count)
    var outliers: [UInt32] = []
    for (image, cluster) in clusterOfImage.enumerated() {
      let image = UInt32(image)
      guard takesPart(image), cluster >= 0 else { continue }
      if let first = first[cluster] { sets.join(first, image) } else { first[cluster] = image }
    }
    for (image, cluster) in clusterOfImage.enumerated() where takesPart(UInt32(image)) {
      let root = Int(sets.root(of: UInt32(image)))
      if cluster >= 0 { sizes[root] += 1 }
    }
    for image in clusterOfImage.indices where takesPart(UInt32(image)) {
      if sizes[Int(sets.root(of: UInt32(image)))] < 2 { outliers.append(UInt32(image)) }
    }
    for image in sizes.indices where sizes[image] == 1 { sizes[image] = 0 }
    self.init(&sets, sizes: sizes, outliers: outliers)
  }
}

extension SpanningForest {
  /// The components of all links at or above `threshold`.
  ///
  /// - Parameter takesPart: whether an image counts: one that was quarantined, is gone or was skipped
  ///   is no outlier.
  /// - Precondition: an image in a link of the forest at or above `threshold` takes part.
  /// - Complexity: O(n α(n)) time, 20 bytes an image.
  public func partition(
    threshold: Double, takesPart: (UInt32) -> Bool = { _ in true }
  ) -> Partition {
    let prefix = links[..<linkCount(atOrAbove: threshold)]
    var sets = DisjointSets(count: imageCount)
    for link in prefix { sets.join(link.a, link.b) }

    var sizes = [UInt32](repeating: 0, count: imageCount)
    for link in prefix where sizes[Int(sets.root(of: link.a))] == 0 {
      sizes[Int(sets.root(of: link.a))] = 1  // a root counts itself once
    }
    var outliers: [UInt32] = []
    for image in 0..<UInt32(imageCount) {
      let root = sets.root(of: image)
      if root != image {
        sizes[Int(root)] += 1
        precondition(takesPart(image), "image \(image) is linked and takes no part")
      } else if sizes[Int(image)] > 0 {
        precondition(takesPart(image), "image \(image) is linked and takes no part")
      } else if takesPart(image) {
        outliers.append(image)
      }
    }
    return Partition(&sets, sizes: sizes, outliers: outliers)
  }

  /// The similarity of the weakest link of the forest inside each cluster of a partition; nil where
  /// these links do not join all members, as a linkage may join them through other pairs.
  ///
  /// - Complexity: O(n) time, 4 bytes an image and 24 a cluster.
  public func weakestSimilarities(in partition: Partition) -> [Double?] {
    let clusters = partition.clusterOfImage(imageCount: imageCount)
    var linkCounts = [Int](repeating: 0, count: partition.clusterCount)
    var weakest = [Double?](repeating: nil, count: partition.clusterCount)
    // The most similar come first, so the last one stays.
    for link in links where clusters[Int(link.a)] == clusters[Int(link.b)] {
      let index = Int(clusters[Int(link.a)])
      if index == UInt32.max { continue }
      linkCounts[index] += 1
      weakest[index] = link.similarity
    }
    // A forest has no cycle: one link fewer than members joins them all.
    for index in weakest.indices where linkCounts[index] + 1 < partition.cluster(index).count {
      weakest[index] = nil
    }
    return weakest
  }
}

extension Partition {
  /// Lays out the clusters of `sets`; `sizes` is at each root the size of its set, 0 elsewhere and
  /// for sets of one.
  fileprivate init(_ sets: inout DisjointSets, sizes: [UInt32], outliers: [UInt32]) {
    // A stable counting sort by size: roots ascend, so ties keep the lowest number first.
    let largest = Int(sizes.max() ?? 0)
    var countOfSize = [Int](repeating: 0, count: largest + 1)
    for size in sizes where size > 0 { countOfSize[Int(size)] += 1 }
    var next = [Int](repeating: 0, count: largest + 1)
    var clusterCount = 0
    for size in stride(from: largest, to: 0, by: -1) {
      next[size] = clusterCount
      clusterCount += countOfSize[size]
    }
    var clusterOfRoot = [UInt32](repeating: 0, count: sizes.count)
    var sizeOfCluster = [UInt32](repeating: 0, count: clusterCount)
    for (root, size) in sizes.enumerated() where size > 0 {
      clusterOfRoot[root] = UInt32(next[Int(size)])
      sizeOfCluster[next[Int(size)]] = size
      next[Int(size)] += 1
    }

    var offsets = [0]
    offsets.reserveCapacity(clusterCount + 1)
    for size in sizeOfCluster { offsets.append(offsets[offsets.count - 1] + Int(size)) }
    var fill = offsets
    var members = [UInt32](repeating: 0, count: offsets[clusterCount])
    for image in 0..<UInt32(sizes.count) {
      let root = Int(sets.root(of: image))
      if sizes[root] == 0 { continue }
      let cluster = Int(clusterOfRoot[root])
      members[fill[cluster]] = image
      fill[cluster] += 1
    }
    self.init(members: members, offsets: offsets, outliers: outliers)
  }
}
