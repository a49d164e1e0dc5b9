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
  /// replaced; another, or one that holds anything that we did not put there, is refused.
  ///
  /// - Throws: `TargetRefused` before anything is written, `Interrupted` when a stop was asked for;
  ///   what was there before stays then.
  /// - Returns: how many files were made.
  public func publish(to target: String, as kind: PublishedFile) throws -> Int {
    let folder = try TargetFolder(target, run: context.directory.path, archive: settings.archive)
    let result = try result(stage: 1, of: 2)
    try folder.prepare()
    let csv = try context.files.create(folder.unfinished + "/clusters.csv")
    let lines = try context.files.create(folder.unfinished + "/clusters.jsonl")
    var writers: [any ClusterWriter] = [
      ClusterCSV { try csv.append($0) }, ClusterJSONLines { try lines.append($0) },
      try LinkFolders(folder: folder.unfinished, archive: settings.archive, as: kind),
    ]
    context.progress.begin(
      2, of: 2, "Publishing", unit: "images",
      total: result.partition.members.count + result.partition.outliers.count)
    defer { context.progress.end() }
    writers.append(ProgressWriter(progress: context.progress))
    try ResultTelling(result, context: context).tell(&writers)
    try csv.finish()
    try lines.finish()
    try folder.putInPlace(context.files)
    return result.partition.members.count + result.partition.outliers.count
  }
}
