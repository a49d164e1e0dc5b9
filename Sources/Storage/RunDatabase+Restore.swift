import Catalog
import GRDB
import Glibc

/// An image as a batch folder tells of it.
public struct RestoredImage: Sendable {
  /// The first of its names.
  public let path: ArchivePath
  /// Length of the file in bytes.
  public let sizeBytes: Int64
  /// Time of the last modification.
  public let modifiedNanoseconds: Int64
  /// Whether a scan no longer found it.
  public let isGone: Bool
  /// What became of it.
  public let result: ImageResult

  /// Makes the image of its parts.
  public init(
    path: ArchivePath, sizeBytes: Int64, modifiedNanoseconds: Int64, isGone: Bool,
    result: ImageResult
  ) {
    self.path = path
    self.sizeBytes = sizeBytes
    self.modifiedNanoseconds = modifiedNanoseconds
    self.isGone = isGone
    self.result = result
  }
}

extension RunDatabase {
  /// Makes the database of a run again; one that is there is kept beside as `run.sqlite.damaged`.
  ///
  /// Stopped at any point it can be called again: the new one gets its name last.
  ///
  /// - Parameter fill: enters what the batch folders tell.
  public static func makeAgain(
    _ run: RunDirectory, files: DurableFiles, _ fill: (RunDatabase) throws -> Void
  ) throws {
    let unfinished = run.databaseFile + ".unfinished"
    // The file goes before its log: without it, what is left is no database that could be opened.
    let suffixes = ["", "-wal", "-shm"]
    for suffix in suffixes { try files.removeTree(unfinished + suffix) }
    let database = try RunDatabase(path: unfinished, mode: .write, files: files, mayBeNew: true)
    try fill(database)
    _ = try database.queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    try database.close()
    for suffix in suffixes where unsafe access(run.databaseFile + suffix, F_OK) == 0 {
      try files.move(run.databaseFile + suffix, to: run.databaseFile + ".damaged" + suffix)
    }
    try files.move(unfinished, to: run.databaseFile)
  }

  /// Enters a batch and its images, in order of their numbers, that are there as a folder.
  ///
  /// Batches are entered in order. A file that was renamed is told under its old name; where a later
  /// batch has an image of that name, the earlier one is gone, and its batch is linked again. The next
  /// scan knows the files by name, length and time.
  ///
  /// - Throws: `DamagedFile` when the numbers do not follow those entered before.
  public func restore(_ batch: BatchID, images: [RestoredImage]) throws {
    guard let first = images.first?.result.id else { return }
    try write { database in
      let limit = try Int.fetchOne(database, sql: "SELECT COALESCE(MAX(id) + 1, 0) FROM image") ?? 0
      let numbers = images.map { Int($0.result.id.rawValue) }
      guard first.rawValue >= limit,
        zip(numbers, Int(first.rawValue)...).allSatisfy({ $0 == $1 })
      else {
        throw DamagedFile(
          path: path, detail: "the numbers of batch \(batch.rawValue) are not in order")
      }
      try database.execute(
        sql: "INSERT INTO batch (id, firstImage, imageCount) VALUES (?, ?, ?)",
        arguments: [batch.rawValue, first.rawValue, images.count])
      let relink = try BulkStatement(
        database,
        sql: """
          UPDATE batch SET isStale = 1 WHERE id = (
            SELECT batch FROM image WHERE path = ? AND goneInScan IS NULL)
          """)
      let bury = try BulkStatement(
        database, sql: "UPDATE image SET goneInScan = 0 WHERE path = ? AND goneInScan IS NULL")
      let insert = try BulkStatement(
        database,
        sql: """
          INSERT INTO image (id, batch, path, sizeBytes, modifiedNanoseconds, goneInScan)
          VALUES (?, ?, ?, ?, ?, ?)
          """)
      for image in images {
        let path = BulkStatement.Value.bytes(image.path.bytes)
        if !image.isGone {
          try relink.run(path)
          try bury.run(path)
        }
        try insert.run(
          .integer(Int64(image.result.id.rawValue)), .integer(Int64(batch.rawValue)), path,
          .integer(image.sizeBytes), .integer(image.modifiedNanoseconds),
          image.isGone ? .integer(0) : .null)
      }
    }
  }
}
