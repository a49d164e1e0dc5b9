/// How two partitions of the same images agree, pair by pair.
///
/// A pair counts as found when both images are in one cluster, and as right when they are in one group of
/// the truth. What has nothing to be counted of is perfect: 0/0 is 1.
public struct PairCounts: Hashable, Sendable {
  /// How many images there are.
  public let imageCount: Int
  /// Pairs in one group of the truth.
  public let sameGroup: Int
  /// Pairs in one cluster.
  public let sameCluster: Int
  /// Pairs in one group and in one cluster.
  public let sameBoth: Int

  /// Makes counts of their parts.
  ///
  /// - Precondition: `sameBoth` is at most `sameGroup` and `sameCluster`, and these at most all pairs.
  public init(imageCount: Int, sameGroup: Int, sameCluster: Int, sameBoth: Int) {
    let pairCount = Self.pairs(of: imageCount)
    precondition(
      sameBoth <= min(sameGroup, sameCluster) && max(sameGroup, sameCluster) <= pairCount,
      "\(sameBoth) pairs of \(sameGroup) and \(sameCluster) among \(imageCount) images")
    self.imageCount = imageCount
    self.sameGroup = sameGroup
    self.sameCluster = sameCluster
    self.sameBoth = sameBoth
  }

  /// How many pairs so many images make.
  public static func pairs(of imageCount: Int) -> Int { imageCount * (imageCount - 1) / 2 }

  /// The share of pairs in one cluster that are in one group, 0 to 1.
  public var precision: Double { Self.share(sameBoth, of: sameCluster) }
  /// The share of pairs in one group that are in one cluster, 0 to 1.
  public var recall: Double { Self.share(sameBoth, of: sameGroup) }
  /// The harmonic mean of precision and recall, 0 to 1.
  public var f1: Double { Self.share(2 * sameBoth, of: sameGroup + sameCluster) }

  /// The Rand index corrected for chance, at most 1, about 0 for clusters drawn at random
  /// (Hubert and Arabie 1985).
  ///
  /// It is 1 for equal partitions, trivial ones too, as in scikit-learn.
  public var adjustedRand: Double {
    let (onlyGroup, onlyCluster) = (sameGroup - sameBoth, sameCluster - sameBoth)
    guard onlyGroup > 0 || onlyCluster > 0 else { return 1 }
    let neither = Self.pairs(of: imageCount) - sameGroup - onlyCluster
    // In floating point: a million images have 5 · 10¹¹ pairs, whose products no Int holds.
    let (both, groups, clusters) = (Double(sameBoth), Double(onlyGroup), Double(onlyCluster))
    let none = Double(neither)
    return 2 * (both * none - groups * clusters)
      / ((both + groups) * (groups + none) + (both + clusters) * (clusters + none))
  }

  private static func share(_ part: Int, of whole: Int) -> Double {
    whole == 0 ? 1 : Double(part) / Double(whole)
  }
}
