import Catalog
import Foundation
import GRDB

extension RunDatabase {
  /// All batches, in order.
  public func batches() throws -> [BatchRecord] {
    try read { database in
      var measures: [Int64: [String: MeasureRecord]] = [:]
      let rows = try Row.fetchCursor(
        database, sql: "SELECT batch, measure, digest, version, decoders FROM batchMeasure")
      while let row = try rows.next() {
        let decoders = (row[4] as String).split(separator: "\n").map(String.init)
        measures[row[0], default: [:]][row[1]] = MeasureRecord(
          digest: row[2], origin: FeatureOrigin(version: row[3], decoders: Set(decoders)))
      }
      return try Row.fetchAll(
        database,
        sql: """
          SELECT id, firstImage, imageCount, generation, digest, begunCount, isStale
          FROM batch ORDER BY id
          """
      ).map { row in
        BatchRecord(
          id: BatchID(rawValue: row[0]), firstImage: ImageID(rawValue: row[1]),
          imageCount: row[2], generation: row[3], digest: row[4], begunCount: row[5],
          isStale: row[6], measures: measures[row[0]] ?? [:])
      }
    }
  }

  /// The images of a batch in order of their numbers, gone ones too.
  public func images(of batch: BatchID) throws -> [CatalogImage] {
    try read { database in
      let rows = try BulkQuery(
        database, sql: Self.imageColumns + " WHERE \(Self.isOfBatch) ORDER BY id")
      rows.bind(Int64(batch.rawValue))
      var images: [CatalogImage] = []
      while try rows.next() { images.append(Self.image(rows)) }
      return images
    }
  }

  /// The numbers of the living images of one outcome, ascending.
  public func livingImages(_ outcome: OutcomeCode) throws -> [UInt32] {
    try read { database in
      let rows = try BulkQuery(
        database, sql: "SELECT id FROM image WHERE goneInScan IS NULL AND outcome = ? ORDER BY id")
      rows.bind(Int64(outcome.rawValue))
      var images: [UInt32] = []
      while try rows.next() { images.append(UInt32(rows.integer(0))) }
      return images
    }
  }

  /// Calls `body` with the first name of every image that is not gone, in order of the numbers.
  public func forEachLivingPath(_ body: (ArchivePath) throws -> Void) throws {
    try read { database in
      let rows = try BulkQuery(
        database, sql: "SELECT path FROM image WHERE goneInScan IS NULL ORDER BY id")
      while try rows.next() { try body(ArchivePath(bytes: rows.bytes(0))) }
    }
  }

  /// The images that are done and have the content of one with a lower number, with the lowest; ascending.
  public func equalImages() throws -> [(image: UInt32, first: UInt32)] {
    try read { database in
      let rows = try BulkQuery(
        database,
        sql: """
          SELECT id, first FROM (
            SELECT id, MIN(id) OVER (PARTITION BY content) AS first FROM image
            WHERE goneInScan IS NULL AND outcome = \(OutcomeCode.done.rawValue) AND content IS NOT NULL)
          WHERE id <> first ORDER BY id
          """)
      var equal: [(image: UInt32, first: UInt32)] = []
      while try rows.next() { equal.append((UInt32(rows.integer(0)), UInt32(rows.integer(1)))) }
      return equal
    }
  }

  /// The place of each image among the living in byte order of their paths, by number; a gone one's
  /// means nothing.
  ///
  /// - Complexity: O(n) time, 4 bytes an image.
  public func ranksByPath() throws -> [UInt32] {
    var ranks = [UInt32](repeating: 0, count: try imageNumberLimit())
    try read { database in
      let rows = try BulkQuery(
        database, sql: "SELECT id FROM image WHERE goneInScan IS NULL ORDER BY path")
      var rank: UInt32 = 0
      while try rows.next() {
        ranks[Int(rows.integer(0))] = rank
        rank += 1
      }
    }
    return ranks
  }

