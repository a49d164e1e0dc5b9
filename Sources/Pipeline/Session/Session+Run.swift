import Catalog
import Clustering
import Features
import Imaging
import Report
import Storage

extension Session {
  /// Where a run stops early.
  public enum Until: String, Sendable, CaseIterable {
    /// After the scan.
    case scan
    /// After the last batch is recorded.
    case batches
  }

  /// A run that is not as far as a command needs it.
  public struct NotReady: Error, CustomStringConvertible {
    /// One line for a person, with the command that goes on.
    public let description: String
  }

  /// What an invocation came to.
  public struct Outcome: Sendable {
    /// What the scan changed, if there was one.
    public var scan: ScanSummary?
    /// What was published, unless it stopped early.
    public var result: PublishedResult?
    /// How many images are quarantined.
    public var quarantinedCount = 0
    /// How many images could not be read.
    public var notReadCount = 0
  }

  /// Scans the archive.
  ///
  /// - Throws: `ArchiveMostlyMissing` unless accepted; nothing is changed then.
  public func scan(acceptMissing: Bool) throws -> ScanSummary {
    try scan(acceptMissing: acceptMissing) { _ in true }
  }

  /// Scans the archive for those files that `takes` admits.
  func scan(acceptMissing: Bool, takes: (ArchivePath) -> Bool) throws -> ScanSummary {
    let settings = context.settings
    let root = try ArchiveHealth.identity(ofRoot: settings.archive)
    context.progress.begin(1, of: 4, "Scanning", unit: "files")
    defer { context.progress.end() }
    let walk = WalkAhead(
      walk: ArchiveWalk(
        root: settings.archive, filter: settings.filter, followsLinks: settings.followsLinks,
        leftOut: try ArchiveHealth.identity(ofRoot: context.directory.path)),
      stop: context.stop)
    let reader = try ImageReader(
      archive: Array(settings.archive.utf8), rasters: [], settings: settings.decoding,
      decoderExecutable: context.decoderExecutable)
    var count = 0
    let summary = try context.database.recordScan(
      root: root, limits: settings.batchLimits, acceptMissing: acceptMissing,
      walk: { found in
        let tally = try walk.forEachFile { record in
          count += 1
          if count % 4096 == 0 { context.progress.advance(4096) }
          if takes(record.path) { try found(record) }
        }
        context.progress.advance(count % 4096)
        return tally
      },
      hash: { path in
        if context.stop.shouldStop { throw Interrupted() }
        return reader.read(path) { _ in true }.content
      })
    context.log.info("scan \(summary.number): \(summary.tally.fileCount) files")
    return summary
  }

  /// Does what is not done: batches, merge, result.
  ///
  /// - Parameters:
  ///   - until: where to stop early.
  ///   - retryQuarantined: whether quarantined images are tried again.
  public func finish(until: Until?, retryQuarantined: Bool = false) throws -> Outcome {
    var outcome = Outcome()
    // A run that was stopped before its first scan was recorded knows of no image yet.
    if try context.database.lastScan() == nil { outcome.scan = try scan(acceptMissing: false) }
    if until != .scan {
      try tellOfOtherDecoders()
      try passBatches(stage: 2, of: 4, retryQuarantined: retryQuarantined)
    }
    let counts = try context.database.outcomeCounts()
    outcome.quarantinedCount = counts[.quarantined]
    outcome.notReadCount = counts[.notRead]
    if until == nil { outcome.result = try publish(stage: 3, of: 4, drawsThumbnails: true) }
    return outcome
  }

  /// Brings every batch up to date: what comes from images first, then what is made of that.
  private func passBatches(stage: Int, of count: Int, retryQuarantined: Bool) throws {
    let measures = context.settings.measures
    let fit = ComponentFit(context: context)
    var derived = DerivedFeatures()
    for measure in Set(measures + Measure.all) where measure.basis != nil {
      if let stored = try fit.stored(measure) {
        derived.add(stored.fit, identity: stored.identity, for: measure)
      }
    }
    let isAskedFor = try context.database.batches().contains { !$0.has(.given) }
    if let given = context.settings.givenVectors, isAskedFor {
      let vectors = try GivenVectors(given.file, paths: given.paths)
      try tellOfUnmatched(vectors)
      derived.add(vectors)
    }
    let ready = measures.filter { $0.basis == nil || derived.canMake($0) }
    try BatchPass(
      context: context, measures: ready, derived: derived,
      retry: .init(notRead: true, quarantined: retryQuarantined)
    ).run(stage: stage, of: count)
    let unfitted = measures.filter { !ready.contains($0) }
    guard !unfitted.isEmpty, try !context.database.batches().isEmpty else { return }
    for measure in unfitted {
      if let fitted = try fit.fit(measure, stage: stage, of: count) {
        derived.add(fitted.fit, identity: fitted.identity, for: measure)
      } else {
        derived.addNothing(for: measure)
      }
    }
    try BatchPass(
      context: context, measures: measures, derived: derived,
      retry: .init(notRead: false, quarantined: false)
    ).run(stage: stage, of: count)
  }

