import Catalog
import Clustering
import Features
import Similarity
import Storage

/// What the merge pass compares, and the links that are there before it compares anything.
///
/// Memory: one batch folder at a time; features go to a scratch file.
struct MergeInput {
  /// The images that are compared with each other.
  private(set) var set: ImageSet
  /// Links of batches and of identical content; a forest.
  private(set) var links: [Link] = []
  /// Pairs by similarity besides those that the join of `set` will count, and counted as it does.
  private(set) var counts: PairCounts

  private let plan: MergePlan
  private let context: RunContext
  private let isLiving: [Bool]
  private var identical: IdenticalContent

  init(plan: MergePlan, context: RunContext) throws {
    self.plan = plan
    self.context = context
    try context.files.makeFolder(context.directory.mergeFolder)
    set = try ImageSet(
      plan.comparison, scratch: context.directory.mergeFolder + "/rows.unfinished",
      isOfArchive: true)
    counts = PairCounts(plan.comparison)
    identical = IdenticalContent()
    var isLiving = [Bool](repeating: false, count: try context.database.imageNumberLimit())
    for image in plan.images { isLiving[Int(image)] = true }
    self.isLiving = isLiving
    var builder = ForestBuilder(imageCount: isLiving.count)
    for batch in plan.batches { try append(batch, to: &builder) }
    switch plan.mode {
    case .exhaustive:
      let plain = set.plainLinks()
      builder.add(contentsOf: plain.links)
      counts.links[0] += Int64(plain.pairCount)
    case .representatives:
      builder.add(contentsOf: identical.links)
      counts.links[0] += identical.pairCountBeyondRepresentatives
    }
    links = builder.finish()
    identical = IdenticalContent()
  }

  private mutating func append(_ batch: BatchRecord, to builder: inout ForestBuilder) throws {
    let stored = try StoredBatch(batch, measure: plan.measure, context: context)
    let first = batch.firstImage.rawValue
    switch plan.mode {
    case .exhaustive:
      // The join of all images finds the links inside batches too.
      try set.append(stored.arrays, firstImage: first) { [isLiving] in isLiving[Int($0)] }
    case .representatives:
      let made = stored.links
      guard made.links.allSatisfy({ isLiving[Int($0.a)] && isLiving[Int($0.b)] }) else {
        throw DamagedFile(
          path: context.directory.databaseFile,
          detail: "it leaves out images that batch \(batch.id.rawValue) links")
      }
      builder.add(contentsOf: made.links)
      counts += made.counts
      try appendRepresentatives(of: batch, stored.arrays, made)
    }
  }

  /// Adds one image of each cluster of a batch, and its outliers.
  private mutating func appendRepresentatives(
    of batch: BatchRecord, _ arrays: BatchArrays, _ made: BatchLinks
  ) throws {
    let first = batch.firstImage.rawValue
    let partition = made.partition(threshold: plan.cut, images: batch.images) {
      isLiving[Int($0)]
    }
    var representatives = Set(partition.outliers.map { $0 + first })
    let chooser = try RepresentativeChooser(
      rule: plan.rule, images: context.database.images(of: batch.id), arrays: arrays,
      plan.comparison)
    for index in 0..<partition.clusterCount {
      representatives.insert(try chooser.representative(of: partition.cluster(index)) + first)
    }
    var chosen = try ImageSet(
      plan.comparison, scratch: context.directory.mergeFolder + "/chosen.unfinished")
    try chosen.append(arrays, firstImage: first) { representatives.contains($0) }
    // The join of all representatives meets those of one batch again: their pairs are in the counts
    // of the batch already.
    counts -= PairCounts(try chosen.join().result(), plan.comparison)
    try set.append(arrays, firstImage: first) { representatives.contains($0) }
    for row in 0..<batch.imageCount where arrays.outcomes[row] == OutcomeCode.done.rawValue {
      let image = first + UInt32(row)
      guard isLiving[Int(image)] else { continue }
      let isCompared =
        representatives.contains(image) && arrays.columns[plan.measure]?.hasDetail[row] == 1
      identical.append(
        image, content: arrays.content(row: row), batch: batch.id, isCompared: isCompared)
    }
  }
}

/// Picks the image that stands for a cluster of a batch; clusters and answers are rows of it.
struct RepresentativeChooser {
  private let rule: RepresentativeRule
  private let pixelCounts: [Int]
  private let arrays: BatchArrays
  private let comparison: Comparison

  init(
    rule: RepresentativeRule, images: [CatalogImage], arrays: BatchArrays, _ comparison: Comparison
  ) {
    self.rule = rule
    pixelCounts = images.map { $0.width * $0.height }
    self.arrays = arrays
    self.comparison = comparison
  }

  func representative(of members: ArraySlice<UInt32>) throws -> UInt32 {
    try rule.representative(of: members, pixelCount: { pixelCounts[Int($0)] }) { members in
      var features = ByteStrings()
      for member in members {
        guard let column = arrays.columns[comparison.measure] else {
          preconditionFailure("a batch without the feature '\(comparison.measure.name)'")
        }
        features.append(try column.feature(ofRow: Int(member)))
      }
      return comparison.distances(of: features)
    }
  }
}

/// Images with the same bytes, across all batches.
private struct IdenticalContent {
  private struct Group {
    let lowest: UInt32
    var pairs = CrossPairs()
    var comparedPairs = CrossPairs()
  }

  /// Counts pairs of different batches, images given batch after batch.
  private struct CrossPairs {
    var earlierCount: Int64 = 0
    var batch: BatchID?
    var batchCount: Int64 = 0
    var pairCount: Int64 = 0

    mutating func add(in newBatch: BatchID) {
      if batch != newBatch {
        earlierCount += batchCount
        (batch, batchCount) = (newBatch, 0)
      }
      batchCount += 1
      pairCount += earlierCount
    }
  }

  private var groups: [ContentHash: Group] = [:]
  /// Each image linked to the lowest with the same content.
  private(set) var links: [Link] = []

  mutating func append(
    _ image: UInt32, content: ContentHash, batch: BatchID, isCompared: Bool
  ) {
    var group = groups[content] ?? Group(lowest: image)
    if group.lowest != image { links.append(Link(group.lowest, image, similarity: 1)) }
    group.pairs.add(in: batch)
    if isCompared { group.comparedPairs.add(in: batch) }
    groups[content] = group
  }

  /// Pairs of different batches that are linked by content and not compared.
  var pairCountBeyondRepresentatives: Int64 {
    groups.values.reduce(0) { $0 + $1.pairs.pairCount - $1.comparedPairs.pairCount }
  }
}
