import Catalog
import Clustering
import Features
import Similarity
import Storage

/// A run cut at one threshold: stage 4.
struct ResultCut {
  let plan: MergePlan
  let forest: SpanningForest
  let threshold: Double
  let linkage: Linkage
  let partition: Partition

  /// A component that average or complete linkage cannot take into memory.
  struct ComponentTooLarge: Error, CustomStringConvertible {
    let imageCount: Int
    let neededBytes: Int
    let limitBytes: Int
    let lowestThreshold: Double?
    let linkage: Linkage

    var description: String {
      let advice =
        lowestThreshold.map {
          "the lowest threshold at which all fit is \($0)"
        } ?? "at no threshold do all fit"
      return "'--linkage \(linkage.rawValue)': a component of \(imageCount) images needs "
        + "\(neededBytes >> 20) MiB of memory, and '--memory' allows \(limitBytes >> 20) MiB; "
        + advice + ", or give more memory. Nothing was published"
    }
  }

  /// Cuts a forest.
  ///
  /// - Throws: `ComponentTooLarge` before anything is computed for `average` and `complete`;
  ///   `Interrupted` when a stop was asked for while they are.
  init(
    _ forest: SpanningForest, plan: MergePlan, threshold: Double, linkage: Linkage,
    context: RunContext
  ) throws {
    self.plan = plan
    self.forest = forest
    self.threshold = threshold
    self.linkage = linkage
    var takesPart = [Bool](repeating: false, count: forest.imageCount)
    for image in plan.images { takesPart[Int(image)] = true }
    let single = forest.partition(threshold: threshold) { takesPart[Int($0)] }
    // Numbers are in order of the paths until a second scan.
    let rank =
      try context.database.lastScan()?.summary.number == 1
      ? nil : try context.database.ranksByPath()
    guard linkage != .single else {
      partition = rank.map(single.ordered(byFirst:)) ?? single
      return
    }
    try Self.checkFits(single, forest, linkage: linkage, limit: context.settings.memoryLimitBytes)
    let features = try FeatureTable(plan: plan, context: context)
    let refined = try single.refined(
      by: linkage, threshold: threshold, scale: plan.measure.scale, rank: rank,
      checkpoint: { if context.stop.shouldStop { throw Interrupted() } },
      distances: features.distances)
    partition = rank.map(refined.ordered(byFirst:)) ?? refined
  }

  private static func checkFits(
    _ partition: Partition, _ forest: SpanningForest, linkage: Linkage, limit: Int
  ) throws {
    let size = partition.largestClusterSize
    guard Linkage.memoryBytes(memberCount: size) > limit else { return }
    let fitting = ThresholdCurve(forest).points.last {
      Linkage.memoryBytes(memberCount: $0.largestClusterSize) <= limit
    }
    throw ComponentTooLarge(
      imageCount: size, neededBytes: Linkage.memoryBytes(memberCount: size), limitBytes: limit,
      lowestThreshold: fitting?.similarity, linkage: linkage)
  }
}

/// The stored features of every image of a run, for true distances of any two.
///
/// Memory: a byte an image, and the features of one component at a time.
struct FeatureTable {
  private let comparison: Comparison
  /// A row an image ever numbered; a number that no batch has, such as one of a batch that was lost,
  /// has a row too.
  private var rows: FeatureRows
  private var hasDetail: [Bool] = []
  private var contents: [UInt32: ContentHash] = [:]

  /// Reads the features that a plan compares.
  ///
  /// - Throws: `DamagedFile` when a batch is not what was recorded.
  init(plan: MergePlan, context: RunContext) throws {
    comparison = plan.comparison
    let measure = plan.measure
    rows = FeatureRows(
      measure.layout,
      file: try ScratchFile(path: context.directory.mergeFolder + "/features.unfinished"))
    for batch in plan.batches {
      let arrays = try StoredBatch(batch, measure: measure, context: context).arrays
      guard let column = arrays.columns[measure] else { continue }
      while rows.count < batch.firstImage.rawValue {
        try rows.appendNone()
        hasDetail.append(false)
      }
      for row in 0..<batch.imageCount {
        try rows.append(column.feature(ofRow: row))
        hasDetail.append(column.hasDetail[row] == 1)
        guard column.hasDetail[row] == 0 else { continue }
        contents[batch.firstImage.rawValue + UInt32(row)] = arrays.content(row: row)
      }
    }
    try rows.finish()
  }

  /// The distances of the images at two positions of `members`; of images without detail, 0 for
  /// identical content and else `Measure.scale`.
  func distances(_ members: [UInt32]) throws -> (Int, Int) -> Int {
    var features = ByteStrings()
    for image in members { features.append(try rows.bytes(of: Int(image)..<Int(image) + 1)) }
    let distance = comparison.distances(of: features)
    return { first, second in
      let (a, b) = (members[first], members[second])
      guard hasDetail[Int(a)], hasDetail[Int(b)] else {
        return contents[a] != nil && contents[a] == contents[b] ? 0 : comparison.measure.scale
      }
      return distance(first, second)
    }
  }
}
