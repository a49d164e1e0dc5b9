import Catalog
import Foundation
import Glibc

/// Where everything of a run lies.
public struct RunDirectory: Hashable, Sendable {
  /// The folder itself, absolute.
  public let path: String

  /// Names the run at an absolute path; nothing is touched.
  public init(path: String) {
    precondition(path.hasPrefix("/"), "the path of a run is '\(path)'")
    self.path = path
  }

  /// The settings that decide features and links.
  public var settingsFile: String { path + "/run.yaml" }
  /// The catalog and the checkpoints.
  public var databaseFile: String { path + "/run.sqlite" }
  /// What happened, for a person.
  public var logFile: String { path + "/run.log" }
  /// What a writer holds a lock on.
  public var lockFile: String { path + "/run.lock" }
  /// The folders of finished batches.
  public var batchesFolder: String { path + "/batches" }
  /// The links of each batch's clusters, to look at while a run goes on.
  public var middleFolder: String { path + "/middle" }
  /// The tiles and forests of the merge pass.
  public var mergeFolder: String { path + "/merge" }
  /// What was fitted to the features of the archive, a folder a measure.
  public var fitsFolder: String { path + "/fits" }
  /// Images laid out in the plane, a folder a measure and method.
  public var embeddingsFolder: String { path + "/embeddings" }
  /// The published results.
  public var resultsFolder: String { path + "/results" }
  /// One JPEG an image that pages show, named by its number.
  public var thumbnailsFolder: String { path + "/thumbnails" }
  /// The link to the newest result.
  public var resultLink: String { path + "/result" }

  /// The folder of one result.
  public func resultFolder(_ number: Int) -> String { "\(resultsFolder)/\(number)" }

  /// The number of the result that the link leads to; nil where there is no link or it leads elsewhere.
  public var resultNumber: Int? {
    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: resultLink)
    guard let target, target.hasPrefix("results/") else { return nil }
    return Int(target.dropFirst("results/".count))
  }

  /// The folder of one batch and generation.
  public func batchFolder(_ batch: BatchID, generation: Int) -> String {
    "\(batchesFolder)/\(batch.sixDigits).\(generation)"
  }

  /// The folder with links to look at of one batch.
  public func middleFolder(of batch: BatchID) -> String { "\(middleFolder)/\(batch.sixDigits)" }

  /// Whether a run is there.
  ///
  /// - Throws: `RunDatabase.Unusable` when its batches are and its database is not: a run made in their
  ///   place would remove them.
  public func exists() throws -> Bool {
    if hasDatabase { return true }
    guard try hasBatches else { return false }
    throw RunDatabase.Unusable.missing(in: self)
  }

  /// Whether a process began to make a run: its settings are there, which are all that a run is made of,
  /// and perhaps nothing more, because it was killed.
  public var hasBegun: Bool {
    unsafe access(lockFile, F_OK) == 0 && access(settingsFile, F_OK) == 0
  }

  /// Whether the database is there.
  public var hasDatabase: Bool { unsafe access(databaseFile, F_OK) == 0 }

  /// Whether folders of batches are there.
  public var hasBatches: Bool {
    get throws {
      // A file is no run, and has no folder that could not be listed.
      guard unsafe access(path + "/", F_OK) == 0 || errno != ENOTDIR else { return false }
      return try !DurableFiles.entries(of: batchesFolder).isEmpty
    }
  }
}

extension BatchID {
  /// The number with leading zeros, as folders are named.
  public var sixDigits: String { rawValue.zeroPadded(6) }
}

/// The right to write to a run, held by one process at a time.
///
/// An advisory `flock`: the kernel ends it with the process, so a kill leaves no stale lock.
public final class RunLock: Sendable {
  private let descriptor: Int32

  /// Another process writes to the run.
  public struct InUse: Error, CustomStringConvertible {
    /// The run.
    public let run: String
    /// One line for a person.
    public var description: String {
      "\(run): another likeness process is working on this run; wait for it or stop it first"
    }
  }

  /// Takes the lock of a run.
  ///
  /// Waits half a second at most: a process that only asks whether the lock is held has it for a moment,
  /// and a child on its way into another program has what its parent had.
  public init(_ run: RunDirectory) throws {
    descriptor = unsafe open(run.lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw StorageFailure(path: run.lockFile, action: "opened", code: errno)
    }
    var tryCount = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      tryCount += 1
      if code == EWOULDBLOCK, tryCount < 50 {
        usleep(10_000)
        continue
      }
      // `deinit` closes: all that it needs is set, so it runs although this throws.
      if code == EWOULDBLOCK { throw InUse(run: run.path) }
      throw StorageFailure(path: run.lockFile, action: "locked", code: code)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}

extension RunLock {
  /// Whether a process holds the lock of a run just now.
  public static func isHeld(_ run: RunDirectory) -> Bool {
    let descriptor = unsafe open(run.lockFile, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }
}
