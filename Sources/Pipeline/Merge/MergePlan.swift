import Catalog
import Clustering
import Features
import Storage

/// What a forest depends on, as one name: two runs of the merge pass with the same plan give the same
/// tiles and the same forest, so what is recorded under the name need not be computed again.
struct MergePlan: Sendable {
  let comparison: Comparison
  let mode: MergeMode
  let rule: RepresentativeRule
  /// Where batches are cut at first.
  let batchThreshold: Double
  /// Where batches are cut to pick representatives; of no account for `exhaustive`.
  let cut: Double
  let batches: [BatchRecord]
  /// The images that take part, ascending: those that are done and not gone.
  let images: [UInt32]
  /// Rows on one side of a tile at least; tests of few images make it small.
  let leastBlockSize: Int
  /// A hash of everything above, in hexadecimal.
  let name: String
  /// A hash of the measure, the batches and the images, in hexadecimal: what was made of others is out
  /// of date.
  let batchesName: String

  /// The plan for a measure and threshold under settings.
  ///
  /// - Precondition: every batch is done and has the measure.
  init(
    _ settings: Settings, measure: Measure, threshold: Double, batches: [BatchRecord],
    images: [UInt32], leastBlockSize: Int = 4_096
  ) {
    comparison = settings.comparison(measure)
    mode = settings.merge
    rule = settings.representative
    // Up to the batch threshold there is one set of representatives, and so one forest; above it a
    // representative cannot speak for what split from it.
    batchThreshold = settings.link.batchThreshold
    cut = max(threshold, batchThreshold)
    self.batches = batches
    self.images = images
    self.leastBlockSize = leastBlockSize
    guard let batchesName = Self.batchesName(batches, images, measure: measure.name) else {
      preconditionFailure("a batch has no '\(measure.name)'")
    }
    self.batchesName = batchesName
    var text = "3 \(comparison.name) \(measure.version) \(mode.rawValue) \(batchesName) "
    text += "\(leastBlockSize)"
    if mode == .representatives { text += " \(rule.rawValue) \(cut)" }
    name = ContentHash(of: Array(text.utf8)).hexadecimal
  }

  /// What is compared.
  var measure: Measure { comparison.measure }

  /// Names batches and images as one measure sees them, nil when a batch lacks it.
  ///
  /// The generation is left out: a new one whose features and links by the measure are the old ones
  /// changes nothing here.
  private static func batchesName(
    _ batches: [BatchRecord], _ images: [UInt32], measure: String
  ) -> String? {
    let hasher = ContentHasher()
    unsafe images.withUnsafeBytes { unsafe hasher.add($0) }
    for batch in batches {
      guard batch.generation > 0, let digest = batch.measures[measure]?.digest else { return nil }
      let line = Array("\(measure) \(batch.id.rawValue) \(batch.images) \(digest)\n".utf8)
      unsafe line.withUnsafeBytes { unsafe hasher.add($0) }
    }
    return hasher.hash.hexadecimal
  }

  /// What every measure calls the batches as they are now.
  var batchesNameOfEachMeasure: Set<String> {
    let measures = Set(batches.flatMap(\.measures.keys))
    return Set(measures.compactMap { Self.batchesName(batches, images, measure: $0) })
  }
}
