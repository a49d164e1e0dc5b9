import GRDB

/// A result that is published, or about to be.
public struct ResultRecord: Hashable, Sendable {
  /// Its number, the name of its folder.
  public let number: Int
  /// The digest of its tables and pages.
  public let digest: String
  /// The images whose thumbnails it shows and were there, ascending.
  public let thumbnails: [UInt32]

  /// Makes a record of its parts.
  public init(number: Int, digest: String, thumbnails: [UInt32]) {
    (self.number, self.digest, self.thumbnails) = (number, digest, thumbnails)
  }
}

extension RunDatabase {
  /// Records a result before it is put in place; the one in place until then stays recorded.
  public func record(_ result: ResultRecord, inPlaceOf current: Int?) throws {
    try write { database in
      try database.execute(
        sql: "DELETE FROM result WHERE number IS NOT ?", arguments: [current])
      try database.execute(
        sql: "INSERT OR REPLACE INTO result VALUES (?, ?, ?)",
        arguments: [
          result.number, result.digest,
          result.thumbnails.map(String.init).joined(separator: " "),
        ])
    }
  }

  /// The results that are recorded: none before the first and in a database that was made again.
  public func results() throws -> [ResultRecord] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT number, digest, thumbnails FROM result").map {
        ResultRecord(
          number: $0[0], digest: $0[1],
          thumbnails: ($0[2] as String).split(separator: " ").compactMap { UInt32($0) })
      }
    }
  }
}
