import Catalog

/// The further pages: clusters in short, in the order of the result.
struct IndexPages {
  /// The paths of all pages; none when `report.html` shows every cluster.
  let names: [String]
  private let subject: ReportPages.Subject
  private let options: ReportOptions
  private let listedClusterCount: Int
  private var rows: [UInt8] = []
  private var clusterCount = 0
  private var thumbnailCount = 0

  init(subject: ReportPages.Subject, options: ReportOptions) {
    self.subject = subject
    self.options = options
    let total = subject.summary.clusterCount
    let perPage = options.clustersPerPage
    let wanted = total <= options.largestClusterCount ? 0 : (total + perPage - 1) / perPage
    let pageCount = min(wanted, options.pageLimit)
    listedClusterCount = min(total, pageCount * perPage)
    names = (0..<pageCount).map { Self.name(ofPage: $0) }
  }

  private static func name(ofPage page: Int) -> String {
    "pages/clusters-\((page + 1).zeroPadded(4)).html"
  }

  func hasRoom(for number: Int) -> Bool { number <= listedClusterCount }

  /// The images of a cluster that are to be shown here, while the limit on all pages lasts.
  func wishedThumbnails(of selection: MemberSelection) -> [ClusterMember] {
    let images = selection.shown.filter { $0.pathRank != nil }.map(\.member)
      .prefix(options.indexMemberLimit)
    return thumbnailCount + images.count <= options.indexThumbnailLimit ? Array(images) : []
  }

  mutating func append(_ selection: MemberSelection, thumbnails: [ImageID: ThumbnailResult]) {
    let markup = ClusterMarkup(
      archive: subject.archive, pathToRoot: "../", thumbnails: thumbnails)
    markup.appendRow(selection, limit: options.indexMemberLimit, to: &rows)
    clusterCount += 1
    thumbnailCount += wishedThumbnails(of: selection).count
  }

  /// The page that the last cluster filled or ended, once.
  mutating func takeFinishedPage() -> (name: String, bytes: [UInt8])? {
    let perPage = options.clustersPerPage
    guard clusterCount.isMultiple(of: perPage) || clusterCount == listedClusterCount else {
      return nil
    }
    let page = (clusterCount - 1) / perPage
    let first = page * perPage + 1
    var bytes: [UInt8] = []
    let range = "Clusters \(grouped(first)) to \(grouped(clusterCount))"
    PageFrame.appendHead(title: "\(range), \(subject.title)", to: &bytes)
    bytes.append("<main>\n<h1>")
    bytes.append(html: range)
    bytes.append("</h1>\n<p class=\"lede\">")
    bytes.append(html: "of \(grouped(subject.summary.clusterCount)) in \(subject.title), by size.")
    bytes.append("</p>\n")
    appendNavigation(page: page, to: &bytes)
    bytes.append(contentsOf: rows)
    appendNavigation(page: page, to: &bytes)
    bytes.append("</main>\n")
    PageFrame.appendFoot(to: &bytes)
    rows.removeAll(keepingCapacity: true)
    return (names[page], bytes)
  }

  private func appendNavigation(page: Int, to bytes: inout [UInt8]) {
    bytes.append("<nav aria-label=\"Pages\"><ul>\n<li><a href=\"../report.html\">Report</a></li>\n")
    for (target, words) in [(page - 1, "Larger clusters"), (page + 1, "Smaller clusters")]
    where names.indices.contains(target) {
      let file = names[target].dropFirst("pages/".count)
      bytes.append(raw: "<li><a href=\"\(file)\">\(words)</a></li>\n")
    }
    bytes.append(
      raw: "<li class=\"quiet\">page \(page + 1) of \(names.count)</li>\n</ul></nav>\n")
  }
}
