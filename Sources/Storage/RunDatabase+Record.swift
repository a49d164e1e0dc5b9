import Catalog
import GRDB

extension RunDatabase {
  /// Records a batch as done with its folder in place: the last step of a batch.
  ///
  /// - Parameters:
  ///   - measures: the measures it has, by name; nil when they are as they were.
  ///   - results: of images in order of their numbers.
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

  /// Gives images their results: a run of numbers at once, each column as bytes of which every row takes
  /// its share, in less than half the time of a statement a row.
  private static func record(_ results: [ImageResult], _ database: Database) throws {
    let digitCount = 20  // of any Int
    let update = try BulkStatement(
      database,
      sql: """
        UPDATE image SET
          outcome = CAST(substr(?3, 1 + (id - ?1), 1) AS INTEGER),
          content = NULLIF(
            substr(?4, 1 + (id - ?1) * \(ContentHash.byteCount), \(ContentHash.byteCount)),
            zeroblob(\(ContentHash.byteCount))),
          width = CAST(substr(?5, 1 + (id - ?1) * \(digitCount), \(digitCount)) AS INTEGER),
          height = CAST(substr(?6, 1 + (id - ?1) * \(digitCount), \(digitCount)) AS INTEGER)
        WHERE id BETWEEN ?1 AND ?2
        """)
    let noContent = [UInt8](repeating: 0, count: ContentHash.byteCount)
    func append(_ number: Int, to column: inout [UInt8]) {
      let end = column.count + digitCount
      column.append(contentsOf: String(number).utf8)
      while column.count < end { column.append(UInt8(ascii: " ")) }
    }
    var next = results.startIndex
    while next < results.endIndex {
      let first = Int64(results[next].id.rawValue)
      var id = first
      var (outcomes, contents, widths, heights): ([UInt8], [UInt8], [UInt8], [UInt8]) = (
        [], [], [], []
      )
      while next < results.endIndex, Int64(results[next].id.rawValue) == id {
        outcomes.append(UInt8(ascii: "0") + results[next].outcome.rawValue)
        contents.append(contentsOf: results[next].content?.bytes ?? noContent)
        append(results[next].width, to: &widths)
        append(results[next].height, to: &heights)
        (next, id) = (next + 1, id + 1)
      }
      try update.run(
        .integer(first), .integer(id - 1), .bytes(outcomes), .bytes(contents), .bytes(widths),
        .bytes(heights))
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
