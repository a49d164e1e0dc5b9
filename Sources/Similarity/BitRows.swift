/// Bit strings of one width, one an image: packed rows of 64-bit words, bits past the end zero.
///
/// Bit `i` of a row is bit `i % 64` of word `i / 64` where bytes came least significant first; a
/// Hamming distance does not care, as long as all rows were made alike.
public struct BitRows: Sendable {
  /// Bits in a row, at least 1.
  public let bitCount: Int
  /// Words in a row: `bitCount` over 64, rounded up.
  public let wordCount: Int
  /// All rows that are in memory, row-major, `wordCount` words each.
  public private(set) var words: [UInt64]
  /// Where rows are read from that are not in memory, and how many.
  private let stored: (source: any RowSource, count: Int)?

  /// How many rows there are.
  public var count: Int { stored?.count ?? words.count / wordCount }

  /// Bytes of a row as it is stored: `bitCount` over 8, rounded up.
  public var byteCount: Int { (bitCount + 7) / 8 }

  /// Makes no rows yet.
  public init(bitCount: Int) {
    precondition(bitCount > 0, "rows of \(bitCount) bits")
    self.bitCount = bitCount
    wordCount = (bitCount + 63) / 64
    words = []
    stored = nil
  }

  /// Makes `rowCount` rows that are read when they are needed and take no memory.
  ///
  /// - Parameter source: has `wordCount` words a row, as `words` would.
  public init(bitCount: Int, rowCount: Int, source: any RowSource) {
    precondition(bitCount > 0, "rows of \(bitCount) bits")
    self.bitCount = bitCount
    wordCount = (bitCount + 63) / 64
    words = []
    stored = (source, rowCount)
  }

  /// Makes rows from bytes, `(bitCount + 7) / 8` a row, row-major.
  ///
  /// - Precondition: whole rows, and in the last byte of a row the bits from the lowest that the
  ///   width leaves over are the same in all rows, as encoders that fill with zeros have them.
  public init(bitCount: Int, bytes: [UInt8]) {
    self.init(bitCount: bitCount)
    precondition(bytes.count % byteCount == 0, "\(bytes.count) bytes are not rows of \(byteCount)")
    words.reserveCapacity(bytes.count / byteCount * wordCount)
    for start in stride(from: 0, to: bytes.count, by: byteCount) {
      append(bytes[start..<start + byteCount])
    }
  }

  /// Makes room for so many rows.
  public mutating func reserveCapacity(_ rowCount: Int) {
    words.reserveCapacity(rowCount * wordCount)
  }

  /// Adds a row of `byteCount` bytes.
  public mutating func append(_ bytes: ArraySlice<UInt8>) {
    precondition(bytes.count == byteCount, "a row of \(bytes.count) bytes, not \(byteCount)")
    precondition(stored == nil, "rows that are read cannot be added to")
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 8) {
      let part = bytes[start..<min(start + 8, bytes.endIndex)]
      words.append(part.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
  }

  /// Adds all rows of others of the same width.
  ///
  /// - Precondition: both are in memory.
  public mutating func append(contentsOf others: BitRows) {
    precondition(bitCount == others.bitCount, "widths \(bitCount) and \(others.bitCount)")
    precondition(stored == nil && others.stored == nil, "rows that are read cannot be added")
    words.append(contentsOf: others.words)
  }

  /// The words of rows that follow each other, read if need be.
  func words(of rows: Range<Int>) throws -> ArraySlice<UInt64> {
    let range = rows.lowerBound * wordCount..<rows.upperBound * wordCount
    guard let stored else { return words[range] }
    let read = try unsafe [UInt64](unsafeUninitializedCapacity: range.count) { free, count in
      let bytes = UnsafeMutableRawBufferPointer(free)
      try unsafe stored.source.read(
        rows, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<(range.count * 8)]))
      count = range.count
    }
    return read[...]
  }

  /// The Hamming distance of two rows in memory.
  public func distance(_ first: Int, _ second: Int) -> Int {
    let (left, right) = (first * wordCount, second * wordCount)
    var distance = 0
    for word in 0..<wordCount {
      distance += (words[left + word] ^ words[right + word]).nonzeroBitCount
    }
    return distance
  }

  /// The similarity of two rows in memory: 1 - distance / bits.
  public func similarity(_ first: Int, _ second: Int) -> Double {
    similarity(ofDistance: distance(first, second))
  }

  /// The similarity that a distance means, the one formula everywhere: 1 - distance / bits.
  public func similarity(ofDistance distance: Int) -> Double {
    1 - Double(distance) / Double(bitCount)
  }

  /// The largest distance whose similarity is at or above a floor of 0 to 1, judged by the formula
  /// itself, so that rounding never parts it from a comparison of similarities.
  public func maximumDistance(floor: Double) -> Int {
    precondition((0...1).contains(floor), "a floor of \(floor)")
    var distance = min(bitCount, Int(((1 - floor) * Double(bitCount)).rounded(.up)) + 1)
    while similarity(ofDistance: distance) < floor { distance -= 1 }
    return distance
  }
}

/// Rows that are kept elsewhere than in memory.
///
/// Safe from any thread.
public protocol RowSource: Sendable {
  /// Reads rows of one length, row-major, into as many bytes as they take.
  func read(_ rows: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws
}
