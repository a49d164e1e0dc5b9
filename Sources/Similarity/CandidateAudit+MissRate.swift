extension CandidateAudit {
  /// The share of links that the candidates lost: of all that a comparison of every pair would find.
  ///
  /// The sample's share of missed links and its 95 % interval (Clopper and Pearson 1934), times the pairs
  /// skipped, over that and what was found. Where nothing was sampled nothing is known: 0 if nothing was
  /// skipped either, else the interval is all that is possible.
  ///
  /// - Parameter found: links found, pairs of equal images among them.
  public func missRate(found: UInt64) -> (estimate: Double, interval: ClosedRange<Double>) {
    if skippedPairCount == 0 { return (0, 0...0) }
    func rate(_ share: Double) -> Double {
      let missed = share * Double(skippedPairCount)
      return missed == 0 ? 0 : missed / (missed + Double(found))
    }
    if sampledPairCount == 0 { return (0, 0...rate(1)) }
    // A sample of every pair leaves nothing to chance.
    let share = Double(missedPairCount) / Double(sampledPairCount)
    if sampledPairCount == skippedPairCount { return (rate(share), rate(share)...rate(share)) }
    return (rate(share), rate(lowestShare)...rate(highestShare))
  }

  /// Each side of the interval is missed by chance in so many cases.
  private static let tail = 0.025

  /// The share with which as many misses or more would be as rare as the tail.
  private var lowestShare: Double {
    if missedPairCount == 0 { return 0 }
    return Self.bisected { 1 - chance(ofAtMost: missedPairCount - 1, share: $0) < Self.tail }
  }

  /// The share with which as few misses would be as rare as the tail.
  private var highestShare: Double {
    if missedPairCount == sampledPairCount { return 1 }
    return Self.bisected { chance(ofAtMost: missedPairCount, share: $0) > Self.tail }
  }

  /// Where a condition that holds for small shares ceases to, to 2⁻⁶⁰.
  private static func bisected(_ holds: (Double) -> Bool) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The chance that a binomial count of the sample is at most `count`, term by term from the largest
  /// down, so that none that matters underflows.
  private func chance(ofAtMost count: UInt64, share: Double) -> Double {
    if share <= 0 { return 1 }
    if share >= 1 { return count >= sampledPairCount ? 1 : 0 }
    let n = Double(sampledPairCount)
    // Ratios of neighbouring terms, relative to the largest one.
    let mode = min(UInt64((n + 1) * share), sampledPairCount)
    func ratio(_ k: UInt64) -> Double { (n - Double(k)) / Double(k + 1) * share / (1 - share) }
    var (below, above, term) = (0.0, 0.0, 1.0)
    var k = mode
    while true {
      if k <= count { below += term } else { above += term }
      if k == 0 || term < 1e-20 { break }
      k -= 1
      term /= ratio(k)
    }
    (k, term) = (mode, 1)
    while k < sampledPairCount {
      term *= ratio(k)
      k += 1
      if term < 1e-20 { break }
      if k <= count { below += term } else { above += term }
    }
    return below / (below + above)
  }
}
