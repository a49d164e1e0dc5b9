/// Rows of bytes of one length, one an image: small rasters of 8-bit samples.
///
/// Sample `s` of row `r` is `bytes[r * byteCount + s]`: row-major, no padding.
public struct ByteRows: Equatable, Sendable {
  /// Bytes in a row, at least 1.
  public let byteCount: Int
  /// All rows, row-major.
  public private(set) var bytes: [UInt8]

  /// How many rows there are.
  public var count: Int { bytes.count / byteCount }

  /// Makes rows from bytes, none yet by default.
  ///
  /// - Precondition: whole rows.
  public init(byteCount: Int, bytes: [UInt8] = []) {
    precondition(byteCount > 0, "rows of \(byteCount) bytes")
    precondition(bytes.count % byteCount == 0, "\(bytes.count) bytes are not rows of \(byteCount)")
    self.byteCount = byteCount
    self.bytes = bytes
  }

  /// Adds whole rows.
  public mutating func append(contentsOf rows: some Collection<UInt8>) {
    precondition(rows.count % byteCount == 0, "\(rows.count) bytes are not rows of \(byteCount)")
    bytes.append(contentsOf: rows)
  }

  /// One row.
  public subscript(row: Int) -> ArraySlice<UInt8> {
    bytes[row * byteCount..<(row + 1) * byteCount]
  }
}