  /// One more than the highest image number ever given.
  public func imageNumberLimit() throws -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT COALESCE(MAX(id) + 1, 0) FROM image") ?? 0 }
  }

  /// The batches, of those that are done, that have a living image of one outcome.
  public func batches(withOutcome outcome: OutcomeCode) throws -> Set<BatchID> {
    try read { database in
      try Set(
        UInt32.fetchAll(
          database,
          sql: """
            SELECT id FROM batch WHERE generation > 0 AND EXISTS (
              SELECT 1 FROM image WHERE image.id >= firstImage AND image.id < firstImage + imageCount
                AND goneInScan IS NULL AND outcome = ?)
            """, arguments: [outcome.rawValue]
        ).map(BatchID.init(rawValue:)))
    }
  }

  /// Lends a look-up of images by number, for tables of many.
  ///
  /// - Complexity: about two microseconds a look-up. `body` must not use the database otherwise.
  public func withImages<Value>(
    _ body: (_ image: (ImageID) throws -> CatalogImage) throws -> Value
  ) throws -> Value {
    try read { database in
      let rows = try BulkQuery(database, sql: Self.imageColumns + " WHERE id = ?")
      return try body { id in
        rows.bind(Int64(id.rawValue))
        guard try rows.next() else {
          throw DamagedFile(path: path, detail: "image \(id.rawValue) is not in it")
        }
        return Self.image(rows)
      }
    }
  }

  /// One image by its number, nil if there is none.
  public func image(_ id: ImageID) throws -> CatalogImage? {
    try read { database in
      try Row.fetchOne(
        database, sql: Self.imageColumns + " WHERE id = ?", arguments: [id.rawValue]
      ).map(Self.image)
    }
  }

  /// The living image that has a name, nil if there is none.
  public func image(at path: ArchivePath) throws -> CatalogImage? {
    try read { database in
      let name = Data(path.bytes)
      return try Row.fetchOne(
        database,
        sql: Self.imageColumns + """
           WHERE goneInScan IS NULL AND (path = ? OR id = (
            SELECT image FROM furtherName WHERE furtherName.path = ?))
          """, arguments: [name, name]
      ).map(Self.image)
    }
  }

  /// The living images that have names: the number and outcome for each path, nil where none has it.
  ///
  /// - Complexity: about five microseconds a path, for tables of many.
  public func images(at paths: [ArchivePath]) throws -> [(id: ImageID, outcome: OutcomeCode)?] {
    try read { database in
      let byPath = try BulkQuery(
        database, sql: "SELECT id, outcome FROM image WHERE goneInScan IS NULL AND path = ?")
      let byFurtherName = try BulkQuery(
        database,
        sql: """
          SELECT id, outcome FROM image
          WHERE goneInScan IS NULL AND id = (SELECT image FROM furtherName WHERE path = ?)
          """)
      return try paths.map { path in
        for query in [byPath, byFurtherName] {
          query.bind(path.bytes)
          if try query.next() {
            return (
              ImageID(rawValue: UInt32(query.integer(0))), Self.outcome(query.integer(1))
            )
          }
        }
        return nil
      }
    }
  }

  /// The further names of every image that has some, in byte order.
  public func furtherNames() throws -> [ImageID: [ArchivePath]] {
    try read { database in
      var names: [ImageID: [ArchivePath]] = [:]
      let rows = try Row.fetchCursor(
        database, sql: "SELECT image, path FROM furtherName ORDER BY path")
      while let row = try rows.next() {
        names[ImageID(rawValue: row[0]), default: []].append(
          ArchivePath(bytes: Array(row[1] as Data)))
      }
      return names
    }
  }

  /// Notes that a batch was begun, so that one that ends the process twice is noticed.
  public func markBegun(_ batch: BatchID) throws {
    // All workers wait for the next batch, and only an end of the process is asked about later.
    try write(isSynced: false) {
      try $0.execute(
        sql: "UPDATE batch SET begunCount = begunCount + 1 WHERE id = ?",
        arguments: [batch.rawValue])
    }
  }

  /// Takes back that batches were begun, because the process ends in good order; those that are
  /// recorded since are left alone.
  public func markEndedCleanly(_ batches: [BatchID]) throws {
    try write { database in
      let update = try BulkStatement(
        database,
        sql: "UPDATE batch SET begunCount = begunCount - 1 WHERE begunCount > 0 AND id = ?")
      for batch in batches { try update.run(.integer(Int64(batch.rawValue))) }
    }
  }

  /// Forgets that a batch is done, because its folder is damaged; it will be computed again.
  public func forget(_ batch: BatchID) throws {
    try write { database in
      // What reads now fails no more: `record` of a first generation looks for no failure.
      try database.execute(
        sql: """
          DELETE FROM failure WHERE image IN (SELECT image.id FROM image WHERE \(Self.isOfBatch))
          """, arguments: ["batch": batch.rawValue])
      try database.execute(
        sql: "UPDATE batch SET generation = 0, digest = NULL WHERE id = ?",
        arguments: [batch.rawValue])
      try database.execute(
        sql: "DELETE FROM batchMeasure WHERE batch = ?", arguments: [batch.rawValue])
    }
  }

  /// How many living images there are of each outcome.
  public func outcomeCounts() throws -> OutcomeCounts {
    try read { database in
      let outcomes = OutcomeCode.allCases
      let columns = outcomes.map { "COUNT(*) FILTER (WHERE outcome = \($0.rawValue))" }
      // In one pass and no order: a group an outcome would be sorted, and the index looked up row by row.
      let rows = try BulkQuery(
        database,
        sql: """
          SELECT \(columns.joined(separator: ", ")) FROM image NOT INDEXED
          WHERE goneInScan IS NULL
          """)
      guard try rows.next() else { return OutcomeCounts([:]) }
      return OutcomeCounts(
        outcomes.indices.reduce(into: [:]) { counts, column in
          counts[outcomes[column]] = Int(rows.integer(Int32(column)))
        })
    }
  }

  /// Calls `body` with every living image that was left out, and why, in order of the numbers.
  public func forEachFailure(_ body: (CatalogImage, ImageFailure) throws -> Void) throws {
    try read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT id, batch, path, sizeBytes, modifiedNanoseconds, goneInScan, outcome, content,
            width, height, stage, decoder, message
          FROM image JOIN failure ON failure.image = image.id
          WHERE goneInScan IS NULL ORDER BY id
          """)
      while let row = try rows.next() {
        try body(
          Self.image(row),
          ImageFailure(stage: row[10], decoder: row[11], message: row[12]))
      }
    }
  }

  /// Why the images of a batch that were left out were.
  public func failures(of batch: BatchID) throws -> [ImageID: ImageFailure] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT image.id, stage, decoder, message FROM failure
          JOIN image ON image.id = failure.image WHERE \(Self.isOfBatch)
          """, arguments: ["batch": batch.rawValue])
      return Dictionary(
        uniqueKeysWithValues: rows.map { row in
          (
            ImageID(rawValue: row[0]),
            ImageFailure(stage: row[1], decoder: row[2], message: row[3])
          )
        })
    }
  }

  /// What the last scan found, nil before the first.
  public func lastScan() throws -> (summary: ScanSummary, root: FileIdentity)? {
    try read { database in
      guard
        let row = try Row.fetchOne(database, sql: "SELECT * FROM scan ORDER BY id DESC LIMIT 1")
      else { return nil }
      var summary = ScanSummary()
      summary.number = row["id"]
      summary.newCount = row["newCount"]
      summary.changedCount = row["changedCount"]
      summary.renamedCount = row["renamedCount"]
      summary.goneCount = row["goneCount"]
      summary.tally.fileCount = row["fileCount"]
      summary.tally.folderCount = row["folderCount"]
      summary.tally.excludedCount = row["excludedCount"]
      summary.tally.linkCount = row["linkCount"]
      summary.tally.specialCount = row["specialCount"]
      summary.tally.repeatedFolderCount = row["repeatedFolderCount"]
      let root = FileIdentity(
        device: UInt64(bitPattern: row["device"] as Int64),
        inode: UInt64(bitPattern: row["inode"] as Int64))
      summary.tally.unseen = try (row["unseen"] as String).split(separator: "\n").map {
        let parts = $0.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let code = Int32(parts[0]),
          let path = ArchivePath(displayName: String(parts[1]))
        else { throw strangeValue }
        return ArchiveWalk.Unseen(path: path, code: code)
      }
      return (summary, root)
    }
  }

  /// The images of a batch, by their numbers, which follow each other: no index is needed.
  private static let isOfBatch = """
    image.id >= (SELECT firstImage FROM batch WHERE batch.id = :batch) AND image.id < (
      SELECT firstImage + imageCount FROM batch WHERE batch.id = :batch)
    """

  private static let imageColumns = """
    SELECT id, batch, path, sizeBytes, modifiedNanoseconds, goneInScan, outcome, content, width,
      height FROM image
    """

  private static func image(_ row: Row) -> CatalogImage {
    CatalogImage(
      id: ImageID(rawValue: row[0]), batch: BatchID(rawValue: row[1]),
      path: ArchivePath(bytes: Array(row[2] as Data)), sizeBytes: row[3],
      modifiedNanoseconds: row[4], isGone: (row[5] as Int64?) != nil,
      outcome: outcome(row[6]),
      content: (row[7] as Data?).flatMap {
        $0.count == ContentHash.byteCount ? ContentHash(bytes: $0) : nil
      }, width: row[8] ?? 0, height: row[9] ?? 0)
  }

  private static func image(_ rows: borrowing BulkQuery) -> CatalogImage {
    let content = rows.bytes(7)
    return CatalogImage(
      id: ImageID(rawValue: UInt32(rows.integer(0))),
      batch: BatchID(rawValue: UInt32(rows.integer(1))), path: ArchivePath(bytes: rows.bytes(2)),
      sizeBytes: rows.integer(3), modifiedNanoseconds: rows.integer(4), isGone: !rows.isNull(5),
      outcome: outcome(rows.integer(6)),
      content: content.count == ContentHash.byteCount ? ContentHash(bytes: content) : nil,
      width: Int(rows.integer(8)), height: Int(rows.integer(9)))
  }

  private static func outcome(_ value: Int64) -> OutcomeCode {
    UInt8(exactly: value).flatMap(OutcomeCode.init(rawValue:)) ?? .waiting
  }
}
