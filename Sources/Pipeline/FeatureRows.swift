import Similarity
import Storage

/// Features of one measure, a row each, in memory or in a scratch file.
struct FeatureRows: Sendable {
  let byteCount: Int
  private(set) var count = 0
  private var bytes: [UInt8] = []
  private let file: ScratchFile?

  /// Makes no rows yet.
  ///
  /// - Parameter file: where they go; nil keeps them in memory.
  init(byteCount: Int, file: ScratchFile? = nil) {
    self.byteCount = byteCount
    self.file = file
  }

  /// Adds a row.
  mutating func append(_ row: ArraySlice<UInt8>) throws {
    precondition(row.count == byteCount, "a row of \(row.count) bytes, not \(byteCount)")
    if let file { try file.append(row) } else { bytes += row }
    count += 1
  }

  /// Makes the rows so far readable; before it those in a file are not.
  func finish() throws { try file?.flush() }

  /// The rows of a range.
  func bytes(of rows: Range<Int>) throws -> [UInt8] {
    let range = rows.lowerBound * byteCount..<rows.upperBound * byteCount
    guard let file else { return Array(bytes[range]) }
    return try unsafe [UInt8](unsafeUninitializedCapacity: range.count) { free, count in
      let free = UnsafeMutableRawBufferPointer(free)
      try unsafe file.read(
        into: UnsafeMutableRawBufferPointer(rebasing: free[..<range.count]), at: range.lowerBound)
      count = range.count
    }
  }

  /// Bit strings wider than this are not kept in memory where they are those of a whole archive: with
  /// what a join knows of each row they would take more than 64 bytes an image.
  private static let widestKeptByteCount = 32

  /// The rows as bit strings; wide ones that are in a file are read when they are needed.
  func bits(count bitCount: Int) throws -> BitRows {
    if file == nil { return BitRows(bitCount: bitCount, bytes: bytes) }
    guard byteCount <= Self.widestKeptByteCount else {
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
