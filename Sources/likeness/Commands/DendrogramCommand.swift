import ArgumentParser
import Clustering
import Foundation
import Pipeline
import Storage

struct DendrogramCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dendrogram",
    abstract: "The tree of merges of a run's links or vectors, where to cut it, and a plot.",
    usage: """
      likeness dendrogram pictures.likeness --to tree.svg
      likeness dendrogram pictures.likeness --method ward --count 12 --to tree.svg
      """,
    discussion: """
      Without '--method' it is the tree of the links, whose heights are 1 less the similarity: a cut at \
      0.1 is a threshold of 0.9. The suggested cut is where merging on costs most at once.
      """)

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Option(
    help: ArgumentHelp(
      "Merge vectors by ward, single, complete, average, weighted, centroid or median.",
      valueName: "name"))
  var method: String?

  @Option(help: ArgumentHelp("The measure. Default: the run's first.", valueName: "name"))
  var measure: String?

  @Option(help: ArgumentHelp("Cut into so many parts.", valueName: "n"))
  var count: Int?

  @Option(help: ArgumentHelp("Cut at this height.", valueName: "distance"))
  var height: Double?

  @Option(help: ArgumentHelp("Write the plot there, as SVG.", valueName: "file"))
  var to: String?

  @OptionGroup var machine: MachineOptions

  @Flag(help: "Print JSON, all in one line.")
  var json = false

  func validate() throws {
    guard count == nil || height == nil else {
      throw ValidationError("Give '--count' or '--height', not both.")
    }
    guard count ?? 1 > 0 else { throw ValidationError("'--count' must be at least 1.") }
    guard height?.isFinite ?? true, height ?? 0 >= 0 else {
      throw ValidationError("'--height' must be a distance, from 0.")
    }
    if let method {
      guard method == "agglomerative" || ClusteringMethod(rawValue: method) != nil else {
        throw ValidationError("'--method' is '\(method)', which is no clustering method.")
      }
    }
  }

  func run() throws {
    var flags = SettingLayer()
    flags.setFlags([(.measure, measure)])
    let session = try Session.read(
      AbsolutePath.of(path), layers: machine.layers(flags), environment: Invocation.reading)
    let cut: Session.DendrogramCut =
      count.map { .count($0) } ?? height.map { .height($0) } ?? .suggested
    let tree = try session.dendrogram(
      method.flatMap { $0 == "agglomerative" ? .ward : ClusteringMethod(rawValue: $0) }, cut: cut)
    if let to { try DurableFiles().replaceFile(AbsolutePath.of(to), with: tree.svg) }
    try StandardOutput.print(json ? Self.json(tree) : text(tree))
  }

  private func text(_ tree: RunDendrogram) -> String {
    let roots = tree.rootCount > 1 ? ", in \(tree.rootCount.formatted()) parts" : ""
    var lines = [
      "\(OutcomeText.count(tree.imageCount, "image")) by \(tree.measure), "
        + "\(tree.method?.rawValue ?? "links")\(roots)"
    ]
    lines.append("parts  height of the merge that leaves one fewer")
    lines += tree.lastMerges.map { merge in
      "\(merge.partCount)".leftPadded(5) + "  " + String(format: "%.6g", merge.height)
    }
    if let suggested = tree.suggestedCount { lines.append("suggested: \(suggested) clusters") }
    if let cut = tree.cut {
      let sizes = cut.clusterSizes.prefix(10).map { $0.formatted() }.joined(separator: ", ")
      lines.append(
        "cut at \(String(format: "%.6g", cut.height)): "
          + OutcomeText.count(cut.clusterSizes.count, "cluster")
          + (sizes.isEmpty ? "" : " of \(sizes)\(cut.clusterSizes.count > 10 ? ", ..." : "")")
          + " images")
    }
    if let to { lines.append("look at \(to)") }
    return lines.joined(separator: "\n")
  }

  private static func json(_ tree: RunDendrogram) throws -> String {
    var object: [String: Any] = [
      "measure": tree.measure, "method": tree.method?.rawValue ?? "links",
      "images": tree.imageCount, "parts": tree.rootCount,
      "lastMerges": tree.lastMerges.map { ["parts": Double($0.partCount), "height": $0.height] },
    ]
    if let suggested = tree.suggestedCount { object["suggested"] = suggested }
    if let cut = tree.cut {
      object["cut"] = ["height": cut.height, "clusterSizes": cut.clusterSizes] as [String: Any]
    }
    return try JSONText.line(object)
  }
}

extension String {
  fileprivate func leftPadded(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
