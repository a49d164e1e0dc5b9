import Catalog
import Clustering
import Report
import Storage

/// What was published, for the command to tell.
public struct PublishedResult: Sendable {
  /// The folder that `result` points at.
  public let folder: String
  /// The totals.
  public let summary: ResultSummary
  /// What was tried for clusters of vectors, part after part.
  public let models: [TriedModel]
  /// How many folders and files the last scan could not look at.
  public let unseenCount: Int
  /// Whether it has pages to look at, not tables alone.
  public let hasPages: Bool
  /// How many thumbnails its pages lack.
  public let undrawnCount: Int
  /// Whether they lack them though images were opened to draw them.
  public let triedToDraw: Bool
}

/// Publishes a result in its run: tables, pages and folders of links, whole or not at all.
struct ResultPublisher {
  let context: RunContext
  let result: RunResult
  let thumbnails: ThumbnailFolder

  /// Publishes the result.
  ///
  /// - Throws: `Interrupted` when a stop was asked for; the result before stays then.
  /// - Parameter drawsThumbnails: whether thumbnails that are missing are made, which opens images.
  func publish(stage: Int, of stageCount: Int, drawsThumbnails: Bool) throws -> PublishedResult {
    let (number, folder) = try nextFolder()
    let unfinished = folder + ".unfinished"
    try context.files.makeFolder(context.directory.resultsFolder)
    try context.files.removeTree(unfinished)
    try context.files.makeFolder(unfinished)
    let leftOut = try writeLeftOut(into: unfinished)
    let summary = try summary(leftOut)
    try context.files.write(
      summary.json(leftOut: leftOut), to: unfinished + "/summary.json")
    context.progress.begin(
      stage, of: stageCount, "Publishing", unit: "images",
      total: result.partition.members.count + result.partition.outliers.count)
    for file in result.files {
      if let end = file.name.lastIndex(of: "/") {
        try context.files.makeFolder(unfinished + "/" + file.name[..<end])
      }
      try context.files.write(file.bytes, to: unfinished + "/" + file.name)
    }
    do {
      defer { context.progress.end() }
      try writeClusters(into: unfinished, summary: summary, leftOut: leftOut)
    }
    if drawsThumbnails { try thumbnails.makeMissing(stage: stage, of: stageCount) }
    try context.files.syncFileSystem(of: unfinished)
    try context.database.record(
      ResultRecord(
        number: number, digest: ResultComparison.tablesDigest(unfinished),
        thumbnails: thumbnails.shown()),
      inPlaceOf: context.directory.resultNumber)
    try context.files.publishFolder(unfinished, as: folder)
    try context.files.switchLink(context.directory.resultLink, to: "results/\(number)")
    for name in try DurableFiles.entries(of: context.directory.resultsFolder)
    where name != "\(number)" {
      try context.files.removeTree("\(context.directory.resultsFolder)/\(name)")
    }
    return PublishedResult(
      folder: folder, summary: summary, models: result.models,
      unseenCount: leftOut.fileCount(of: .unseen),
      hasPages: context.settings.publishing != .tables, undrawnCount: thumbnails.missing().count,
      triedToDraw: drawsThumbnails)
  }

  private func nextFolder() throws -> (number: Int, path: String) {
    let known = try DurableFiles.entries(of: context.directory.resultsFolder).compactMap { name in
      Int(name.prefix { $0 != "." })
    }
    let number = (known.max() ?? 0) + 1
    return (number, context.directory.resultFolder(number))
  }

  private func writeLeftOut(into folder: String) throws -> LeftOutTally {
    var tally = LeftOutTally()
    let file = try context.files.create(folder + "/left-out.csv")
    var table = LeftOutCSV { try file.append($0) }
    try context.database.forEachFailure { image, failure in
      let outcome: LeftOutOutcome? =
        switch image.outcome {
        case .quarantined: .quarantined
        case .notRead: .notRead
        case .skipped: .skipped
        case .done, .waiting: nil
        }
      guard let outcome else { return }
      let left = LeftOutFile(
        path: image.path, outcome: outcome,
        reason: Self.reason(of: failure, outcome),
        detail: failure.message)
      tally.append(left)
      try table.append(left)
    }
    for place in try context.database.lastScan()?.summary.tally.unseen ?? [] {
      let left = LeftOutFile(
        path: place.path, outcome: .unseen, reason: "the scan could not look there",
        detail: place.reason)
      tally.append(left)
      try table.append(left)
    }
    try table.finish()
    try file.finish()
    return tally
  }

