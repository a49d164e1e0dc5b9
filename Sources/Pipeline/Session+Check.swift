import Catalog
import Features
import Foundation
import Storage

/// Something in a run that does not agree with what was recorded.
public struct Complaint: Sendable, CustomStringConvertible {
  /// What is damaged, so that a repair knows what to compute again.
  public enum Subject: Hashable, Sendable {
    /// The folder of a batch.
    case batch(BatchID)
    /// The forest of a plan.
    case forest(plan: String)
    /// A tile of a plan.
    case tile(plan: String, number: Int)
  }

  /// What is damaged.
  public let subject: Subject
  /// One line for a person.
  public let description: String
}

extension Session {
  /// Compares everything on disk with what was recorded of it.
  ///
  /// Reads only, every byte once.
  public func check() throws -> [Complaint] {
    var complaints: [Complaint] = []
    for batch in try context.database.batches() where batch.generation > 0 {
      let folder = context.directory.batchFolder(batch.id, generation: batch.generation)
      let found = try digest(ofFolder: folder)
      if found != batch.digest {
        let isThere = FileManager.default.fileExists(atPath: folder)
        complaints.append(
          Complaint(
            subject: .batch(batch.id),
            description: "\(folder): \(isThere ? "is not what was recorded" : "is missing")"))
      }
    }
    for forest in try context.database.forests() {
      let path = "\(context.directory.mergeFolder)/\(forest.plan)/forest.npy"
      if (try? digest(ofFiles: [path])) != forest.digest {
        complaints.append(
          Complaint(
            subject: .forest(plan: forest.plan),
            description: "\(path): is missing or not what was recorded"))
      }
    }
    for tile in try context.database.tiles() {
      let folder = MergePass.Folder(path: "\(context.directory.mergeFolder)/\(tile.plan)")
      let paths = [folder.tileLinks(tile.number), folder.tileCounts(tile.number)]
      if (try? digest(ofFiles: paths)) != tile.digest {
        complaints.append(
          Complaint(
            subject: .tile(plan: tile.plan, number: tile.number),
            description: "\(paths[0]): is missing or not what was recorded"))
      }
    }
    return complaints
  }

  /// Forgets what is damaged and computes just that again; the result is published anew.
  public func repair(_ complaints: [Complaint]) throws -> Outcome {
    for complaint in complaints {
      switch complaint.subject {
      case .batch(let batch): try context.database.forget(batch)
      case .forest(let plan): try context.database.forgetPlan(plan)
      case .tile(let plan, let number):
        try context.database.forgetTile(plan: plan, number: number)
      }
      context.log.warning("repairing \(complaint.description)")
    }
    return try finish(until: nil)
  }

  /// Opens a run whose database may be lost, making it again from the batch folders.
  ///
  /// A database that cannot be used is kept beside as `run.sqlite.damaged`. The catalog is then as the
  /// folders tell; what they do not tell, a scan finds.
  ///
  /// - Returns: the session, and whether the database was made again.
  public static func openForRepair(
    _ path: String, environment: Environment
  ) throws -> (session: Session, isRestored: Bool) {
    let directory = RunDirectory(path: path)
    guard FileManager.default.fileExists(atPath: directory.settingsFile) else {
      throw NoRun(path: path)
    }
    if directory.exists {
      do {
        let session = try open(path, environment: environment)
        guard let complaint = try session.context.database.complaint() else {
          return (session, false)
        }
        session.context.log.error("database: \(complaint)")
        try session.close()
      } catch let error as RunDatabase.Unusable {
        Session.note(error, in: directory, environment)
      }
    }
    return (try restore(directory, environment), true)
  }

  private static func note(
    _ error: RunDatabase.Unusable, in directory: RunDirectory, _ environment: Environment
  ) {
    let log = try? FileLog.logger(directory.logFile, isVerbose: environment.isVerbose)
    log?.error("\(error)")
  }

  private static func restore(
    _ directory: RunDirectory, _ environment: Environment
  ) throws -> Session {
    for suffix in ["", "-wal", "-shm"] {
      let file = directory.databaseFile + suffix
      guard FileManager.default.fileExists(atPath: file) else { continue }
      try environment.files.replaceFile(
        file.replacing("run.sqlite", with: "run.sqlite.damaged"), with: contents(ofFile: file))
      try environment.files.removeTree(file)
    }
    let settings = try Settings([SettingLayer(file: directory.settingsFile)])
    let lock = try RunLock(directory)
    let session = try Session(directory, settings, environment, lock: lock, mode: .write)
    for (batch, generation) in try newestGenerations(directory) {
      let folder = directory.batchFolder(batch, generation: generation)
      let images = try BatchTable.images(inFile: folder + "/images.csv", batch: batch)
      try session.context.database.restore(
        batch, generation: generation, digest: digest(ofFolder: folder),
        measures: BatchLinks.digests(ofFolder: folder, BatchLinks.methods(inFolder: folder)),
        images: images)
    }
    return session
  }

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
