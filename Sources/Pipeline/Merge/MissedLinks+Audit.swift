import Report
import Similarity
import Storage

extension RunContext {
  /// What the candidates of a plan's forest may have missed, nil where every pair was compared.
  func missedLinks(_ plan: MergePlan) throws -> MissedLinks? {
    guard plan.comparison.usesCandidates, let record = try database.audit(plan: plan.name) else {
      return nil
    }
    let audit = CandidateAudit(
      skippedPairCount: UInt64(record.skippedPairCount),
      sampledPairCount: UInt64(record.sampledPairCount),
      missedPairCount: UInt64(record.missedPairCount))
    let found = try database.linkCounts(plan: plan.name).reduce(0) { $0 + $1.links }
    let rate = audit.missRate(found: found)
    return MissedLinks(
      share: rate.estimate, lowest: rate.interval.lowerBound, highest: rate.interval.upperBound,
      sampledPairCount: Int(audit.sampledPairCount), missedPairCount: Int(audit.missedPairCount),
      skippedPairCount: Int(audit.skippedPairCount))
  }
}
