import Catalog

/// What clusters of vectors depend on, as one name: what is recorded under it need not be computed again.
struct ClusterPlan: Sendable {
  /// The batches and images, and what they have.
  let base: MergePlan
  let settings: ClusterSettings
  /// A hash of everything above, after a word that parts it from the plans of merges.
  let name: String

  init(_ base: MergePlan, _ settings: ClusterSettings) {
    self.base = base
    self.settings = settings
    let text = "2 \(base.measure.name) \(base.measure.version) \(base.batchesName) \(settings.name)"
    name = Self.word + ContentHash(of: Array(text.utf8)).hexadecimal
  }

  private static let word = "clusters-"

  /// Whether a plan is one of these.
  static func isName(_ name: some StringProtocol) -> Bool { name.hasPrefix(word) }

  /// Whether each batch is clustered by itself first; one batch alone is all there is.
  var isByBatch: Bool { settings.merge == .representatives && base.batches.count > 1 }

  /// The number under which the last step is recorded, above those of the batches.
  var lastNumber: Int { Int(base.batches.last?.id.rawValue ?? 0) + 1 }

  /// The counts of clusters that are tried in a batch.
  ///
  /// Where the result is to have exactly so many, a
  /// batch has four times as many: what is parted there can be brought together, but not the other way
  /// round.
  var countsOfBatch: ClosedRange<Int> {
    let counts = settings.counts
    return counts.count == 1 ? 4 * counts.lowerBound...4 * counts.lowerBound : counts
  }
}
