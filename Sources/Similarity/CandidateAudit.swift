/// What a join knows of the pairs that its candidates left out: integers that add up over tiles.
///
/// Some of the pairs left out, chosen by their image numbers, are measured all the same; those at or
/// above the floor are links that were missed. They are counted and not kept, so that whether a pair is
/// a link never hangs on chance.
public struct CandidateAudit: Hashable, Sendable {
  /// Pairs of images that were no candidates.
  public var skippedPairCount: UInt64
  /// Those of them that were measured.
  public var sampledPairCount: UInt64
  /// Those of the sample at or above the floor.
  public var missedPairCount: UInt64

  /// Makes an audit, of nothing by default.
  public init(
    skippedPairCount: UInt64 = 0, sampledPairCount: UInt64 = 0, missedPairCount: UInt64 = 0
  ) {
    self.skippedPairCount = skippedPairCount
    self.sampledPairCount = sampledPairCount
    self.missedPairCount = missedPairCount
  }

  /// Adds what another part of the join counted.
  public mutating func add(_ other: CandidateAudit) {
    skippedPairCount += other.skippedPairCount
    sampledPairCount += other.sampledPairCount
    missedPairCount += other.missedPairCount
  }
}

/// Which of the pairs left out are measured: a matter of both image numbers and of how many images
/// there are, so the same for any tile size and order.
struct AuditRule: Sendable {
  /// A pair is in the sample where its hash is at most this.
  private let highestHash: UInt64

  /// Of all pairs so many are sampled, or one in so many where that is more: a few seconds of the costly
  /// measures, or less than the candidates take.
  static let (sampledPairCount, mostPairsASample) = (20_000, 4_096)

  /// Makes the rule of a join of so many images.
  init(imageCount: Int) {
    let pairCount = imageCount * max(imageCount - 1, 0) / 2
    let pairsASample = min(pairCount / Self.sampledPairCount, Self.mostPairsASample)
    highestHash = .max / UInt64(max(pairsASample, 1))
  }

  /// Whether the audit takes a pair, in either order.
  func samples(_ first: UInt32, _ second: UInt32) -> Bool {
    let (lower, higher) = (UInt64(min(first, second)), UInt64(max(first, second)))
    // SplitMix64's finaliser (Steele, Lea and Flood 2014) on a seed of its own.
    var hash = (higher << 32 | lower) ^ 0x6175_6469_7400_0001
    hash = (hash ^ hash >> 30) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ hash >> 27) &* 0x94d0_49bb_1331_11eb
    return hash ^ hash >> 31 <= highestHash
  }
}
