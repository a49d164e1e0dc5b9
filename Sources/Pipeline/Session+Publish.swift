import Catalog
import Foundation
import Glibc
import Report
import Storage

extension Session {
  /// A folder that cannot be published to.
  public struct TargetRefused: Error, CustomStringConvertible {
    /// One line for a person.
    public let description: String
  }

  /// Publishes the result in force as a folder of its own: `clusters`, `outliers` and the tables.
  ///
  /// The folder is made beside its place and put there in one step. A folder of ours that is there is
  /// replaced; another is refused.
  ///
  /// - Throws: `TargetRefused` before anything is written, `Interrupted` when a stop was asked for;
  ///   what was there before stays then.
  /// - Returns: how many files were made.
  public func publish(to target: String, as kind: PublishedFile) throws -> Int {
    let folder = try TargetFolder(target, run: context.directory.path, archive: settings.archive)
    let cut = try cut(stage: 1, of: 2)
    try folder.prepare()
    let csv = try context.files.create(folder.unfinished + "/clusters.csv")
    let lines = try context.files.create(folder.unfinished + "/clusters.jsonl")
    var writers: [any ClusterWriter] = [
      ClusterCSV { try csv.append($0) }, ClusterJSONLines { try lines.append($0) },
      try LinkFolders(folder: folder.unfinished, archive: settings.archive, as: kind),
    ]
    context.progress.begin(
      2, of: 2, "Publishing", unit: "images",
      total: cut.partition.members.count + cut.partition.outliers.count)
    defer { context.progress.end() }
    writers.append(ProgressWriter(progress: context.progress))
    try ResultTelling(cut, context: context).tell(&writers)
    try csv.finish()
    try lines.finish()
    try folder.putInPlace(context.files)
    return cut.partition.members.count + cut.partition.outliers.count
  }
}

/// A folder that the user asked for, made beside its place until it is whole.
private struct TargetFolder {
  let path: String
  let unfinished: String

  /// Says that a folder is ours, and so may be replaced.
  private static let marker = ".likeness"

  init(_ path: String, run: String, archive: String) throws {
    self.path = path
    let url = URL(filePath: path)
    unfinished =
      url.deletingLastPathComponent().path(percentEncoded: false)
      + ".\(url.lastPathComponent).unfinished"
    for (folder, name) in [(archive, "the archive"), (run, "the run")] {
      guard !(path + "/").hasPrefix(folder + "/"), !(folder + "/").hasPrefix(path + "/") else {
        throw Session.TargetRefused(
          description:
            "\(path): lies inside \(name) \(folder), or holds it; name a folder elsewhere "
            + "with '--to'")
      }
    }
    try Self.refuseForeign(path)
    // Empty, it is what a process left that ended before it could mark it, or after.
    if try !DurableFiles.entries(of: unfinished).isEmpty { try Self.refuseForeign(unfinished) }
  }

  /// Refuses what is there and was not made by us.
  private static func refuseForeign(_ folder: String) throws {
    let manager = FileManager.default
    guard (try? manager.attributesOfItem(atPath: folder)) != nil else { return }
    guard manager.fileExists(atPath: folder + "/" + marker) else {
      throw Session.TargetRefused(
        description:
          "\(folder): is there and was not made by likeness, so it is not replaced; name "
          + "another folder with '--to', or remove it")
    }
  }

  func prepare() throws {
    let files = DurableFiles()
    try files.removeTree(unfinished)
    try files.makeFolder(unfinished)
    try files.write(
      Array("Made by 'likeness publish', which may replace this folder.\n".utf8),
      to: unfinished + "/" + Self.marker)
  }

  func putInPlace(_ files: DurableFiles) throws {
    // Asked for again: the folder may have come while the result was made.
    try Self.refuseForeign(path)
    try files.syncFileSystem(of: unfinished)
    try files.publishFolder(unfinished, inPlaceOf: path)
  }
}
