import Catalog

/// `report.html`: gathers the clusters shown in full, and puts all parts together.
struct FrontPage {
  private let subject: ReportPages.Subject
  private let options: ReportOptions
  private let pageNames: [String]
  private var largest: [UInt8] = []
  private var samples: [UInt8] = []
  private var largestCount = 0
  private var sampleCount = 0

  init(subject: ReportPages.Subject, options: ReportOptions, pageNames: [String]) {
    self.subject = subject
    self.options = options
    self.pageNames = pageNames
  }

  mutating func append(
    _ selection: MemberSelection, isSample: Bool, thumbnails: [ImageID: ThumbnailResult]
  ) {
    let markup = ClusterMarkup(archive: subject.archive, pathToRoot: "", thumbnails: thumbnails)
    if isSample {
      markup.appendCard(selection, to: &samples)
      sampleCount += 1
    } else {
      markup.appendCard(selection, to: &largest)
      largestCount += 1
    }
  }

  /// The whole page.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    PageFrame.appendHead(title: "\(subject.title), groups of similar images", to: &bytes)
    bytes.append("<a class=\"skip\" href=\"#largest\">To the clusters</a>\n<main>\n<h1>")
    bytes.append(html: subject.title)
    bytes.append("</h1>\n")
    appendLede(to: &bytes)
    appendNavigation(to: &bytes)
    TotalsSection(summary: subject.summary).append(to: &bytes)
    appendCurve(to: &bytes)
    LeftOutSection(tally: subject.leftOut, archive: subject.archive).append(to: &bytes)
    appendClusters(to: &bytes)
    appendPages(to: &bytes)
    bytes.append("</main>\n")
    PageFrame.appendFoot(to: &bytes)
    return bytes
  }

  private func appendLede(to bytes: inout [UInt8]) {
    let summary = subject.summary
    let images = summary.outcomes.clustered + summary.outcomes.outliers
    bytes.append(raw: "<p class=\"lede\"><b>\(grouped(summary.outcomes.clustered))</b> of ")
    bytes.append(raw: "\(grouped(images)) images are in <b>\(grouped(summary.clusterCount))</b> ")
    bytes.append(raw: "\(summary.clusterCount == 1 ? "cluster" : "clusters") of similar images, ")
    switch summary.method {
    case .links(let settings):
      bytes.append(html: "by \(settings.measure) ")
      bytes.append(raw: "at <b>\(threeDecimals(settings.threshold))</b> and above")
    case .clustering(let settings): bytes.append(html: "by \(settings.measure): \(settings.model)")
    }
    if summary.largestClusterImageCount > 0 {
      bytes.append(raw: "; the largest has \(grouped(summary.largestClusterImageCount))")
    }
    bytes.append(".</p>\n")
  }

  private func appendNavigation(to bytes: inout [UInt8]) {
    bytes.append("<nav aria-label=\"Sections and tables\"><ul>\n")
    for (target, words) in [
      ("#totals", "Totals"), ("#curve", subject.curve == nil ? "Models" : "Thresholds"),
      ("#left-out", "Left out"),
      ("#largest", "Largest clusters"), ("#sample", "Random clusters"), ("#all", "All clusters"),
      ("clusters.csv", "clusters.csv"), ("clusters.jsonl", "clusters.jsonl"),
      ("summary.json", "summary.json"),
    ] where target != "#sample" || sampleCount > 0 {
      bytes.append(raw: "<li><a href=\"\(target)\">\(words)</a></li>\n")
    }
    bytes.append("</ul></nav>\n")
  }

  private func appendCurve(to bytes: inout [UInt8]) {
    guard let curve = subject.curve else { return appendModels(to: &bytes) }
    bytes.append("<h2 id=\"curve\">What other thresholds would give</h2>\n")
    guard !curve.points.isEmpty else {
      bytes.append("<p>No two images are similar enough to be linked at any threshold.</p>\n")
      return
    }
    bytes.append(
      "<p class=\"quiet\">Each curve counts at and above a threshold; the dashed line is ")
    bytes.append("this result. Where the largest cluster leaps, chains join what differs.</p>\n")
    bytes.append("<div class=\"plot\" tabindex=\"0\" role=\"group\" aria-label=\"Curves\">\n")
    curve.appendSVG(to: &bytes)
    bytes.append("</div>\n")
  }

  private func appendModels(to bytes: inout [UInt8]) {
    bytes.append("<h2 id=\"curve\">What was tried</h2>\n<p class=\"quiet\">Every model that was ")
    bytes.append("tried, with its scores, is in <a href=\"models.csv\">models.csv</a>.</p>\n")
    bytes.append("<div class=\"plots\">\n")
    for (name, words) in subject.plots {
      bytes.append("<a href=\"")
      bytes.append(html: name)
      bytes.append("\"><img src=\"")
      bytes.append(html: name)
      bytes.append("\" alt=\"")
      bytes.append(html: words)
      bytes.append("\"></a>\n")
    }
    bytes.append("</div>\n")
    if subject.plots.contains(where: { $0.name.hasPrefix("sheets/") }) {
      bytes.append("<p class=\"quiet\">Contact sheets of the largest clusters, up to 48 images of ")
      bytes.append("each, are in <a href=\"sheets/\">sheets</a>.</p>\n")
    }
  }

  private func appendClusters(to bytes: inout [UInt8]) {
    bytes.append("<h2 id=\"largest\">Largest clusters</h2>\n")
    guard largestCount > 0 else {
      bytes.append("<p>No two images are linked at this threshold.</p>\n")
      return
    }
    bytes.append(raw: "<p class=\"quiet\">At most \(options.memberLimit) members of a cluster are ")
    guard subject.curve != nil else {
      bytes.append("shown.</p>\n")
      return appendCards(to: &bytes)
    }
    bytes.append("shown. <em>Nearest</em> is an image’s strongest link to another member, ")
    bytes.append("<em>weakest</em> the weakest that joins it to the cluster: look there first ")
    bytes.append("for what does not belong.</p>\n")
    bytes.append(
      """
      <fieldset class="order" hidden><legend>Members ordered</legend>
      <label><input type="radio" name="order" value="path" checked> by path</label>
      <label><input type="radio" name="order" value="weakest"> weakest link first</label>
      </fieldset>

      """)
    appendCards(to: &bytes)
  }

  private func appendCards(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: largest)
    guard sampleCount > 0 else { return }
    bytes.append("<h2 id=\"sample\">Random clusters</h2>\n<p class=\"quiet\">")
    bytes.append(raw: "\(grouped(sampleCount)) drawn from the others, each as likely.</p>\n")
    bytes.append(contentsOf: samples)
  }

  private func appendPages(to bytes: inout [UInt8]) {
    bytes.append("<h2 id=\"all\">All clusters</h2>\n<p>")
    bytes.append("Every cluster and outlier is in <a href=\"clusters.csv\">clusters.csv</a>.")
    if pageNames.isEmpty {
      bytes.append(" All clusters are shown above.</p>\n")
      return
    }
    let listed = min(
      subject.summary.clusterCount, pageNames.count * options.clustersPerPage)
    bytes.append(raw: " The \(grouped(listed)) largest by size, in pages:</p>\n")
    bytes.append("<nav aria-label=\"Pages of clusters\"><ul>\n")
    for (page, name) in pageNames.enumerated() {
      let first = page * options.clustersPerPage + 1
      let last = min(first + options.clustersPerPage - 1, listed)
      bytes.append(
        raw: "<li><a href=\"\(name)\">\(grouped(first))–\(grouped(last))</a></li>\n")
    }
    bytes.append("</ul></nav>\n")
  }
}
