import Catalog
import GRDB

extension RunDatabase {
  /// Records a batch as done with its folder in place: the last step of a batch.
  ///
  /// - Parameter measures: the measures it has, by name; nil when they are as they were.
  public func record(
    _ batch: BatchID, generation: Int, digest: String, measures: [String: MeasureRecord]?,
    results: [ImageResult]
  ) throws {
    try write { database in
      try Self.record(results, database)
      try Self.recordFailures(of: results, generation: generation, database)
      try database.execute(
        sql: """
          UPDATE batch SET generation = ?, digest = ?, begunCount = 0, isStale = 0 WHERE id = ?
          """, arguments: [generation, digest, batch.rawValue])
      guard let measures else { return }
      try database.execute(
        sql: "DELETE FROM batchMeasure WHERE batch = ?", arguments: [batch.rawValue])
      for (name, measure) in measures {
        try database.execute(
          sql: "INSERT INTO batchMeasure VALUES (?, ?, ?, ?, ?)",
          arguments: [
            batch.rawValue, name, measure.digest, measure.origin.version,
            measure.origin.decoders.joined(separator: "\n"),
          ])
      }
    }
  }

  private static func record(_ results: [ImageResult], _ database: Database) throws {
    let update = try BulkStatement(
      database,
      sql: "UPDATE image SET outcome = ?, content = ?, width = ?, height = ? WHERE id = ?")
    for result in results {
      try update.run(
        .integer(Int64(result.outcome.rawValue)),
        result.content.map { .bytes($0.bytes) } ?? .null,
        .integer(Int64(result.width)), .integer(Int64(result.height)),
        .integer(Int64(result.id.rawValue)))
    }
  }

  private static func recordFailures(
    of results: [ImageResult], generation: Int, _ database: Database
  ) throws {
    let fail = try BulkStatement(
      database, sql: "INSERT OR REPLACE INTO failure VALUES (?, ?, ?, ?)")
    let mend = try BulkStatement(database, sql: "DELETE FROM failure WHERE image = ?")
    for result in results {
      let id = BulkStatement.Value.integer(Int64(result.id.rawValue))
      if let failure = result.failure {
        try fail.run(id, .text(failure.stage), .text(failure.decoder), .text(failure.message))
      } else if generation > 1 {
        try mend.run(id)
      }
    }
  }
}
