import GRDB

/// How many links there are at one similarity.
public struct LinkCount: Hashable, Sendable {
  /// The similarity, from the floor to 1.
  public let similarity: Double
  /// Pairs of images with exactly this similarity, among the pairs that were compared.
  public let links: UInt64

  /// Makes a count.
  public init(similarity: Double, links: UInt64) {
    self.similarity = similarity
    self.links = links
  }
}

/// What is known of pairs that were not compared, because a cheap guide left them out.
public struct AuditRecord: Hashable, Sendable {
  /// Pairs left out.
  public let skippedPairCount: Int64
  /// Those of them that were measured all the same.
  public let sampledPairCount: Int64
  /// Those of the sample that are links.
  public let missedPairCount: Int64

  /// Makes a record, of no pairs by default.
  public init(
    skippedPairCount: Int64 = 0, sampledPairCount: Int64 = 0, missedPairCount: Int64 = 0
  ) {
    self.skippedPairCount = skippedPairCount
    self.sampledPairCount = sampledPairCount
    self.missedPairCount = missedPairCount
  }
}

/// A forest that is done.
public struct ForestRecord: Hashable, Sendable {
  /// The name of the plan it was made by.
  public let plan: String
  /// The measure of its links.
  public let measure: String
  /// Names the batches it was made from.
  public let batches: String
  /// The digest of its file.
  public let digest: String
}

/// A tile that is done.
public struct TileRecord: Hashable, Sendable {
  /// The name of the plan it belongs to.
  public let plan: String
  /// Its number.
  public let number: Int
  /// Names the batches it was made from.
  public let batches: String
  /// The digest of its files.
  public let digest: String
}

extension RunDatabase {
  /// The digests of the finished tiles of a plan, by number.
  public func finishedTiles(plan: String) throws -> [Int: String] {
    try read { database in
      var tiles: [Int: String] = [:]
      let rows = try Row.fetchCursor(
        database, sql: "SELECT number, digest FROM tile WHERE plan = ?", arguments: [plan])
      while let row = try rows.next() { tiles[row[0]] = row[1] }
      return tiles
    }
  }

  /// All finished tiles of plans whose forest is not done yet.
  public func tiles() throws -> [TileRecord] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT plan, number, batches, digest FROM tile ORDER BY plan, number"
      ).map { TileRecord(plan: $0[0], number: $0[1], batches: $0[2], digest: $0[3]) }
    }
  }

  /// Records a tile as done, its file in place.
  ///
  /// - Parameter batches: names the batches it was made from; a tile of others is out of date.
  public func recordTile(plan: String, number: Int, batches: String, digest: String) throws {
    try write {
      try $0.execute(
        sql: "INSERT OR REPLACE INTO tile VALUES (?, ?, ?, ?)",
        arguments: [plan, number, batches, digest])
    }
  }

  /// Records the forest of a plan as done, its file in place, with its links by similarity; the tiles
  /// it was made of are no longer needed and forgotten.
  ///
  /// - Parameter batches: names the batches it was made from; a forest of others is out of date.
  public func recordForest(
    plan: String, measure: String, batches: String, digest: String, counts: [LinkCount],
    audit: AuditRecord = AuditRecord()
  ) throws {
    try write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO forest VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          plan, measure, batches, digest, audit.skippedPairCount, audit.sampledPairCount,
          audit.missedPairCount,
        ])
      try database.execute(sql: "DELETE FROM tile WHERE plan = ?", arguments: [plan])
      try database.execute(sql: "DELETE FROM linkCount WHERE plan = ?", arguments: [plan])
      for count in counts {
        try database.execute(
          sql: "INSERT INTO linkCount VALUES (?, ?, ?)",
          arguments: [plan, count.similarity, Int64(clamping: count.links)])
      }
      try Self.seal(.linkCount, database)
    }
  }

  /// The digest of a plan's forest, nil when it is not done.
  public func forestDigest(plan: String) throws -> String? {
    try read {
      try String.fetchOne($0, sql: "SELECT digest FROM forest WHERE plan = ?", arguments: [plan])
    }
  }

  /// What is known of the pairs that a plan's forest left out, nil when it is not done.
  public func audit(plan: String) throws -> AuditRecord? {
    try read { database in
      try Row.fetchOne(
        database,
        sql: "SELECT skippedPairs, sampledPairs, missedPairs FROM forest WHERE plan = ?",
        arguments: [plan]
      ).map {
        AuditRecord(skippedPairCount: $0[0], sampledPairCount: $0[1], missedPairCount: $0[2])
      }
    }
  }

  /// The forests that are done.
  public func forests() throws -> [ForestRecord] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT plan, measure, batches, digest FROM forest ORDER BY plan"
      ).map { ForestRecord(plan: $0[0], measure: $0[1], batches: $0[2], digest: $0[3]) }
    }
  }

  /// The links of a plan by similarity, most similar first.
  public func linkCounts(plan: String) throws -> [LinkCount] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT similarity, links FROM linkCount WHERE plan = ? ORDER BY similarity DESC",
        arguments: [plan]
      ).map { LinkCount(similarity: $0[0], links: UInt64($0[1] as Int64)) }
    }
  }

  /// Forgets a plan: its forest and tiles are no longer wanted or are damaged.
  public func forgetPlan(_ plan: String) throws {
    try write { database in
      for table in ["tile", "forest", "linkCount"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE plan = ?", arguments: [plan])
      }
      try Self.seal(.linkCount, database)
    }
  }

  /// Forgets one tile, because its file is damaged.
  public func forgetTile(plan: String, number: Int) throws {
    try write {
      try $0.execute(
        sql: "DELETE FROM tile WHERE plan = ? AND number = ?", arguments: [plan, number])
    }
  }
}
