import Catalog
import Foundation
import Pipeline
import Report
import Storage

/// The closing words of a command, for a person and for a program.
enum OutcomeText {
  static func text(_ outcome: Session.Outcome, path: String) -> String {
    var lines: [String] = []
    if let scan = outcome.scan { lines.append(scanned(scan)) }
    if let result = outcome.result {
      let summary = result.summary
      let outcomes = summary.outcomes
      lines.append(
        "\(count(summary.clusterCount, "cluster")) of \(count(outcomes.clustered, "image")) "
          + "\(method(summary.method)), "
          + "\(count(outcomes.outliers, "outlier")), "
          + "largest cluster \(summary.largestClusterImageCount.formatted())")
      if let missed = summary.missedLinks { lines.append(missed.sentence) }
      let left = [
        (outcomes.quarantined, "quarantined"), (outcomes.notRead, "not read"),
        (outcomes.skipped, "skipped as no image"), (result.unseenCount, "not looked at"),
      ].filter { $0.0 > 0 }.map { "\($0.0.formatted()) \($0.1)" }
      if !left.isEmpty {
        lines.append("\(left.joined(separator: ", ")): see \(path)/result/left-out.csv")
      }
      if result.undrawnCount > 0 {
        let why =
          result.triedToDraw
          ? "could not be drawn: see \(path)/run.log"
          : "not drawn, as no image was opened: likeness resume \(ShellWord.quoted(path)) draws them"
        lines.append("\(count(result.undrawnCount, "thumbnail")) \(why)")
      }
      lines.append("look at \(path)/result/\(result.hasPages ? "report.html" : "clusters.csv")")
    } else if let scan = outcome.scan {
      lines.append(
        "\(count(scan.tally.fileCount, "file")) in the catalog; go on with: "
          + "likeness resume \(ShellWord.quoted(path))")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func method(_ method: ResultSummary.Method) -> String {
    switch method {
    case .links(let settings): "at \(settings.measure) \(settings.threshold)\(modes(settings))"
    case .clustering(let settings): "by \(settings.measure): \(settings.model)"
    }
  }

  /// What of linkage and merge mode is not the default.
  private static func modes(_ settings: ResultSummary.Settings) -> String {
    (settings.linkage == "single" ? "" : ", \(settings.linkage) linkage")
      + (settings.merge == "exhaustive" ? "" : ", \(settings.merge)")
  }

  private static func scanned(_ scan: ScanSummary) -> String {
    var parts = ["\(scan.newCount.formatted()) new"]
    for (number, word) in [
      (scan.changedCount, "changed"), (scan.renamedCount, "renamed"), (scan.goneCount, "gone"),
    ] where number > 0 {
      parts.append("\(number.formatted()) \(word)")
    }
    var text = "\(count(scan.tally.fileCount, "file")) found: \(parts.joined(separator: ", "))"
    let tally = scan.tally
    let odd = [
      (tally.linkCount, "links not followed"), (tally.specialCount, "pipes, sockets or devices"),
      (tally.excludedCount, "excluded"), (tally.repeatedFolderCount, "folders seen before"),
      (tally.unseen.count, "not looked at"),
    ].filter { $0.0 > 0 }.map { "\($0.0.formatted()) \($0.1)" }
    if !odd.isEmpty { text += " (\(odd.joined(separator: ", ")))" }
    for place in tally.unseen.prefix(10) {
      text += "\nnot looked at: \(place.message)"
    }
    return text
  }

  static func count(_ number: Int, _ word: String) -> String {
    "\(number.formatted()) \(word)\(number == 1 ? "" : "s")"
  }

  static func json(_ outcome: Session.Outcome, path: String) throws -> String {
    var object: [String: Any] = [
      "run": path, "quarantined": outcome.quarantinedCount, "notRead": outcome.notReadCount,
    ]
    if let scan = outcome.scan {
      object["scan"] = [
        "files": scan.tally.fileCount, "new": scan.newCount, "changed": scan.changedCount,
        "renamed": scan.renamedCount, "gone": scan.goneCount,
        "unseen": scan.tally.unseen.count,
      ]
    }
    if let result = outcome.result {
      var told: [String: Any] = [
        "folder": result.folder, "clusters": result.summary.clusterCount,
        "clustered": result.summary.outcomes.clustered,
        "outliers": result.summary.outcomes.outliers,
        "skipped": result.summary.outcomes.skipped,
        "largestCluster": result.summary.largestClusterImageCount,
        "measure": result.summary.measure,
      ]
      switch result.summary.method {
      case .links(let settings): told["threshold"] = settings.threshold
      case .clustering(let settings): told["model"] = settings.model
      }
      object["result"] = told
    }
    return try JSONText.line(object)
  }
}

/// Objects as one line of JSON with sorted keys.
enum JSONText {
  /// A path under the key `path`, or its bytes as Base64 under `pathBase64` when it is not UTF-8.
  static func path(_ path: ArchivePath) -> [String: String] {
    path.utf8.map { ["path": $0] } ?? ["pathBase64": Data(path.bytes).base64EncodedString()]
  }

  static func line(_ object: [String: Any]) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }
}
