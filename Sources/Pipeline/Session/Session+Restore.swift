import Catalog
import Features
import Foundation
import Storage

extension Session {
  /// Opens a run whose database may be lost, making it again from the batch folders, or whose settings
  /// file may be lost or changed, writing it again from the copy in the database.
  ///
  /// A database that is damaged is kept beside as `run.sqlite.damaged`. The catalog is then as the
  /// folders tell; what they do not tell, a scan finds. A folder that cannot be read is computed again,
  /// and the log says so.
  ///
  /// - Throws: `RunDatabase.Unusable` for a database that is of another version or cannot be had now.
  /// - Returns: the session, what `repair` is to mend, and whether the database was made again.
  public static func openForRepair(
    _ path: String, environment: Environment
  ) throws -> (session: Session, complaints: [Complaint], isRestored: Bool) {
    let directory = RunDirectory(path: path)
    guard
      try directory.hasDatabase || directory.hasBatches
        || FileManager.default.fileExists(atPath: directory.settingsFile)
    else { throw NoRun(path: path) }
    // Before the lock, which is a file: a folder of someone else stays as it is.
    let (settings, isFileSound) = try KeptSettings(directory: directory).forRepair()
    let lock = try RunLock(directory)
    if !isFileSound {
      try environment.files.replaceFile(directory.settingsFile, with: Array(settings.yaml.utf8))
    }
    var reason = "it was missing"
    if directory.hasDatabase {
      do {
        let session = try open(path, layers: [], lock, environment)
        let complaints = try session.check()
        guard let complaint = complaints.first(where: { $0.subject == .database }) else {
          return (session, complaints, false)
        }
        reason = complaint.description
        try session.close()
      } catch let error as RunDatabase.Unusable where error.isRepairable {
        reason = error.detail
      }
    }
    // A catalog that was made of the folders says what they say.
    return (try restore(directory, settings, lock, environment, reason: reason), [], true)
  }

  private static func restore(
    _ directory: RunDirectory, _ settings: Settings, _ lock: RunLock,
    _ environment: Environment, reason: String
  ) throws -> Session {
    var leftOut: [String] = []
    // The numbers of a batch whose folder is lost too go to other images.
    try environment.files.removeTree(directory.thumbnailsFolder)
    try RunDatabase.makeAgain(directory, files: environment.files) { database in
      for (batch, generation) in try newestGenerations(directory) {
        let folder = directory.batchFolder(batch, generation: generation)
        do {
          let images = try BatchTable.images(inFile: folder + "/images.csv")
          try database.restore(batch, images: images)
          try database.record(
            batch, generation: generation, digest: digest(ofFolder: folder),
            measures: soundMeasures(folder, images, settings),
            results: images.map(\.result))
        } catch let error as DamagedFile {
          leftOut.append("\(folder): is computed again: \(error.path): \(error.detail)")
        } catch let error as StorageFailure where error.path.hasPrefix(folder) {
          leftOut.append("\(folder): is computed again: \(error)")
        }
      }
    }
    let session = try Session(
      directory, settings, stored: settings, environment, lock: lock, mode: .write)
    session.context.log.warning("run.sqlite was made again: \(reason)")
    for folder in leftOut { session.context.log.warning("\(folder)") }
    return session
  }

  /// The measures of a batch folder.
  ///
  /// - Throws: `DamagedFile` or `StorageFailure` when a file of it cannot be read or says something else
  ///   than its table.
  private static func soundMeasures(
    _ folder: String, _ images: [RestoredImage], _ settings: Settings
  ) throws -> [String: MeasureRecord] {
    let records = try BatchLinks.records(
      ofFolder: folder, BatchLinks.measures(inFolder: folder))
    // What another version of a measure made is computed again, and never read.
    let measures = records.compactMap { name, record in
      Measure(name: name).flatMap { $0.version == record.origin.version ? $0 : nil }
    }
    let arrays = try BatchArrays(folder: folder, imageCount: images.count, measures: measures)
    for (row, image) in images.enumerated() {
      guard arrays.outcomes[row] == image.result.outcome.rawValue,
        arrays.knownContent(row: row) == image.result.content
      else { throw DamagedFile(path: folder, detail: "its table and its arrays differ") }
    }
    let first = images[0].result.id.rawValue
    for measure in measures {
      _ = try BatchLinks(
        folder: folder, settings.comparison(measure),
        images: first..<(first + UInt32(images.count)))
    }
    return records
  }

  /// The newest folder of each batch, in order of the batches.
  private static func newestGenerations(
    _ directory: RunDirectory
  ) throws -> [(BatchID, Int)] {
    var newest: [BatchID: Int] = [:]
    for name in try DurableFiles.entries(of: directory.batchesFolder) {
      let parts = name.split(separator: ".")
      guard parts.count == 2, let batch = UInt32(parts[0]), let generation = Int(parts[1]) else {
        continue
      }
      let id = BatchID(rawValue: batch)
      newest[id] = max(generation, newest[id] ?? 0)
    }
    return newest.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
