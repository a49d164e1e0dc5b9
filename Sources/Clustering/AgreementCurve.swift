/// How the components of a forest agree with known groups, at every threshold at once.
public struct AgreementCurve: Sendable {
  /// What one threshold gives.
  public struct Point: Hashable, Sendable {
    /// A similarity of the forest at which pairs of judged images are joined.
    public let similarity: Double
    /// The agreement of the components of all links at or above it.
    public let pairs: PairCounts
  }

  /// Stands for the group of an image that is not judged.
  public static let noGroup = UInt32.max

  /// One point for each similarity at which the counts change, descending; any threshold between two
  /// points gives what the upper one gives.
  public let points: [Point]
  /// What a threshold above every point gives: each image alone.
  public let none: PairCounts

  /// Sweeps the forest once.
  ///
  /// Images that are not judged join others as they do in the result, and are in no pair.
  ///
  /// - Parameter groupOfImage: the group of each image, `noGroup` for one that is not judged.
  /// - Precondition: `groupOfImage` has a group for each image of the forest.
  /// - Complexity: O(n log n) time, since the smaller table of groups goes into the larger one; 12 bytes
  ///   an image, and an entry of a dictionary for each judged one in a cluster.
  public init(_ forest: SpanningForest, groupOfImage: [UInt32]) {
    precondition(
      groupOfImage.count == forest.imageCount,
      "groups of \(groupOfImage.count) images, a forest of \(forest.imageCount)")
    var sets = DisjointSets(count: forest.imageCount)
    var tallies = GroupTallies(groupOfImage)
    let (imageCount, sameGroup) = tallies.totals()
    func counts(_ tallies: GroupTallies) -> PairCounts {
      PairCounts(
        imageCount: imageCount, sameGroup: sameGroup, sameCluster: tallies.joinedPairCount,
        sameBoth: tallies.rightPairCount)
    }
    none = counts(tallies)
    var points: [Point] = []
    var last = none
    for (position, link) in forest.links.enumerated() {
      if let (kept, lost) = sets.join(link.a, link.b) { tallies.join(lost, into: kept) }
      let isLast = position + 1 == forest.links.count
      if isLast || forest.links[position + 1].similarity != link.similarity {
        let now = counts(tallies)
        if now != last { points.append(Point(similarity: link.similarity, pairs: now)) }
        last = now
      }
    }
    self.points = points
  }

  /// What a threshold gives.
  ///
  /// - Complexity: O(log p) for p points.
  public func pairs(at threshold: Double) -> PairCounts {
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].similarity >= threshold { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? none : points[low - 1].pairs
  }

  /// The point of the largest F1, the most similar of several; nil when no two judged images are joined.
  public var best: Point? {
    points.reduce(nil) { best, point in
      if let best, best.pairs.f1 >= point.pairs.f1 { best } else { point }
    }
  }

  /// The point of the lowest similarity whose precision is at least `precision`, nil if none has it.
  ///
  /// Precision may be lower at a higher threshold, where few pairs are joined.
  public func lowest(withPrecision precision: Double) -> Point? {
    points.last { $0.pairs.precision >= precision }
  }
}

/// How many images of each group every set of a union-find has.
private struct GroupTallies {
  private(set) var joinedPairCount = 0
  private(set) var rightPairCount = 0

  /// At a root: how many judged images its set has.
  private var judgedCounts: [UInt32]
  /// At the root of a set with one judged image: the group of that.
  private var soleGroups: [UInt32]
  /// By the root of a set with more than one.
  private var tables: [UInt32: [UInt32: Int]] = [:]

  init(_ groupOfImage: [UInt32]) {
    soleGroups = groupOfImage
    judgedCounts = groupOfImage.map { $0 == AgreementCurve.noGroup ? 0 : 1 }
  }

  /// Of all images, before any is joined: how many are judged, and their pairs in one group.
  func totals() -> (imageCount: Int, sameGroup: Int) {
    var sizes: [UInt32: Int] = [:]
    for group in soleGroups where group != AgreementCurve.noGroup { sizes[group, default: 0] += 1 }
    return (
      sizes.values.reduce(0, +), sizes.values.reduce(0) { $0 + PairCounts.pairs(of: $1) }
    )
  }

  mutating func join(_ lost: UInt32, into kept: UInt32) {
    let (left, right) = (judgedCounts[Int(kept)], judgedCounts[Int(lost)])
    if right == 0 { return }
    judgedCounts[Int(kept)] = left + right
    guard left > 0 else {
      soleGroups[Int(kept)] = soleGroups[Int(lost)]
      tables[kept] = tables.removeValue(forKey: lost)
      return
    }
    var (large, small) = (takeTable(kept), takeTable(lost))
    if large.count < small.count { swap(&large, &small) }
    for (group, count) in small {
      let there = large[group, default: 0]
      rightPairCount += there * count
      large[group] = there + count
    }
    joinedPairCount += Int(left) * Int(right)
    tables[kept] = large
  }

  private mutating func takeTable(_ root: UInt32) -> [UInt32: Int] {
    tables.removeValue(forKey: root) ?? [soleGroups[Int(root)]: 1]
  }
}
