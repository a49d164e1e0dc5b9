import Catalog

/// Takes a finished page: its path relative to the result's folder, and all its bytes.
public typealias PageSink = (_ path: String, _ bytes: [UInt8]) throws -> Void

/// Writes pages to look at: `report.html`, and `pages/clusters-0001.html` and so on.
///
/// `report.html` has the totals, the files left out, the threshold curve, the largest clusters and a
/// sample of the others; the further pages list the clusters in the order of the result. Pages are
/// opened from disk: no server, no network, one small script that no page needs. Thumbnails are files
/// beside them, asked for when a cluster is shown. The tables `clusters.csv`, `clusters.jsonl`,
/// `summary.json` and `left-out.csv` are expected in the same folder.
///
/// The bytes depend on what is passed in alone. A path is only ever text: it is escaped where it is
/// shown, percent-encoded where it is linked, and a security policy names the one script that may run.
///
/// - Complexity: O(images) time; memory for the clusters in full and one page, at most about 2 MiB
///   with the default options.
public struct ReportPages: ClusterWriter {
  /// What the pages are about.
  public struct Subject {
    /// The name of the archive, as the heading says it.
    public let title: String
    /// The totals; the clusters that follow must be as many as it says.
    public let summary: ResultSummary
    /// What other thresholds would give; nil for clusters that are not made of links.
    public let curve: ThresholdCurve?
    /// Plots beside the page, each with what it shows.
    public let plots: [(name: String, words: String)]
    /// The files left out.
    public let leftOut: LeftOutTally
    /// Where the originals are.
    public let archive: ArchiveLocation

    /// Makes a subject of its parts.
    public init(
      title: String, summary: ResultSummary, curve: ThresholdCurve?, leftOut: LeftOutTally,
      archive: ArchiveLocation, plots: [(name: String, words: String)] = []
    ) {
      self.title = title
      self.summary = summary
      self.curve = curve
      self.leftOut = leftOut
      self.archive = archive
      self.plots = plots
    }
  }

  private let subject: Subject
  private let options: ReportOptions
  private let makeThumbnails: ThumbnailMaker
  private let write: PageSink
  private let sampled: Set<Int>
  private var selection: MemberSelection?
  private var clusterCount = 0
  private var front: FrontPage
  private var index: IndexPages

  /// Starts the pages of a result.
  public init(
    subject: Subject, options: ReportOptions = ReportOptions(),
    thumbnails: @escaping ThumbnailMaker, sink: @escaping PageSink
  ) {
    self.subject = subject
    self.options = options
    makeThumbnails = thumbnails
    write = sink
    let total = subject.summary.clusterCount
    let largest = min(options.largestClusterCount, total)
    sampled =
      total > largest
      ? Set(sample(options.sampledClusterCount, of: largest + 1...total, seed: options.sampleSeed))
      : []
    index = IndexPages(subject: subject, options: options)
    front = FrontPage(subject: subject, options: options, pageNames: index.names)
  }

  /// Starts a cluster; throws nothing itself.
  public mutating func beginCluster(_ heading: ClusterHeading) throws {
    let isInFull = isInFull(heading.number)
    let isListed = index.hasRoom(for: heading.number)
    let limit = max(isInFull ? options.memberLimit : 0, isListed ? options.indexMemberLimit : 0)
    selection = limit > 0 ? MemberSelection(heading: heading, limit: limit) : nil
  }

  /// Looks at a member; throws nothing itself.
  public mutating func append(_ member: ClusterMember) throws { selection?.append(member) }

  /// Writes the cluster where it is shown; throws what the thumbnails or the sink throw.
  public mutating func endCluster() throws {
    clusterCount += 1
    guard let selection else { return }
    self.selection = nil
    let number = selection.heading.number
    var thumbnails: [ImageID: ThumbnailResult] = [:]
    if isInFull(number) {
      thumbnails = try self.thumbnails(of: selection.shown.map(\.member))
      front.append(
        selection, isSample: sampled.contains(number), thumbnails: thumbnails)
    }
    guard index.hasRoom(for: number) else { return }
    let wished = index.wishedThumbnails(of: selection).filter { thumbnails[$0.image] == nil }
    thumbnails.merge(try self.thumbnails(of: wished)) { first, _ in first }
    index.append(selection, thumbnails: thumbnails)
    if let page = index.takeFinishedPage() { try write(page.name, page.bytes) }
  }

  /// Outliers are counted in the totals and listed in the tables; throws nothing.
  public mutating func appendOutlier(_ image: ClusterMember) throws {}

  /// Writes the last page and `report.html`; throws what the sink throws.
  public mutating func finish() throws {
    precondition(
      clusterCount == subject.summary.clusterCount,
      "\(clusterCount) clusters after a summary of \(subject.summary.clusterCount)")
    try write("report.html", front.bytes)
  }

  private func isInFull(_ number: Int) -> Bool {
    number <= options.largestClusterCount || sampled.contains(number)
  }

  private func thumbnails(of images: [ClusterMember]) throws -> [ImageID: ThumbnailResult] {
    guard !images.isEmpty else { return [:] }
    let results = try makeThumbnails(images)
    precondition(
      results.count == images.count, "\(results.count) thumbnails of \(images.count) images")
    return Dictionary(uniqueKeysWithValues: zip(images.map(\.image), results))
  }
}
