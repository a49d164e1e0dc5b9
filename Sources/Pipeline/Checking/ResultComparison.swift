import Storage

/// Compares what is published in a run with what was recorded of it.
///
/// The folders of links are not compared: each link names a file of the archive, which may change.
struct ResultComparison {
  let context: RunContext

  /// The digest of the tables and pages of a result.
  static func tablesDigest(_ folder: String) throws -> String {
    try digest(ofFolder: folder, without: ["clusters", "outliers", "thumbnails"])
  }

  /// What is missing or differs.
  func complaints() throws -> [Complaint] {
    let records = try context.database.results()
    guard !records.isEmpty else { return [] }
    let directory = context.directory
    guard let number = directory.resultNumber,
      let record = records.first(where: { $0.number == number })
    else {
      return [
        Complaint(
          subject: .result,
          description: "\(directory.resultLink): is missing or not the result that was recorded")
      ]
    }
    var complaints: [Complaint] = []
    let folder = directory.resultFolder(number)
    if (try? Self.tablesDigest(folder)) != record.digest {
      complaints.append(
        Complaint(
          subject: .result,
          description: "\(folder): its tables or pages are not what was recorded"))
    }
    let thumbnails = ThumbnailFolder(context: context)
    let lostCount = record.thumbnails.count { !thumbnails.isSound($0) }
    if lostCount > 0 {
      complaints.append(
        Complaint(
          subject: .thumbnails,
          description: "\(thumbnails.path): \(lostCount) of \(record.thumbnails.count) thumbnails "
            + "are missing or no pictures"))
    }
    return complaints
  }
}
