import Catalog
import GRDB

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
  /// Its batch.
  public let batch: BatchID
  /// What became of it.
  public let result: ImageResult

  /// Makes the image of its parts.
  public init(
    path: ArchivePath, sizeBytes: Int64, modifiedNanoseconds: Int64, isGone: Bool, batch: BatchID,
    result: ImageResult
  ) {
    self.path = path
    self.sizeBytes = sizeBytes
    self.modifiedNanoseconds = modifiedNanoseconds
    self.isGone = isGone
    self.batch = batch
    self.result = result
  }
}

extension RunDatabase {
  /// Enters a batch that is there as a folder into a database that was made anew.
  ///
  /// Devices and inodes are unknown until the next scan, which finds the files by name, length and time.
  public func restore(
    _ batch: BatchID, generation: Int, digest: String, measures: [String: String],
    images: [RestoredImage]
  ) throws {
    guard let first = images.first?.result.id else { return }
    try write { database in
      try database.execute(
        sql: "INSERT INTO batch (id, firstImage, imageCount) VALUES (?, ?, ?)",
        arguments: [batch.rawValue, first.rawValue, images.count])
      let insert = try BulkStatement(
        database,
        sql: """
          INSERT INTO image (id, batch, path, sizeBytes, modifiedNanoseconds, device, inode,
            goneInScan) VALUES (?, ?, ?, ?, ?, 0, 0, ?)
          """)
      for image in images {
        try insert.run(
          .integer(Int64(image.result.id.rawValue)), .integer(Int64(batch.rawValue)),
          .bytes(image.path.bytes), .integer(image.sizeBytes), .integer(image.modifiedNanoseconds),
          image.isGone ? .integer(0) : .null)
      }
    }
    try record(
      batch, generation: generation, digest: digest, measures: measures,
      results: images.map(\.result))
  }
}