  /// Tells how many images have no vector, and how many vectors no image.
  ///
  /// - Throws: `SettingFailure` where none is of an image.
  private func tellOfUnmatched(_ vectors: GivenVectors) throws {
    var (matchedCount, imageCount) = (0, 0)
    var first: ArchivePath?
    try context.database.forEachLivingPath { path in
      imageCount += 1
      if vectors.hasRow(of: path) { matchedCount += 1 } else if first == nil { first = path }
    }
    guard matchedCount < imageCount || matchedCount < vectors.count else { return }
    let example = first.map { ", first \($0.displayName)" } ?? ""
    let words =
      "\(matchedCount.formatted()) of \(imageCount.formatted()) files have a vector\(example); "
      + "\((vectors.count - matchedCount).formatted()) of \(vectors.count.formatted()) vectors are of "
      + "no file of the archive"
    guard matchedCount > 0 || imageCount == 0 else {
      throw SettingFailure(
        "'--feature-paths': \(words); paths are those below \(context.settings.archive)")
    }
    context.log.warning("\(words)")
    context.tell(words)
  }

  /// Runs the merge stage again: links between batches if they are not there, cut, result.
  ///
  /// Opens no image. Settings of clusters are kept before the work begins, so that `finish` goes on with
  /// it.
  public func merge() throws -> Outcome {
    var outcome = Outcome()
    let counts = try context.database.outcomeCounts()
    outcome.quarantinedCount = counts[.quarantined]
    outcome.notReadCount = counts[.notRead]
    outcome.result = try publish(stage: 1, of: 2, drawsThumbnails: false)
    return outcome
  }

  private func publish(
    stage: Int, of count: Int, drawsThumbnails: Bool
  ) throws -> PublishedResult {
    let publisher = ResultPublisher(
      context: context, result: try result(stage: stage, of: count, keepsSettings: true),
      thumbnails: ThumbnailFolder(context: context))
    return try publisher.publish(
      stage: stage + 1, of: count, drawsThumbnails: drawsThumbnails)
  }

  /// The clusters for the settings in force, of links or of vectors, by the first measure.
  ///
  /// - Parameter keepsSettings: whether those of clusters are kept once they are known to be possible and
  ///   before the work begins, so that a process that is killed is one to go on with.
  func result(stage: Int, of count: Int, keepsSettings: Bool = false) throws -> RunResult {
    let plan = try plan()
    switch context.settings.result {
    case .links:
      let forest = try MergePass(context: context).forest(plan, stage: stage, of: count)
      return try ResultCut(
        forest, plan: plan, threshold: context.settings.link.threshold,
        linkage: context.settings.linkage, context: context
      ).result(context)
    case .clusters:
      let pass = try ClusterPass(context: context, plan: plan)
      try pass.checkFits()
      if keepsSettings { try keepSettings() }
      return try pass.result(stage: stage, of: count)
    }
  }

  /// The plan for the settings in force.
  ///
  /// - Throws: `NotReady` when batches are not done yet.
  func plan() throws -> MergePlan {
    let measure = context.settings.measures[0]
    guard try context.database.lastScan() != nil else {
      throw NotReady(
        description: "\(context.directory.path): its archive was not scanned yet; "
          + "'likeness resume \(context.directory.path)' does it")
    }
    let batches = try context.database.batches()
    let waiting = batches.filter {
      $0.generation == 0 || $0.isStale || !$0.has(measure)
    }
    guard waiting.isEmpty else {
      throw NotReady(
        description: "\(context.directory.path): \(batches.count - waiting.count) of "
          + "\(batches.count) batches have links by '\(measure.name)'; go on with: likeness resume "
          + "\(context.directory.path) --measure \(measure.name)")
    }
    return MergePlan(
      context.settings, measure: measure, threshold: context.settings.link.threshold,
      batches: batches,
      images: try context.database.livingImages(.done))
  }
}
