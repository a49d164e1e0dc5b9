import Catalog
import Clustering
import Features
import Storage

/// What a forest depends on, as one name: two runs of the merge pass with the same plan give the same
/// tiles and the same forest, so what is recorded under the name need not be computed again.
struct MergePlan: Hashable, Sendable {
  let method: BitStringMethod
  let mode: MergeMode
  let rule: RepresentativeRule
  /// Where batches are cut to pick representatives; of no account for `exhaustive`.
  let cut: Double
  let floor: Double
  let batches: [BatchRecord]

  /// The plan for a measure and threshold under settings.
  ///
  /// - Precondition: every batch is done and has the measure.
  init(_ settings: Settings, method: BitStringMethod, threshold: Double, batches: [BatchRecord]) {
    self.method = method
    mode = settings.merge
    rule = settings.representative
    // Up to the batch threshold there is one set of representatives, and so one forest; above it a
    // representative cannot speak for what split from it.
    cut = max(threshold, settings.batchThreshold)
    floor = settings.floor
    self.batches = batches
    for batch in batches {
      precondition(
        batch.generation > 0 && batch.measures.contains(method.name),
        "batch \(batch.id.rawValue) has no '\(method.name)'")
    }
  }

  /// The name: a hash of everything above, in hexadecimal.
  var name: String {
    var text = "1 \(method.name) \(method.version) \(floor) \(mode.rawValue) \(batchesName)"
    if mode == .representatives { text += " \(rule.rawValue) \(cut)" }
    return ContentHash(of: Array(text.utf8)).hexadecimal
  }

  /// Names the batches as they are: a forest of others is out of date.
  var batchesName: String {
    let text = batches.map { "\($0.id.rawValue) \($0.generation) \($0.digest ?? "")\n" }.joined()
    return ContentHash(of: Array(text.utf8)).hexadecimal
  }
}
