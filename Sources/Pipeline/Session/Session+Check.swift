import Catalog
import Features
import Foundation
import Storage

/// Something in a run that does not agree with what was recorded.
public struct Complaint: Sendable, CustomStringConvertible {
  /// What is damaged, so that a repair knows what to compute again.
  public enum Subject: Hashable, Sendable {
    /// The database, of which nothing else can then be told.
    case database
    /// The folder of a batch.
    case batch(BatchID)
    /// The forest of a plan.
    case forest(plan: String)
    /// A tile of a plan.
    case tile(plan: String, number: Int)
    /// The components fitted for a measure, or images laid out in the plane.
    case sealed(path: String)
    /// The published result.
    case result
    /// The thumbnails that results show.
    case thumbnails
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
    if let complaint = try context.database.complaint() { return [ofDatabase(complaint)] }
    var complaints: [Complaint] = []
    for batch in try context.database.batches() where batch.generation > 0 {
      if let complaint = complaint(of: batch) {
        complaints.append(Complaint(subject: .batch(batch.id), description: complaint))
      } else if let complaint = try CatalogComparison(context: context).complaint(of: batch) {
        return [ofDatabase(complaint)]
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
      let paths = MergePass.Folder(plan: tile.plan, context.directory).files(ofTile: tile.number)
      if (try? digest(ofFiles: paths)) != tile.digest {
        complaints.append(
          Complaint(
            subject: .tile(plan: tile.plan, number: tile.number),
            description: "\(paths[0]): is missing or not what was recorded"))
      }
    }
    for parent in [context.directory.fitsFolder, context.directory.embeddingsFolder] {
      for folder in try SealedFolder.all(in: parent, context: context)
      where (try? folder.checkedDigest()) == nil {
        complaints.append(
          Complaint(
            subject: .sealed(path: folder.path),
            description: "\(folder.path): is not what was written"))
      }
    }
    return try complaints + ResultComparison(context: context).complaints()
  }

  private func ofDatabase(_ complaint: String) -> Complaint {
    Complaint(subject: .database, description: "\(context.directory.databaseFile): \(complaint)")
  }

  private func complaint(of batch: BatchRecord) -> String? {
    let folder = context.directory.batchFolder(batch.id, generation: batch.generation)
    guard FileManager.default.fileExists(atPath: folder) else { return "\(folder): is missing" }
    do {
      return try digest(ofFolder: folder) == batch.digest
        ? nil : "\(folder): is not what was recorded"
    } catch {
      return "\(error)"
    }
  }

  /// Forgets what is damaged and computes just that again; the result is published anew.
  public func repair(_ complaints: [Complaint]) throws -> Outcome {
    for complaint in complaints {
      switch complaint.subject {
      // Made again when the run was opened for repair, and as every result is.
      case .database, .result: break
      case .thumbnails: try ThumbnailFolder(context: context).removeUnsound()
      case .batch(let batch): try context.database.forget(batch)
      case .forest(let plan): try context.database.forgetPlan(plan)
      case .tile(let plan, let number):
        try context.database.forgetTile(plan: plan, number: number)
      case .sealed(let path): try context.files.removeTree(path)
      }
      context.log.warning("repairing \(complaint.description)")
    }
    return try finish(until: nil)
  }
}
