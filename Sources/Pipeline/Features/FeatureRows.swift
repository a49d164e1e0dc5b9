import LinearAlgebra
import Similarity
import Storage

/// Features of one measure, a row each, in memory or in a scratch file.
struct FeatureRows: Sendable {
  private let layout: FeatureLayout
  private(set) var count = 0
  private var bytes: [UInt8] = []
  private let file: ScratchFile?
  /// Where each row ends; nothing where all rows are of one length.
  private var ends: [Int] = []

  /// Makes no rows yet.
  ///
  /// - Parameter file: where they go; nil keeps them in memory.
  init(_ layout: FeatureLayout, file: ScratchFile? = nil) {
    self.layout = layout
    self.file = file
  }

  /// Adds a row.
  mutating func append(_ row: ArraySlice<UInt8>) throws {
    switch layout {
    case .bytes(let count):
      precondition(row.count == count, "a row of \(row.count) bytes, not \(count)")
    case .records, .floats: ends.append((ends.last ?? 0) + row.count)
    }
    if let file { try file.append(row) } else { bytes += row }
    count += 1
  }

  /// Adds a row that no image has.
  mutating func appendNone() throws {
    switch layout {
    case .bytes(let count): try append(Array(repeating: UInt8(0), count: count)[...])
    case .records, .floats: try append([])
    }
  }

  /// Makes the rows so far readable; before it those in a file are not.
  func finish() throws { try file?.flush() }

  /// The rows of a range, one after another.
  func bytes(of rows: Range<Int>) throws -> [UInt8] {
    let range = start(ofRow: rows.lowerBound)..<start(ofRow: rows.upperBound)
    return try file?.bytes(in: range) ?? Array(bytes[range])
  }

  /// The rows of a range, each by itself.
  func strings(of rows: Range<Int>) throws -> ByteStrings {
    let first = start(ofRow: rows.lowerBound)
    return ByteStrings(
      bytes: try bytes(of: rows), ends: rows.map { start(ofRow: $0 + 1) - first })
  }

  /// The rows of a range as vectors, all of one dimension.
  func vectors(of rows: Range<Int>) throws -> LinearAlgebra.Rows {
    let bytes = try bytes(of: rows)
    switch layout {
    case .bytes(let count):
      return Rows(count: rows.count, dimension: count, values: bytes.map(Float.init))
    case .records: preconditionFailure("records are no vectors")
    case .floats: return Rows(bytes: bytes, count: rows.count)
    }
  }

  private func start(ofRow row: Int) -> Int {
    switch layout {
    case .bytes(let count): row * count
    case .records, .floats: row == 0 ? 0 : ends[row - 1]
    }
  }

  /// Bit strings wider than this are not kept in memory where they are those of a whole archive: with
  /// what a join knows of each row they would take more than 64 bytes an image.
  private static let widestKeptByteCount = 32

  /// The rows as bit strings; wide ones that are in a file are read when they are needed.
  func bits(count bitCount: Int) throws -> BitRows {
    if file == nil { return BitRows(bitCount: bitCount, bytes: bytes) }
    guard bitCount <= 8 * Self.widestKeptByteCount else {
      return BitRows(bitCount: bitCount, rowCount: count, source: StoredBits(rows: self, bitCount))
    }
    var rows = BitRows(bitCount: bitCount)
    rows.reserveCapacity(count)
    for start in stride(from: 0, to: count, by: 4_096) {
      let block = try bytes(of: start..<min(start + 4_096, count))
      rows.append(contentsOf: BitRows(bitCount: bitCount, bytes: block))
    }
    return rows
  }
}

/// Bit strings in a file.
private struct StoredBits: RowSource {
  private let rows: FeatureRows
  private let bitCount: Int

  init(rows: FeatureRows, _ bitCount: Int) {
    self.rows = rows
    self.bitCount = bitCount
  }

  func read(_ range: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws {
    let read = BitRows(bitCount: bitCount, bytes: try rows.bytes(of: range))
    unsafe read.words.withUnsafeBytes { unsafe bytes.copyMemory(from: $0) }
  }
}
