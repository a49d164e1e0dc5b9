/// Rows of bytes, each as long as it is: descriptors, segments, or rasters of one size.
public struct ByteStrings: Sendable, Hashable {
  /// All rows, one after another.
  public private(set) var bytes: [UInt8]
  /// Where each row ends in `bytes`.
  private var ends: [Int]

  /// Makes no rows.
  public init() {
    bytes = []
    ends = []
  }

  /// Makes rows of `byteCount` bytes each.
  public init(bytes: [UInt8], byteCount: Int) {
    precondition(
      byteCount > 0 && bytes.count.isMultiple(of: byteCount),
      "\(bytes.count) bytes as rows of \(byteCount)")
    self.bytes = bytes
    ends = (0..<bytes.count / byteCount).map { ($0 + 1) * byteCount }
  }

  /// Makes rows that end at `ends`, ascending, the last at the end of `bytes`.
  public init(bytes: [UInt8], ends: [Int]) {
    precondition(
      (ends.last ?? 0) == bytes.count, "\(bytes.count) bytes of rows to \(ends.suffix(1))")
    self.bytes = bytes
    self.ends = ends
  }

  /// The number of rows.
  public var count: Int { ends.count }

  /// Makes room for rows of so many bytes in all; without it, bytes are copied as they grow, and twice the
  /// memory is held.
  public mutating func reserveCapacity(rowCount: Int, byteCount: Int) {
    ends.reserveCapacity(rowCount)
    bytes.reserveCapacity(byteCount)
  }

  /// Adds a row.
  public mutating func append(_ row: some Collection<UInt8>) {
    bytes.append(contentsOf: row)
    ends.append(bytes.count)
  }

  /// One row.
  public subscript(row: Int) -> ArraySlice<UInt8> {
    bytes[(row == 0 ? 0 : ends[row - 1])..<ends[row]]
  }
}
