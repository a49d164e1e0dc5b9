import Clustering
import Similarity
import Storage

/// How many pairs were found: by similarity, and what the audit of candidates counted.
///
/// Adds up over tiles and batches; signed, for pairs that are met twice are taken away again.
struct PairCounts: Sendable {
  /// Pairs by the join's steps of similarity.
  var links: [Int64]
  private var audited: [Int64]

  /// No pairs yet.
  init(_ comparison: Comparison) {
    links = Array(repeating: 0, count: comparison.countCount)
    audited = Array(repeating: 0, count: comparison.usesCandidates ? 3 : 0)
  }

  /// The pairs of a part of a join.
  init(_ result: TileResult, _ comparison: Comparison) {
    self.init(comparison)
    links = result.counts.map { Int64($0) }
    let audit = result.audit
    if comparison.usesCandidates {
      audited = [audit.skippedPairCount, audit.sampledPairCount, audit.missedPairCount].map {
        Int64($0)
      }
    }
  }

  static func += (sum: inout PairCounts, other: PairCounts) { sum.combine(other, +) }
  static func -= (sum: inout PairCounts, other: PairCounts) { sum.combine(other, -) }

  private mutating func combine(_ other: PairCounts, _ operation: (Int64, Int64) -> Int64) {
    for index in links.indices { links[index] = operation(links[index], other.links[index]) }
    for index in audited.indices {
      audited[index] = operation(audited[index], other.audited[index])
    }
  }

  /// What is known of the pairs that were no candidates.
  var audit: AuditRecord {
    audited.isEmpty
      ? AuditRecord()
      : AuditRecord(
        skippedPairCount: audited[0], sampledPairCount: audited[1], missedPairCount: audited[2])
  }
}

extension PairCounts {
  /// Writes the counts as one row of numbers, those of the audit last.
  func write(to path: String, files: DurableFiles) throws {
    let numbers = (links + audited).map { UInt64($0) }
    try files.writeNumpy(numbers, type: .uint64, rows: numbers.count, to: path)
  }

  /// Reads counts that `write` wrote.
  ///
  /// - Throws: `DamagedFile` or `StorageFailure`.
  init(file path: String, _ comparison: Comparison) throws {
    self.init(comparison)
    let file = try NumpyFile(path: path, type: .uint64)
    guard file.shape == (links.count + audited.count, 1) else {
      throw DamagedFile(path: path, detail: "it has \(file.shape.rows) counts")
    }
    let numbers = unsafe Array(file.bytes.assumingMemoryBound(to: Int64.self))
    links = Array(numbers.prefix(links.count))
    audited = Array(numbers.suffix(audited.count))
  }
}
