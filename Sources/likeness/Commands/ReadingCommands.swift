import ArgumentParser
import Catalog
import Foundation
import Imaging
import Pipeline
import Report
import Similarity
import Storage

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "What is done of a run, what is left, what failed.",
    usage: "likeness status pictures.likeness")

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let path = try AbsolutePath.of(path)
    let status = try Session.read(path, environment: Invocation.reading)
      .status(failureLimit: json ? .max : 10)
    try StandardOutput.print(json ? self.json(status, path) : Self.text(status))
  }

  private static func text(_ status: RunStatus) -> String {
    let outcomes = status.outcomes
    let lines = [
      "archive    \(displayText(status.archive.utf8))",
      "images     \(outcomes.total.formatted()): \(counts(outcomes))",
      "batches    \(status.doneBatchCount.formatted()) of \(status.batchCount.formatted()) done",
      "measures   \(status.measures.joined(separator: ", "))",
      "merged     \(status.isMerged ? "yes" : "no")",
      status.clusteredParts.map { "clustered  \($0.done) of \($0.all) parts" },
      "in use     \(status.isInUse ? "yes, by another process" : "no")",
    ].compactMap(\.self)
    let failures = status.failures.map { failure in
      "\(failure.outcome): \(failure.path.displayName): \(failure.message)"
    }
    let unseen =
      status.unseen.prefix(10).map { "not looked at: \($0.message)" }
      + (status.unseen.count > 10
        ? ["not looked at: \((status.unseen.count - 10).formatted()) more"] : [])
    return (lines + unseen + failures).joined(separator: "\n")
  }

  private static func counts(_ outcomes: OutcomeCounts) -> String {
    OutcomeCode.allCases.filter { outcomes[$0] > 0 }
      .map { "\(outcomes[$0].formatted()) \($0.words)" }.joined(separator: ", ")
  }

  private func json(_ status: RunStatus, _ path: String) throws -> String {
    let outcomes = Dictionary(
      uniqueKeysWithValues: OutcomeCode.allCases.map { ("\($0)", status.outcomes[$0]) })
    return try JSONText.line([
      "run": path, "archive": status.archive, "images": outcomes,
      "batches": ["done": status.doneBatchCount, "all": status.batchCount],
      "measures": status.measures, "merged": status.isMerged, "inUse": status.isInUse,
      "clustered": status.clusteredParts.map { ["done": $0.done, "all": $0.all] } ?? NSNull(),
      "unseen": status.unseen.map {
        JSONText.path($0.path).merging(["message": $0.reason]) { $1 }
      },
      "failures": status.failures.map {
        JSONText.path($0.path).merging(
          ["outcome": "\($0.outcome)", "message": $0.message]) { $1 }
      },
    ])
  }
}

struct ThresholdsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thresholds",
    abstract:
      "What every threshold would give: links, clusters, clustered images, largest cluster.",
    usage: "likeness thresholds pictures.likeness")

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Flag(help: "Print JSON, a line a threshold.")
  var json = false

  @OptionGroup var settings: SettingOptions

  func run() throws {
    let path = try AbsolutePath.of(path)
    let session = try Session.read(
      path, layers: settings.layers(), environment: Invocation.reading)
    let (curve, imageCount) = try session.thresholds()
    guard !json else {
      return try CurveText.json(curve, imageCount: imageCount).forEach {
        try StandardOutput.print($0)
      }
    }
    try StandardOutput.print(
      CurveText.text(curve, imageCount: imageCount, floor: session.settings.link.floor),
      terminator: "")
  }
}

struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "The chain of links that joins two images.",
    usage: "likeness why pictures.likeness 2019/a.jpg 2021/b.jpg")

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Argument(help: "Two images: paths in the archive, as likeness shows them, or on disk.")
  var images: [String]

  @Flag(help: "Print JSON, a line an image of the chain; nothing when there is none.")
  var json = false

  @OptionGroup var settings: SettingOptions

  func validate() throws {
    guard images.count == 2 else { throw ValidationError("Name two images.") }
  }

  func run() throws {
    let session = try Session.read(
      AbsolutePath.of(path), layers: settings.layers(), environment: Invocation.reading)
    let archive = session.settings.archive + "/"
    let paths = images.map { image in
      let absolute = try? AbsolutePath.of(image)
      return ArchivePath(
        absolute.flatMap { $0.hasPrefix(archive) ? String($0.dropFirst(archive.count)) : nil }
          ?? image)
    }
    if session.settings.result == .clusters, !json {
      StandardError.print("the clusters of this run are of vectors; this is how links join the two")
    }
    let chain = try session.why(paths[0], paths[1])
    json ? try tellJSON(chain ?? []) : try tell(chain, floor: session.settings.link.floor)
  }

  private func tell(_ chain: [Session.ChainStep]?, floor: Double) throws {
    guard let chain else {
      return try StandardOutput.print(
        "no chain of links joins them, at any threshold from the floor (\(floor)) up")
    }
    for step in chain {
      if let similarity = step.similarity {
        let way = step.transform.map { ", " + Self.words($0) } ?? ""
        try StandardOutput.print("  | \(String(format: "%.6f", similarity))\(way)")
      }
      try StandardOutput.print(step.path.displayName)
    }
    try StandardOutput.print(
      "joined at thresholds up to \(chain.compactMap(\.similarity).min() ?? 1)")
  }

  private func tellJSON(_ chain: [Session.ChainStep]) throws {
    for step in chain {
      var object: [String: Any] = JSONText.path(step.path)
      if let similarity = step.similarity { object["similarity"] = similarity }
      if let transform = step.transform {
        object["transform"] = [
          "scale": transform.scale, "degrees": transform.degrees, "shiftX": transform.shift.x,
          "shiftY": transform.shift.y, "inliers": Double(transform.inlierCount),
          "matches": Double(transform.matchCount),
        ]
      }
      try StandardOutput.print(JSONText.line(object))
    }
  }

  /// What takes one picture to the next.
  private static func words(_ transform: SimilarityTransform) -> String {
    String(
      format:
        "scaled by %.3f, turned by %.1f degrees, moved by %.1f, %.1f pixels: %d of %d matches",
      transform.scale, transform.degrees, transform.shift.x, transform.shift.y,
      transform.inlierCount, transform.matchCount)
  }
}

struct FormatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats", abstract: "What this machine reads, and how.")

  @Flag(help: "Print JSON, a line a format.")
  var json = false

  func run() throws {
    for support in readableFormats() {
      let name = support.format.rawValue
      guard !json else {
        try StandardOutput.print(
          JSONText.line([
            "format": name, "decoder": support.decoder, "wayIn": support.wayIn,
            "reads": support.lane == nil ? "no" : support.isExtra ? "on request" : "yes",
          ]))
        continue
      }
      let how =
        support.lane == nil
        ? "not read: \(support.wayIn)"
        : support.isExtra ? "\(support.decoder), with '--formats \(name)'" : support.decoder
      try StandardOutput.print(name + String(repeating: " ", count: max(1, 12 - name.count)) + how)
    }
  }
}
