/// The links that a costly measure may have missed, because only candidates were compared: estimated on
/// a sample of the pairs left out.
public struct MissedLinks: Hashable, Sendable {
  /// Of all links at or above the floor, the part that is missed: the estimate, and the ends of its 95 %
  /// confidence interval.
  public var share, lowest, highest: Double
  /// Pairs of the sample, and those of them that are links.
  public var sampledPairCount, missedPairCount: Int
  /// Pairs that were left out.
  public var skippedPairCount: Int

  /// Makes an estimate of its parts.
  public init(
    share: Double, lowest: Double, highest: Double, sampledPairCount: Int, missedPairCount: Int,
    skippedPairCount: Int
  ) {
    self.share = share
    self.lowest = lowest
    self.highest = highest
    self.sampledPairCount = sampledPairCount
    self.missedPairCount = missedPairCount
    self.skippedPairCount = skippedPairCount
  }

  /// One sentence for a person.
  public var sentence: String {
    let links = missedPairCount == 1 ? "is a link" : "are links"
    let found = "\(grouped(missedPairCount)) \(links)"
    let pairs = "of \(grouped(skippedPairCount)) pairs that were no candidates"
    if sampledPairCount == skippedPairCount {
      return "\(Self.percent(share)) of the links at or above the floor are missed: \(pairs), all "
        + "measured to know, \(found)"
    }
    return "about \(Self.percent(share)) of the links at or above the floor are missed (95 % sure: "
      + "\(Self.percent(lowest)) to \(Self.percent(highest))): \(pairs) "
      + "\(grouped(sampledPairCount)) were measured, and \(found)"
  }

  /// Tenths of a percent.
  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return tenths == 0 && share > 0 ? "under 0.1 %" : "\(tenths / 10).\(tenths % 10) %"
  }
}