  /// The kind of reason in words, the same for the same kind.
  private static func reason(of failure: ImageFailure, _ outcome: LeftOutOutcome) -> String {
    let decoder = failure.decoder.isEmpty || failure.decoder == "none" ? "" : ", \(failure.decoder)"
    return switch (outcome, failure.stage) {
    case (.skipped, _): "no image by its bytes"
    case (_, "read"): "storage"
    case (_, "length"): "a file over the limit"
    case (_, "identify"): "named like an image, but no image by its bytes"
    case (_, "format"): "a format that is not read"
    case (_, "header"): "refused by its header\(decoder)"
    default: "cannot be decoded\(decoder)"
    }
  }

  private func summary(_ leftOut: LeftOutTally) throws -> ResultSummary {
    let outcomes = try context.database.outcomeCounts()
    let partition = result.partition
    return ResultSummary(
      method: result.method,
      outcomes: .init(
        scanned: outcomes.total, clustered: partition.members.count,
        outliers: partition.outliers.count, quarantined: outcomes[.quarantined],
        notRead: outcomes[.notRead], skipped: outcomes[.skipped]),
      clusterCount: partition.clusterCount,
      largestClusterImageCount: partition.largestClusterSize,
      noDetailCount: try noDetailCount(), missedLinks: result.missedLinks)
  }

  private func noDetailCount() throws -> Int {
    var count = 0
    var images = result.images[...]
    for batch in result.batches {
      let arrays = try StoredBatch(batch, measure: result.measure, context: context).arrays
      let column = arrays.columns[result.measure]
      while let image = images.first, batch.images.contains(image) {
        if column?.hasDetail[Int(image - batch.images.lowerBound)] == 0 { count += 1 }
        images.removeFirst()
      }
    }
    return count
  }

  private func writeClusters(
    into folder: String, summary: ResultSummary, leftOut: LeftOutTally
  ) throws {
    let csv = try context.files.create(folder + "/clusters.csv")
    let lines = try context.files.create(folder + "/clusters.jsonl")
    var writers: [any ClusterWriter] = [
      ClusterCSV { try csv.append($0) }, ClusterJSONLines { try lines.append($0) },
    ]
    let publishing = context.settings.publishing
    if publishing == .folders {
      writers.append(
        try LinkFolders(folder: folder, archive: context.settings.archive, as: .symlink))
    }
    if publishing != .tables {
      writers.append(try pages(into: folder, summary: summary, leftOut: leftOut))
    }
    writers.append(ProgressWriter(progress: context.progress))
    try ResultTelling(result, context: context).tell(&writers)
    try csv.finish()
    try lines.finish()
  }

  private func pages(
    into folder: String, summary: ResultSummary, leftOut: LeftOutTally
  ) throws -> ReportPages {
    let files = context.files
    try files.makeFolder(folder + "/pages")
    try thumbnails.link(into: folder)
    let archive = context.settings.archive
    return ReportPages(
      subject: .init(
        title: ArchivePath(archive).lastComponent.displayName, summary: summary,
        curve: result.curve, leftOut: leftOut,
        archive: .absolute(root: Array(archive.utf8)), plots: result.plots),
      thumbnails: thumbnails.results
    ) { path, bytes in
      try files.write(bytes, to: "\(folder)/\(path)")
    }
  }
}

/// Counts what is told to the other writers.
struct ProgressWriter: ClusterWriter {
  let progress: Progress
  private var count = 0

  init(progress: Progress) { self.progress = progress }

  mutating func beginCluster(_ heading: ClusterHeading) throws {}
  mutating func append(_ member: ClusterMember) throws { note() }
  mutating func endCluster() throws {}
  mutating func appendOutlier(_ image: ClusterMember) throws { note() }
  mutating func finish() throws { progress.advance(count % 1000) }

  private mutating func note() {
    count += 1
    if count % 1000 == 0 { progress.advance(1000) }
  }
}
