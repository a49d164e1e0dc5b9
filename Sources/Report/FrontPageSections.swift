import Catalog

/// The totals: what became of every file scanned, and the settings that decided it.
struct TotalsSection {
  let summary: ResultSummary

  func append(to bytes: inout [UInt8]) {
    bytes.append("<h2 id=\"totals\">What became of every file</h2>\n<dl class=\"totals\">\n")
    let outcomes = summary.outcomes
    for (words, count) in [
      ("scanned", outcomes.scanned), ("clustered", outcomes.clustered),
      ("outliers", outcomes.outliers), ("quarantined", outcomes.quarantined),
      ("not read", outcomes.notRead), ("skipped", outcomes.skipped),
    ] {
      bytes.append(raw: "<div><dt>\(words)</dt><dd>\(grouped(count))</dd></div>\n")
    }
    bytes.append("</dl>\n")
    appendConservation(to: &bytes)
    appendSettings(to: &bytes)
  }

  private func appendConservation(to bytes: inout [UInt8]) {
    let outcomes = summary.outcomes
    let parts = [
      outcomes.clustered, outcomes.outliers, outcomes.quarantined, outcomes.notRead,
      outcomes.skipped,
    ]
    let sum = "\(parts.map { grouped($0) }.joined(separator: " + ")) = "
    let total = grouped(parts.reduce(0, +))
    if outcomes.unaccounted == 0 {
      bytes.append(raw: "<p class=\"quiet\">\(sum)\(total): every file is accounted for.</p>\n")
    } else {
      bytes.append(raw: "<p class=\"alarm\">\(sum)\(total), but \(grouped(outcomes.scanned)) ")
      bytes.append("files were scanned: this result is not complete.</p>\n")
    }
    if summary.noDetailCount > 0 {
      bytes.append("<p class=\"quiet\">Images without detail, linked to identical files only: ")
      bytes.append(raw: "\(grouped(summary.noDetailCount)).</p>\n")
    }
    if let missed = summary.missedLinks {
      bytes.append(raw: "<p class=\"quiet\">Of this measure, \(missed.sentence).</p>\n")
    }
  }

  private func appendSettings(to bytes: inout [UInt8]) {
    bytes.append("<dl class=\"settings\">\n")
    for (name, value) in settings {
      bytes.append(raw: "<div><dt>\(name)</dt> <dd>")
      bytes.append(html: value)
      bytes.append("</dd></div>\n")
    }
    bytes.append("</dl>\n")
  }

  private var settings: [(String, String)] {
    switch summary.method {
    case .links(let settings):
      [
        ("measure", settings.measure), ("threshold", threeDecimals(settings.threshold)),
        ("batch threshold", threeDecimals(settings.batchThreshold)),
        ("floor", threeDecimals(settings.floor)), ("linkage", settings.linkage),
        ("merge", settings.merge),
      ]
    case .clustering(let settings):
      [
        ("measure", settings.measure), ("model", settings.model), ("chosen by", settings.choice),
        ("models tried", grouped(settings.modelCount)), ("merge", settings.merge),
      ]
    }
  }
}

/// The files left out: how many for each reason, and the first of each outcome by name.
struct LeftOutSection {
  let tally: LeftOutTally
  let archive: ArchiveLocation

  func append(to bytes: inout [UInt8]) {
    bytes.append("<h2 id=\"left-out\">What was left out, and why</h2>\n")
    let groups = LeftOutOutcome.allCases.flatMap(tally.groups)
    guard !groups.isEmpty else {
      bytes.append("<p>Nothing: every file scanned is an image that could be read.</p>\n")
      return
    }
    let unseenCount = tally.fileCount(of: .unseen)
    if unseenCount > 0 {
      bytes.append("<p class=\"alarm\">Folders or files that the scan could not look at: ")
      bytes.append(raw: "\(grouped(unseenCount)). What is new there is in no count above.</p>\n")
    }
    bytes.append("<p class=\"quiet\">All of them are in <a href=\"left-out.csv\">left-out.csv</a>.")
    bytes.append("</p>\n<table><thead><tr><th scope=\"col\">outcome</th>")
    bytes.append("<th scope=\"col\">reason</th><th scope=\"col\" class=\"number\">files</th></tr>")
    bytes.append("</thead><tbody>\n")
    for group in groups {
      bytes.append(raw: "<tr><td>\(group.outcome.words)</td><td>")
      bytes.append(html: group.reason)
      bytes.append(raw: "</td><td class=\"number\">\(grouped(group.fileCount))</td></tr>\n")
    }
    bytes.append("</tbody></table>\n")
    for outcome in LeftOutOutcome.allCases { appendFiles(of: outcome, to: &bytes) }
  }

  private func appendFiles(of outcome: LeftOutOutcome, to bytes: inout [UInt8]) {
    let files = tally.files(of: outcome)
    guard !files.isEmpty else { return }
    let total = tally.fileCount(of: outcome)
    let count =
      files.count < total ? "the first \(files.count) of \(grouped(total))" : grouped(total)
    bytes.append(raw: "<details><summary>\(outcome.words): \(count)</summary>\n<table><thead><tr>")
    bytes.append("<th scope=\"col\">file</th><th scope=\"col\">reason</th>")
    bytes.append("<th scope=\"col\">detail</th></tr></thead><tbody>\n")
    for file in files {
      bytes.append("<tr><td><a href=\"")
      archive.appendAddress(of: file.path, to: &bytes)
      bytes.append("\">")
      bytes.append(htmlPath: file.path)
      bytes.append("</a></td><td>")
      bytes.append(html: file.reason)
      bytes.append("</td><td>")
      bytes.append(html: file.detail)
      bytes.append("</td></tr>\n")
    }
    bytes.append("</tbody></table></details>\n")
  }
}
