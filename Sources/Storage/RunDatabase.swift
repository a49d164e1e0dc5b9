import Catalog
import Foundation
import GRDB
import Glibc

/// The catalog and checkpoints of a run: what exists and what is done.
///
/// One connection, for the life of the process, used by one thread at a time (GRDB's serial queue);
/// safe from any thread. Write-ahead log, every commit synced unless a method says otherwise: what it has
/// returned from is there after a power cut. Other processes may read beside it.
public final class RunDatabase: Sendable {
  /// The layout of tables and folders that this version writes; another is refused.
  public static let formatVersion = 5

  let queue: DatabaseQueue
  let files: DurableFiles
  let path: String

  /// Why a database is opened.
  public enum Mode: Sendable {
    /// Make it if it is not there, and write; the caller holds the lock of the run.
    case write
    /// Read only, beside a writer.
    case read
  }

  /// A database that this version cannot use.
  public struct Unusable: Error, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong and what to do.
    public let detail: String
    /// Whether it is lost or damaged, so that it is made again from the batch folders.
    public let isRepairable: Bool
    /// One line for a person.
    public var description: String { "\(path): \(detail)" }

    /// The database of a run that is not there.
    static func missing(in run: RunDirectory) -> Unusable {
      Unusable(
        path: run.path, detail: "run.sqlite is missing; \(repairAdvice(run.databaseFile))",
        isRepairable: true)
    }
  }

  /// Opens the database of a run.
  ///
  /// - Throws: `Unusable` when it is of another version, damaged, held by another program, or empty
  ///   beside batch folders.
  public convenience init(
    _ run: RunDirectory, mode: Mode, files: DurableFiles = DurableFiles()
  ) throws {
    try self.init(
      path: run.databaseFile, mode: mode, files: files, mayBeNew: try !run.hasBatches)
  }

  /// Opens the database at a path; one that is empty is made if it may be new.
  init(path: String, mode: Mode, files: DurableFiles, mayBeNew: Bool) throws {
    self.path = path
    self.files = files
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.readonly = mode == .read
    configuration.label = "likeness.database"
    if mode == .write { configuration.journalMode = .wal }
    configuration.prepareDatabase { database in
      // A new file gets its page size before its journal; a write of more bytes is hardly slower.
      // Debian's SQLite overwrites with zeros what is changed or removed: nothing here is secret. The
      // log goes into the file at 4 MiB, which are the usual 1,000 pages where a page is 4 KiB: while
      // images are read, and not all at the end.
      try database.execute(
        sql: """
          PRAGMA page_size = 16384; PRAGMA cache_size = -16384; PRAGMA temp.cache_size = -16384;
          PRAGMA secure_delete = OFF; PRAGMA wal_autocheckpoint = 250
          """)
    }
    do {
      queue = try DatabaseQueue(
        path: mode == .read ? Self.readingAddress(path) : path, configuration: configuration)
      // After opening, because GRDB sets NORMAL for a write-ahead log.
      if mode == .write {
        try queue.inDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      }
      try prepare(mode, mayBeNew: mayBeNew)
    } catch let error as DatabaseError {
      throw Self.failure(error, path)
    }
  }

  /// What SQLite opens to read a database: one on storage where nothing can be written, that nothing
  /// works on, is read as a file that does not change, because its log cannot be opened there.
  private static func readingAddress(_ path: String) -> String {
    let run = RunDirectory(path: DurableFiles.parent(of: path))
    guard unsafe access(run.path, W_OK) != 0, !hasLog(path), !RunLock.isHeld(run) else {
      return path
    }
    return URL(filePath: path).absoluteString + "?immutable=1"
  }

  /// Whether the write-ahead log holds changes that the file itself may lack.
  private static func hasLog(_ path: String) -> Bool {
    var log = stat()
    return unsafe stat(path + "-wal", &log) == 0 && log.st_size > 0
  }

  /// Whether that log may not be opened, which writes beside it.
  private static func hasClosedLog(_ path: String) -> Bool {
    unsafe access(path + "-shm", W_OK) != 0 && hasLog(path)
  }

  /// Makes the tables of a new file, and refuses what this version cannot use.
  private func prepare(_ mode: Mode, mayBeNew: Bool) throws {
    let (version, tableCount) = try queue.read { database in
      (
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
        try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
      )
    }
    if version == Self.formatVersion { return try checkTables() }
    guard version == 0, tableCount == 0 else {
      throw Unusable(
        path: path,
        detail: "was made by another version of likeness (format \(version), this one writes "
          + "\(Self.formatVersion)); make a new run", isRepairable: false)
    }
    guard mayBeNew else {
      throw Unusable(path: path, detail: "is empty; \(Self.repairAdvice(path))", isRepairable: true)
    }
    guard mode == .write else {
      throw Unusable(
        path: path,
        detail: "is empty, because the process that made it ended early; 'likeness resume "
          + "\(DurableFiles.parent(of: path))' goes on", isRepairable: false)
    }
    // Durable with what is recorded first: until then there is nothing that a power cut could part.
    try write(isSynced: false) { database in
      try database.execute(sql: Self.schema)
      try database.execute(sql: "PRAGMA user_version = \(Self.formatVersion)")
    }
  }

  /// Refuses tables that are not those of `schema`, whose text is part of the file.
  private func checkTables() throws {
    let sound = try DatabaseQueue()
    try sound.write { try $0.execute(sql: Self.schema) }
    let query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql"
    let (present, expected) = try (
      queue.read { try String.fetchAll($0, sql: query) },
      sound.read { try String.fetchAll($0, sql: query) }
    )
    guard present == expected else {
      throw Unusable(
        path: path, detail: "its tables are damaged; \(Self.repairAdvice(path))",
        isRepairable: true)
    }
  }

  /// What an error of SQLite means, and what to do about it.
  ///
  /// Only damage is mended by making the file again: a full disk or another program would fail that
  /// too, or lose what is sound.
  private static func failure(_ error: DatabaseError, _ path: String) -> any Error {
    let message = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return Unusable(
        path: path, detail: "cannot be used: \(message); \(repairAdvice(path))", isRepairable: true)
    case .SQLITE_FULL: return StorageFailure(path: path, action: "written", code: ENOSPC)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return Unusable(
        path: path, detail: "is held by another program; end that, then try again",
        isRepairable: false)
    case .SQLITE_CANTOPEN where hasClosedLog(path), .SQLITE_READONLY where hasClosedLog(path):
      return Unusable(
        path: path,
        detail: "cannot be opened where nothing can be written, because run.sqlite-wal holds the "
          + "last changes; copy the run to where it can be written",
        isRepairable: false)
    default: return Unusable(path: path, detail: "cannot be used: \(message)", isRepairable: false)
    }
  }

  static func repairAdvice(_ path: String) -> String {
    "'likeness check \(DurableFiles.parent(of: path)) --repair' makes it again from the archive and "
      + "the batch folders"
  }

  /// One transaction, durable when this returns.
  ///
  /// - Parameter isSynced: false for what a power cut may take back, if not the end of the process.
  func write<Value>(
    isSynced: Bool = true, _ body: (Database) throws -> Value
  ) throws -> Value {
    do {
      return try queue.writeWithoutTransaction { database in
        if !isSynced { try database.execute(sql: "PRAGMA synchronous = NORMAL") }
        let result = Result {
          var value: Value?
          try database.inTransaction(.immediate) {
            value = try body(database)
            try files.willRecord(path)
            return .commit
          }
          guard let value else { preconditionFailure("a transaction ended without its value") }
          return value
        }
        if !isSynced { try database.execute(sql: "PRAGMA synchronous = FULL") }
        return try result.get()
      }
    } catch let error as DatabaseError where Self.isForeseen(error) {
      throw Self.failure(error, path)
    }
  }

  /// One look at it, which sees one state throughout.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try queue.read(body)
    } catch let error as DatabaseError where Self.isForeseen(error) {
      throw Self.failure(error, path)
    } catch is RowDecodingError {
      throw strangeValue
    }
  }

  /// A value that is not of its column's kind.
  var strangeValue: Unusable {
    Unusable(
      path: path, detail: "holds a value that cannot be; \(Self.repairAdvice(path))",
      isRepairable: true)
  }

  private static func isForeseen(_ error: DatabaseError) -> Bool {
    [
      .SQLITE_FULL, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_IOERR,
      .SQLITE_READONLY,
    ].contains(error.resultCode)
  }

  /// Writes what the log still holds into the file and ends the connection.
  public func close() throws { try queue.close() }

  /// What is wrong with the file by itself, indexes and seals too; nil when nothing is.
  public func complaint() throws -> String? {
    do {
      return try queue.read { database in
        let answer = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)")
        guard answer == "ok" else { return answer ?? "cannot be checked" }
        return try Self.brokenOrder(database) ?? Self.brokenSeal(database)
      }
    } catch let error as DatabaseError {
      let failure = Self.failure(error, path)
      guard let damage = failure as? Unusable, damage.isRepairable else { throw failure }
      return damage.detail
    }
  }

  /// The tables.
  ///
  /// Integers that are unsigned in Swift are stored with their bit pattern.
  private static let schema = """
    -- The archive and what a scan found of it.
    CREATE TABLE scan (
      id INTEGER PRIMARY KEY,                 -- from 1
      device INTEGER NOT NULL, inode INTEGER NOT NULL,  -- of the root of the archive
      fileCount INTEGER NOT NULL,             -- names of regular files that the filter admits
      newCount INTEGER NOT NULL, changedCount INTEGER NOT NULL,
      renamedCount INTEGER NOT NULL, goneCount INTEGER NOT NULL,
      folderCount INTEGER NOT NULL, excludedCount INTEGER NOT NULL, linkCount INTEGER NOT NULL,
      specialCount INTEGER NOT NULL, repeatedFolderCount INTEGER NOT NULL,
      unseen TEXT NOT NULL                    -- a line each: errno, the path as shown
    ) STRICT;
    -- One row an image, for ever: gone ones keep their number.
    CREATE TABLE image (
      id INTEGER PRIMARY KEY,                 -- the image number
      batch INTEGER NOT NULL,
      path BLOB NOT NULL,                     -- the first of its names, bytes
      sizeBytes INTEGER NOT NULL, modifiedNanoseconds INTEGER NOT NULL,
      goneInScan INTEGER,                     -- the scan that no longer found it
      outcome INTEGER NOT NULL DEFAULT 0,     -- 0 waiting 1 done 2 quarantined 3 not read 4 skipped
      content BLOB,                           -- XXH3 128 of the file's bytes
      width INTEGER, height INTEGER           -- pixels, as shown
    ) STRICT;
    CREATE UNIQUE INDEX imageByPath ON image(path) WHERE goneInScan IS NULL;
    -- The other names of an image with several.
    CREATE TABLE furtherName (path BLOB PRIMARY KEY, image INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX furtherNameByImage ON furtherName(image);
    -- Why an image was left out.
    CREATE TABLE failure (
      image INTEGER PRIMARY KEY, stage TEXT NOT NULL, decoder TEXT NOT NULL, message TEXT NOT NULL
    ) STRICT;
    -- One row a batch; generation 0 is not done, else the folder batches/ID.GENERATION.
    CREATE TABLE batch (
      id INTEGER PRIMARY KEY, firstImage INTEGER NOT NULL, imageCount INTEGER NOT NULL,
      generation INTEGER NOT NULL DEFAULT 0, digest TEXT,
      begunCount INTEGER NOT NULL DEFAULT 0,  -- times it was begun and not finished
      isStale INTEGER NOT NULL DEFAULT 0      -- an image of it is gone: link it again
    ) STRICT;
    -- The measures that a batch has, with the digest of the files that a merge by each reads of it,
    -- and what made its features.
    CREATE TABLE batchMeasure (
      batch INTEGER NOT NULL, measure TEXT NOT NULL, digest TEXT NOT NULL,
      version INTEGER NOT NULL,               -- of the method
      decoders TEXT NOT NULL,                 -- libraries with their versions, a line each
      PRIMARY KEY (batch, measure)
    ) STRICT, WITHOUT ROWID;
    -- The merge pass: one row a finished tile, one a finished forest, and its links by similarity.
    CREATE TABLE tile (
      plan TEXT NOT NULL, number INTEGER NOT NULL, batches TEXT NOT NULL, digest TEXT NOT NULL,
      PRIMARY KEY (plan, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE forest (
      plan TEXT PRIMARY KEY, measure TEXT NOT NULL, batches TEXT NOT NULL, digest TEXT NOT NULL,
      -- Pairs that no candidates were, those of them measured all the same, and those then at the floor.
      skippedPairs INTEGER NOT NULL, sampledPairs INTEGER NOT NULL, missedPairs INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE linkCount (
      plan TEXT NOT NULL, similarity REAL NOT NULL, links INTEGER NOT NULL,
      PRIMARY KEY (plan, similarity)
    ) STRICT, WITHOUT ROWID;
    -- The result in place, and one that is about to be; number is the name of its folder.
    CREATE TABLE result (
      number INTEGER PRIMARY KEY, digest TEXT NOT NULL,
      thumbnails TEXT NOT NULL                -- of these images it shows one that was there
    ) STRICT;
    -- The text of run.yaml, one row, to notice that it was changed or lost.
    CREATE TABLE settings (yaml TEXT NOT NULL) STRICT;
    -- Digests of what no folder tells: the rows of scan and furtherName, linkCount with audits, settings.
    CREATE TABLE seal (part TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """
}
