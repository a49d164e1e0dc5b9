import Catalog

/// Why a file takes no part in a result.
public enum LeftOutOutcome: String, CaseIterable, Hashable, Sendable {
  /// Its bytes could not be decoded.
  case quarantined
  /// The storage would not give its bytes, or it ran out of time; a resume tries again.
  case notRead
  /// It is not an image by its bytes.
  case skipped
  /// A folder or file that the scan could not look at: what is new there is not known.
  case unseen

  /// The outcome in words, as the tables and pages say it.
  public var words: String {
    switch self {
    case .quarantined: "quarantined"
    case .notRead: "not read"
    case .skipped: "skipped"
    case .unseen: "not looked at"
    }
  }
}

/// A file that takes no part in a result, and why.
public struct LeftOutFile: Hashable, Sendable {
  /// Where it is.
  public let path: ArchivePath
  /// What became of it.
  public let outcome: LeftOutOutcome
  /// The kind of reason, the same words for the same kind: files are grouped by it.
  public let reason: String
  /// What was said of this file: stage, decoder, message; may be empty.
  public let detail: String

  /// Makes a record of its parts.
  public init(path: ArchivePath, outcome: LeftOutOutcome, reason: String, detail: String) {
    self.path = path
    self.outcome = outcome
    self.reason = reason
    self.detail = detail
  }
}

/// How many files were left out, by outcome and reason, and the first of each outcome.
///
/// Holds one entry a reason and at most `listLimit` files an outcome, whatever is added.
public struct LeftOutTally: Sendable {
  /// Files of one outcome and reason.
  public struct Group: Hashable, Sendable {
    /// What became of the files.
    public let outcome: LeftOutOutcome
    /// Why.
    public let reason: String
    /// How many.
    public let fileCount: Int
  }

  /// Files kept of each outcome.
  public let listLimit: Int
  private var counts: [LeftOutOutcome: [String: Int]] = [:]
  private var firstFiles: [LeftOutOutcome: [LeftOutFile]] = [:]

  /// Makes an empty tally that keeps the first `listLimit` files of each outcome.
  public init(listLimit: Int = 200) { self.listLimit = listLimit }

  /// Counts a file; files come in byte order of their paths.
  public mutating func append(_ file: LeftOutFile) {
    counts[file.outcome, default: [:]][file.reason, default: 0] += 1
    if firstFiles[file.outcome, default: []].count < listLimit {
      firstFiles[file.outcome, default: []].append(file)
    }
  }

  /// The groups of one outcome: the largest first, ties by the bytes of the reason.
  public func groups(of outcome: LeftOutOutcome) -> [Group] {
    (counts[outcome] ?? [:])
      .map { Group(outcome: outcome, reason: $0.key, fileCount: $0.value) }
      .sorted { left, right in
        left.fileCount != right.fileCount
          ? left.fileCount > right.fileCount
          : left.reason.utf8.lexicographicallyPrecedes(right.reason.utf8)
      }
  }

  /// The first files of one outcome, in the order added.
  public func files(of outcome: LeftOutOutcome) -> [LeftOutFile] { firstFiles[outcome] ?? [] }

  /// How many files of one outcome were added.
  public func fileCount(of outcome: LeftOutOutcome) -> Int {
    (counts[outcome] ?? [:]).values.reduce(0, +)
  }
}

/// Writes `left-out.csv`: a row for each file left out, with columns outcome, reason, detail, path.
///
/// RFC 4180, all fields quoted; a path is the raw bytes of the file system.
public struct LeftOutCSV {
  private var buffer: ByteBuffer

  /// Starts a table that goes to `sink`.
  public init(sink: @escaping ByteSink) {
    buffer = ByteBuffer(sink: sink)
    buffer.bytes.append("outcome,reason,detail,path\r\n")
  }

  /// Writes a row; throws what the sink throws.
  public mutating func append(_ file: LeftOutFile) throws {
    for field in [file.outcome.words, file.reason, file.detail] {
      buffer.bytes.append(csv: field.utf8)
      buffer.bytes.append(UInt8(ascii: ","))
    }
    buffer.bytes.append(csv: file.path.bytes)
    buffer.bytes.append("\r\n")
    try buffer.flushIfFull()
  }

  /// Hands the last rows to the sink; throws what it throws.
  public mutating func finish() throws { try buffer.flush() }
}
