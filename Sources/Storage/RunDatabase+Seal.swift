import Catalog
import Foundation
import GRDB

extension RunDatabase {
  /// Rows that no batch folder tells of, and that are sealed with a digest, so that damage to them is
  /// seen.
  enum SealedPart: String, CaseIterable {
    /// What scans found, and the further names of images.
    case scan
    /// Links by similarity, and audits of candidates.
    case linkCount
    /// The text of `run.yaml`.
    case settings

    fileprivate var queries: [String] {
      switch self {
      case .scan:
        ["SELECT * FROM scan ORDER BY id", "SELECT path, image FROM furtherName ORDER BY path"]
      case .linkCount:
        [
          "SELECT plan, similarity, links FROM linkCount ORDER BY plan, similarity",
          "SELECT plan, skippedPairs, sampledPairs, missedPairs FROM forest ORDER BY plan",
        ]
      case .settings: ["SELECT yaml FROM settings"]
      }
    }
  }

  /// Seals a part; the last step of a transaction that changes it.
  static func seal(_ part: SealedPart, _ database: Database) throws {
    try database.execute(sql: "DELETE FROM seal WHERE part = ?", arguments: [part.rawValue])
    guard let digest = try digest(of: part, database) else { return }
    try database.execute(
      sql: "INSERT INTO seal VALUES (?, ?)", arguments: [part.rawValue, digest])
  }

  /// Whether a part is as it was sealed.
  static func isAsSealed(_ part: SealedPart, _ database: Database) throws -> Bool {
    try digest(of: part, database)
      == String.fetchOne(
        database, sql: "SELECT digest FROM seal WHERE part = ?", arguments: [part.rawValue])
  }

  /// The first part that is not as it was sealed, as a complaint.
  static func brokenSeal(_ database: Database) throws -> String? {
    for part in SealedPart.allCases where try !isAsSealed(part, database) {
      return "its rows of '\(part.rawValue)' are not what was recorded"
    }
    return nil
  }

  /// Whether some image belongs to no batch, or a batch lacks one, as a complaint.
  static func brokenOrder(_ database: Database) throws -> String? {
    let strays = try Int.fetchOne(
      database,
      sql: """
        SELECT COUNT(*) FROM image LEFT JOIN batch ON batch.id = image.batch
        WHERE batch.id IS NULL OR image.id < firstImage OR image.id >= firstImage + imageCount
        """)
    let missing = try Int.fetchOne(
      database,
      sql: "SELECT (SELECT TOTAL(imageCount) FROM batch) - (SELECT COUNT(*) FROM image)")
    return strays == 0 && missing == 0 ? nil : "its images are not those of its batches"
  }

  /// The digest of a part; nil when it has no row.
  private static func digest(of part: SealedPart, _ database: Database) throws -> String? {
    let hasher = ContentHasher()
    var isEmpty = true
    for query in part.queries {
      let rows = try Row.fetchCursor(database, sql: query)
      while let row = try rows.next() {
        isEmpty = false
        for value in row.databaseValues { add(value, to: hasher) }
      }
    }
    return isEmpty ? nil : hasher.hash.hexadecimal
  }

  /// Hashes a value with its kind and length.
  private static func add(_ value: DatabaseValue, to hasher: ContentHasher) {
    let (kind, bytes): (String, [UInt8]) =
      switch value.storage {
      case .null: ("null", [])
      case .int64(let number): ("integer", Array("\(number)".utf8))
      case .double(let number): ("real", Array("\(number)".utf8))
      case .string(let text): ("text", Array(text.utf8))
      case .blob(let data): ("blob", Array(data))
      }
    let whole = Array("\(kind) \(bytes.count) ".utf8) + bytes
    unsafe whole.withUnsafeBytes { unsafe hasher.add($0) }
  }
}

extension RunDatabase {
  /// The text of `run.yaml` as it was kept last; nil when none was.
  ///
  /// - Throws: `Unusable`, to be repaired, when it is damaged.
  public func settingsText() throws -> String? {
    try read { database in
      guard try Self.isAsSealed(.settings, database) else {
        throw Unusable(
          path: path, detail: "its settings are damaged; \(Self.repairAdvice(path))",
          isRepairable: true)
      }
      return try String.fetchOne(database, sql: "SELECT yaml FROM settings")
    }
  }

  /// Keeps the text of `run.yaml`.
  public func keepSettings(_ yaml: String) throws {
    try write { database in
      try database.execute(sql: "DELETE FROM settings")
      try database.execute(sql: "INSERT INTO settings VALUES (?)", arguments: [yaml])
      try Self.seal(.settings, database)
    }
  }
}
