import Catalog
import Foundation
import GRDB

/// What a scan changed.
public struct ScanSummary: Hashable, Sendable {
  /// The number of the scan, from 1.
  public var number = 0
  /// Images that were not known before.
  public var newCount = 0
  /// Images whose file was written anew: the old number is gone, a new one given.
  public var changedCount = 0
  /// Images that kept their number under another name, known by content.
  public var renamedCount = 0
  /// Images whose file is no longer there.
  public var goneCount = 0
  /// What the walk met.
  public var tally = ArchiveWalk.Tally()
}

/// When a batch ends.
public struct BatchLimits: Hashable, Sendable {
  /// Images in a batch, at most.
  public let imageCount: Int
  /// Bytes of a batch's files after which it takes no more.
  public let byteCount: Int64

  /// Makes the limits; 4,096 images or 4 GiB unless said.
  public init(imageCount: Int = 4096, byteCount: Int64 = 4 << 30) {
    self.imageCount = imageCount
    self.byteCount = byteCount
  }
}

/// A scan that found less than half of what is known.
public struct ArchiveMostlyMissing: Error, CustomStringConvertible {
  /// Images known before.
  public let knownCount: Int
  /// Images of those that were not found.
  public let missingCount: Int
  /// One line for a person.
  public var description: String {
    "\(missingCount) of the \(knownCount) known images are not there: is the archive mounted? "
      + "Nothing was changed; if they are really gone: likeness run ARCHIVE --into RUN "
      + "--accept-missing"
  }
}

extension RunDatabase {
  /// Walks the archive and brings the catalog up to date, in one transaction.
  ///
  /// New and changed files get new numbers in byte order of their paths, in new batches. A file under
  /// a new name with the content of one that vanished keeps its number. What lies in a folder that the
  /// walk could not look at is not gone. Until the next record, a power cut may take the scan back
  /// whole: nothing that is recorded goes without it.
  ///
  /// - Parameters:
  ///   - root: the identity of the root folder, kept to notice another device mounted there.
  ///   - walk: reports every file to the function it is given, and returns what it met.
  ///   - hash: the content of a file, nil when it cannot be read; called only for new files that are
  ///     as long as one that vanished.
  /// - Throws: `ArchiveMostlyMissing`, or what `walk` or `hash` throws; then nothing is changed.
  public func recordScan(
    root: FileIdentity, limits: BatchLimits, acceptMissing: Bool,
    walk: (_ found: (FileRecord) throws -> Void) throws -> ArchiveWalk.Tally,
    hash: (ArchivePath) throws -> ContentHash?
  ) throws -> ScanSummary {
    try write(isSynced: false) { database in
      var summary = ScanSummary()
      summary.number = 1 + (try Int.fetchOne(database, sql: "SELECT MAX(id) FROM scan") ?? 0)
      summary.tally = try collect(database, walk)
      try match(database)
      summary.renamedCount = try matchRenamed(database, hash)
      try spare(summary.tally.unseen, database)
      try refuseMostlyMissing(database, acceptMissing)
      let vanished = try count(database, "vanished")
      try moveAndBury(database, scan: summary.number)
      summary.changedCount = try count(
        database, "vanished JOIN image ON image.id = vanished.id JOIN fresh USING (path)")
      summary.goneCount = vanished - summary.changedCount
      summary.newCount = try number(database, limits) - summary.changedCount
      try nameAliases(database)
      try insert(database, summary, root)
      try Self.seal(.scan, database)
      try database.execute(sql: "DROP VIEW temp.fresh")
      for table in ["found", "alias", "matched", "vanished"] {
        try database.execute(sql: "DROP TABLE temp.\(table)")
      }
      return summary
    }
  }

  private func count(_ database: Database, _ table: String) throws -> Int {
    try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \(table)") ?? 0
  }

  /// Writes what the walk reports into a temporary table; an alias is a further name of a file.
  private func collect(
    _ database: Database, _ walk: ((FileRecord) throws -> Void) throws -> ArchiveWalk.Tally
  ) throws -> ArchiveWalk.Tally {
    try database.execute(
      sql: """
        CREATE TEMP TABLE found (
          path BLOB PRIMARY KEY, sizeBytes, modifiedNanoseconds, device, inode, mayAlias
        ) WITHOUT ROWID
        """)
    // Several rows at once, in half the time of one by one; or fail, which ends the scan anyway: to take
    // back a part of them, SQLite would write down every page before it changes.
    let row = "(?, ?, ?, ?, ?, ?)"
    let columnCount = 6
    let rowCount = 16
    let insert = try BulkStatement(database, sql: "INSERT OR FAIL INTO found VALUES \(row)")
    let insertRows = try BulkStatement(
      database,
      sql: "INSERT OR FAIL INTO found VALUES "
        + Array(repeating: row, count: rowCount).joined(separator: ", "))
    var values: [BulkStatement.Value] = []
    let tally = try walk { record in
      values += [
        .bytes(record.path.bytes), .integer(record.sizeBytes),
        .integer(record.modifiedNanoseconds),
        .integer(Int64(bitPattern: record.identity.device)),
        .integer(Int64(bitPattern: record.identity.inode)),
        .integer(record.mayHaveFurtherNames ? 1 : 0),
      ]
      if values.count < rowCount * columnCount { return }
      try insertRows.run(values)
      values.removeAll(keepingCapacity: true)
    }
    for first in stride(from: 0, to: values.count, by: columnCount) {
      try insert.run(Array(values[first..<(first + columnCount)]))
    }
    try database.execute(
      sql: """
        CREATE TEMP TABLE alias AS
          SELECT path, first FROM (
            SELECT path, MIN(path) OVER (PARTITION BY device, inode) AS first
            FROM found WHERE mayAlias) WHERE path <> first;
        CREATE INDEX temp.aliasByPath ON alias(path);
        """)
    return tally
  }

