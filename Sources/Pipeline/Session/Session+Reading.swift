import Catalog
import Clustering
import Features
import Report
import Similarity
import Storage

/// How far a run is.
public struct RunStatus: Sendable {
  /// The archive.
  public var archive: String
  /// Images of each outcome; waiting are those whose batch is not recorded.
  public var outcomes: OutcomeCounts
  /// Batches recorded, and how many there are.
  public var doneBatchCount: Int
  /// How many batches there are.
  public var batchCount: Int
  /// What is compared, the first for results.
  public var measures: [String]
  /// Whether the forest for the settings in force is there.
  public var isMerged: Bool
  /// How many parts of the archive are clustered, and how many there are; nil where the result is of links.
  public var clusteredParts: (done: Int, all: Int)?
  /// Whether a process is working on the run just now.
  public var isInUse: Bool
  /// What the last scan could not look at, with the reason.
  public var unseen: [ArchiveWalk.Unseen]
  /// The first images quarantined or not read, with the reason.
  public var failures: [(path: ArchivePath, outcome: OutcomeCode, message: String)]
}

extension Session {
  /// How far the run is.
  ///
  /// Reads only.
  ///
  /// - Parameter failureLimit: how many of the images left out are named.
  public func status(failureLimit: Int) throws -> RunStatus {
    let batches = try context.database.batches()
    let done = batches.filter { $0.generation > 0 && !$0.isStale }
    var failures: [(path: ArchivePath, outcome: OutcomeCode, message: String)] = []
    try context.database.forEachFailure { image, failure in
      if image.outcome != .skipped, failures.count < failureLimit {
        failures.append((image.path, image.outcome, failure.message))
      }
    }
    return RunStatus(
      archive: context.settings.archive, outcomes: try context.database.outcomeCounts(),
      doneBatchCount: done.count, batchCount: batches.count,
      measures: context.settings.measures.map(\.name),
      isMerged: try (try? plan()).map {
        try context.database.forestDigest(plan: $0.name) != nil
      } ?? false,
      clusteredParts: try context.settings.result == .clusters
        ? (try? plan()).map { try ClusterPass(context: context, plan: $0).parts } : nil,
      isInUse: RunLock.isHeld(context.directory),
      unseen: try context.database.lastScan()?.summary.tally.unseen ?? [],
      failures: failures)
  }

  /// What every threshold would give, single linkage.
  ///
  /// Reads only.
  ///
  /// - Throws: `NotReady` when the merge pass has not run with the settings in force.
  public func thresholds() throws -> (curve: Report.ThresholdCurve, imageCount: Int) {
    let (plan, forest) = try storedForest()
    let curve = CurveReader.curve(
      forest, counts: try context.database.linkCounts(plan: plan.name),
      threshold: context.settings.link.threshold)
    return (curve, try context.database.outcomeCounts()[.done])
  }

  /// The forest that is recorded for the settings in force.
  func storedForest() throws -> (MergePlan, SpanningForest) {
    let plan = try plan()
    if plan.images.isEmpty { return (plan, SpanningForest(sortedLinks: [], imageCount: 0)) }
    guard let forest = try MergePass(context: context).recordedForest(plan) else {
      throw NotReady(
        description: "\(context.directory.path): its batches are not merged with these settings "
          + "yet; go on with: likeness merge \(context.directory.path)")
    }
    return (plan, forest)
  }

  /// A name that no living image has.
  public struct UnknownImage: Error, CustomStringConvertible {
    /// What was asked for.
    public let path: ArchivePath
    /// One line for a person.
    public var description: String {
      "\(path.displayName): is not in the catalog; give a path inside the archive, as likeness "
        + "shows it"
    }
  }

  /// The chain of links that joins two images, nil if none does at any threshold kept.
  ///
  /// An image is named by its path, or by what its path is shown as where no image has that path.
  ///
  /// - Throws: `UnknownImage` for a name that is not in the catalog.
  public func why(_ first: ArchivePath, _ second: ArchivePath) throws -> [ChainStep]? {
    let (plan, forest) = try storedForest()
    let ends = try [first, second].map { path in
      guard let image = try image(namedAs: path) else { throw UnknownImage(path: path) }
      guard image.outcome == .done else {
        throw NotReady(
          description: "\(image.path.displayName): takes no part in the clusters, it is "
            + "\(image.outcome.words); see left-out.csv")
      }
      return image
    }
    guard ends[0].id != ends[1].id else { return [ChainStep(path: ends[0].path, similarity: nil)] }
    guard let path = forest.path(from: ends[0].id.rawValue, to: ends[1].id.rawValue) else {
      return nil
    }
    let keyPoints = try keyPoints(plan, of: path.images)
    return try path.images.enumerated().map { position, image in
      guard let found = try context.database.image(ImageID(rawValue: image)) else {
        throw DamagedFile(path: context.directory.databaseFile, detail: "image \(image) is missing")
      }
      guard position > 0 else { return ChainStep(path: found.path, similarity: nil) }
      let link = path.links[position - 1]
      return ChainStep(
        path: found.path, similarity: link.similarity,
        transform: transform(plan.measure, keyPoints[path.images[position - 1]], keyPoints[image]))
    }
  }

  /// The key points of images, where the measure has any; each batch is read and compared with what was
  /// recorded of it once.
  private func keyPoints(
    _ plan: MergePlan, of images: [UInt32]
  ) throws -> [UInt32: ArraySlice<UInt8>] {
    guard plan.measure.hasKeyPoints else { return [:] }
    var keyPoints: [UInt32: ArraySlice<UInt8>] = [:]
    for batch in plan.batches {
      let wanted = images.filter(batch.images.contains)
      if wanted.isEmpty { continue }
      let column = try StoredBatch(batch, measure: plan.measure, context: context)
        .arrays.columns[plan.measure]
      for image in wanted {
        keyPoints[image] = try column?.feature(ofRow: Int(image - batch.images.lowerBound))
      }
    }
    return keyPoints
  }

  /// What takes the key points of one image to another's, nil where there are none (equal content is linked
  /// without any) or they do not agree on it.
  private func transform(
    _ measure: Measure, _ first: ArraySlice<UInt8>?, _ second: ArraySlice<UInt8>?
  ) -> SimilarityTransform? {
    guard case .pair(let measure) = measure, let first, let second, !first.isEmpty, !second.isEmpty
    else { return nil }
    return measure.transform(first, second)
  }

  func image(namedAs path: ArchivePath) throws -> CatalogImage? {
    if let image = try context.database.image(at: path) { return image }
    let shown = path.utf8.flatMap(ArchivePath.init(displayName:))
    return try shown.flatMap { try context.database.image(at: $0) }
  }

  /// One image of a chain, and its similarity with the one before.
  public struct ChainStep: Sendable {
    /// The image.
    public let path: ArchivePath
    /// The similarity of the link that leads here; nil for the first.
    public let similarity: Double?
    /// What takes key points of the one before here, for measures that match them.
    public var transform: SimilarityTransform?
  }
}