  /// Pairs known images with found files of the same name, length and time; the rest of each side is
  /// `vanished` or `fresh`.
  private func match(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TEMP TABLE matched (path BLOB PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
        INSERT OR IGNORE INTO matched
          SELECT COALESCE(alias.first, found.path), image.id
          FROM image JOIN found ON found.path = image.path
            AND found.sizeBytes = image.sizeBytes
            AND found.modifiedNanoseconds = image.modifiedNanoseconds
          LEFT JOIN alias ON alias.path = found.path
          WHERE image.goneInScan IS NULL ORDER BY image.id;
        CREATE TEMP TABLE vanished (id INTEGER PRIMARY KEY, content, sizeBytes);
        INSERT INTO vanished SELECT id, content, sizeBytes FROM image
          WHERE goneInScan IS NULL AND id NOT IN (SELECT id FROM matched);
        CREATE INDEX temp.vanishedByContent ON vanished(content, sizeBytes);
        """)
    // A look-up less for each file of an archive that is new, or has no hard links.
    var taken: [String] = []
    if try count(database, "alias") > 0 { taken.append("alias") }
    if try count(database, "matched") + count(database, "vanished") > 0 { taken.append("matched") }
    let conditions = taken.map { " AND path NOT IN (SELECT path FROM \($0))" }.joined()
    try database.execute(
      sql: """
        CREATE TEMP VIEW fresh AS
          SELECT path, sizeBytes, modifiedNanoseconds FROM found WHERE TRUE\(conditions)
        """)
  }

  /// Finds vanished images again by length and content, under their own names, of which only the time
  /// is another, or under new ones; returns how many of these.
  private func matchRenamed(
    _ database: Database, _ hash: (ArchivePath) throws -> ContentHash?
  ) throws -> Int {
    guard try count(database, "vanished WHERE content IS NOT NULL") > 0 else { return 0 }
    let candidates = try Row.fetchAll(
      database,
      sql: """
        SELECT path, sizeBytes, modifiedNanoseconds FROM fresh WHERE sizeBytes IN (
          SELECT sizeBytes FROM vanished WHERE content IS NOT NULL)
        ORDER BY path
        """)
    let find = try database.makeStatement(
      sql: "SELECT id FROM vanished WHERE content = ? AND sizeBytes = ? ORDER BY id LIMIT 1")
    let findTouched = try database.makeStatement(
      sql: """
        SELECT id FROM image WHERE path = ? AND content = ? AND sizeBytes = ?
          AND id IN (SELECT id FROM vanished)
        """)
    let match = try BulkStatement(database, sql: "INSERT INTO matched VALUES (?, ?)")
    let keep = try BulkStatement(database, sql: "DELETE FROM vanished WHERE id = ?")
    let touch = try BulkStatement(
      database, sql: "UPDATE image SET modifiedNanoseconds = ? WHERE id = ?")
    let relink = try BulkStatement(
      database,
      sql: """
        UPDATE batch SET isStale = 1
        WHERE generation > 0 AND id = (SELECT batch FROM image WHERE id = ?)
        """)
    func take(_ image: Int64, _ row: Row) throws {
      try match.run(.bytes(Array(row[0] as Data)), .integer(image))
      try keep.run(.integer(image))
      try touch.run(.integer(row[2]), .integer(image))
      try relink.run(.integer(image))
    }
    // An image goes to its own name before another takes it.
    var others: [(row: Row, content: Data)] = []
    for row in candidates {
      let path: Data = row[0]
      guard let content = try hash(ArchivePath(bytes: Array(path))) else { continue }
      let bytes = Data(content.bytes)
      if let image = try Int64.fetchOne(
        findTouched, arguments: [path, bytes, row[1] as Int64])
      {
        try take(image, row)
      } else {
        others.append((row, bytes))
      }
    }
    var renamedCount = 0
    for (row, content) in others {
      guard let image = try Int64.fetchOne(find, arguments: [content, row[1] as Int64]) else {
        continue
      }
      try take(image, row)
      renamedCount += 1
    }
    return renamedCount
  }

  /// Takes what the walk could not look at, and all below it, off the vanished: it may well be there.
  private func spare(_ unseen: [ArchiveWalk.Unseen], _ database: Database) throws {
    let spare = try BulkStatement(
      database,
      sql: """
        DELETE FROM vanished WHERE id IN (
          SELECT id FROM image WHERE goneInScan IS NULL AND path >= ? AND path < ?
            AND path NOT IN (SELECT path FROM found))
        """)
    for place in unseen {
      let path = place.path.bytes
      try spare.run(.bytes(path), .bytes(path + [0]))
      // What is in a folder lies between its name with `/` and with `0`, the byte that follows `/`.
      try spare.run(.bytes(path + [0x2F]), .bytes(path + [0x30]))
    }
  }

  private func refuseMostlyMissing(_ database: Database, _ acceptMissing: Bool) throws {
    let known = try count(database, "image WHERE goneInScan IS NULL")
    // A file that was written anew is there.
    let missing = try count(
      database, "vanished JOIN image USING (id) WHERE path NOT IN (SELECT path FROM found)")
    guard acceptMissing || missing * 2 <= known else {
      throw ArchiveMostlyMissing(knownCount: known, missingCount: missing)
    }
  }

  /// Gives matched images their present name and marks vanished ones, and the batches of both: the
  /// table in a batch's folder is to tell what the catalog tells.
  private func moveAndBury(_ database: Database, scan: Int) throws {
    try database.execute(
      sql: """
        UPDATE image SET goneInScan = :scan WHERE id IN (SELECT id FROM vanished);
        UPDATE batch SET isStale = 1 WHERE generation > 0 AND id IN (
          SELECT DISTINCT batch FROM image JOIN vanished USING (id));
        -- Two steps, because names may be exchanged and a name is unique among the living.
        CREATE TEMP TABLE moved (id INTEGER PRIMARY KEY, path BLOB);
        INSERT INTO moved SELECT matched.id, matched.path
          FROM matched JOIN image USING (id) WHERE image.path <> matched.path;
        UPDATE batch SET isStale = 1 WHERE generation > 0 AND id IN (
          SELECT DISTINCT batch FROM image JOIN moved USING (id));
        UPDATE image SET goneInScan = -1 WHERE id IN (SELECT id FROM moved);
        UPDATE image SET goneInScan = NULL, path = (SELECT path FROM moved WHERE moved.id = image.id)
          WHERE id IN (SELECT id FROM moved);
        DROP TABLE temp.moved;
        """, arguments: ["scan": scan])
  }

  /// Numbers the fresh files in byte order of their paths and assigns them to batches.
  private func number(_ database: Database, _ limits: BatchLimits) throws -> Int {
    let firstImage = 1 + (try Int64.fetchOne(database, sql: "SELECT MAX(id) FROM image") ?? -1)
    var image = firstImage
    var batch = 1 + (try Int64.fetchOne(database, sql: "SELECT MAX(id) FROM batch") ?? -1)
    // Inside SQLite, which numbers the rows after the first itself: more than twice as fast as row by row.
    let insertImages = try BulkStatement(
      database,
      sql: """
        INSERT INTO image (id, batch, path, sizeBytes, modifiedNanoseconds)
          SELECT CASE path WHEN ?1 THEN ?2 END, ?3, path, sizeBytes, modifiedNanoseconds
          FROM fresh WHERE path >= ?1 ORDER BY path LIMIT ?4
        """)
    let insertBatch = try BulkStatement(
      database, sql: "INSERT INTO batch (id, firstImage, imageCount) VALUES (?, ?, ?)")
    let rows = try BulkQuery(database, sql: "SELECT path, sizeBytes FROM fresh ORDER BY path")
    var firstPath: [UInt8] = []
    var count: Int64 = 0
    var bytes: Int64 = 0
    func endBatch() throws {
      try insertImages.run(.bytes(firstPath), .integer(image), .integer(batch), .integer(count))
      try insertBatch.run(.integer(batch), .integer(image), .integer(count))
      (image, batch, count, bytes) = (image + count, batch + 1, 0, 0)
    }
    while try rows.next() {
      if count == 0 { firstPath = rows.bytes(0) }
      count += 1
      bytes += rows.integer(1)
      if count == limits.imageCount || bytes >= limits.byteCount { try endBatch() }
    }
    if count > 0 { try endBatch() }
    precondition(image <= Int64(UInt32.max), "more than 2^32 images in one run")
    return Int(image - firstImage)
  }

  private func nameAliases(_ database: Database) throws {
    try database.execute(
      sql: """
        DELETE FROM furtherName;
        INSERT INTO furtherName SELECT alias.path, image.id FROM alias
          JOIN image ON image.path = alias.first AND image.goneInScan IS NULL;
        """)
  }

  private func insert(_ database: Database, _ summary: ScanSummary, _ root: FileIdentity) throws {
    let tally = summary.tally
    try database.execute(
      sql: "INSERT INTO scan VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        summary.number, Int64(bitPattern: root.device), Int64(bitPattern: root.inode),
        tally.fileCount, summary.newCount, summary.changedCount, summary.renamedCount,
        summary.goneCount, tally.folderCount, tally.excludedCount, tally.linkCount,
        tally.specialCount, tally.repeatedFolderCount,
        tally.unseen.map { "\($0.code) \($0.path.displayName)" }.joined(separator: "\n"),
      ])
  }
}
