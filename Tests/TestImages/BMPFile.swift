/// A BMP file, written byte by byte: its header as given, whether or not that is true.
public struct BMPFile {
  /// Columns and rows of ``colors``.
  public var width: Int
  /// Rows; the header says so, negative where ``isTopDown``.
  public var height: Int
  /// Bits a pixel: 8, 24 or 32.
  public var depth: Int
  /// Bytes of the header behind the first 14: 40, 52, 56, 108 or 124.
  public var headerByteCount = 40
  /// What the header says of compression: 0 none, 1 and 2 run lengths, 3 masks.
  public var compression = 0
  /// The masks of red, green, blue and alpha, written where ``compression`` is 3.
  public var masks: [Int] = [0xFF_0000, 0xFF00, 0xFF, 0]
  /// Whether the first row of the file is the upper one.
  public var isTopDown = false
  /// Red, green, blue for each index of 8 bits.
  public var palette: [[UInt8]] = []
  /// Bytes between the header and the pixels, behind the palette.
  public var gap = 0
  /// The bytes of one pixel, lowest first, for column and row.
  public var pixel: (Int, Int) -> [UInt8]

  /// Makes a file of these pixels.
  public init(width: Int, height: Int, depth: Int, pixel: @escaping (Int, Int) -> [UInt8]) {
    (self.width, self.height, self.depth, self.pixel) = (width, height, depth, pixel)
  }

  /// The bytes of the file.
  public var bytes: [UInt8] {
    var header = number(headerByteCount) + number(width) + number(isTopDown ? -height : height)
    header += [1, 0, UInt8(depth), 0] + number(compression) + number(0) + number(2835)
    header += number(2835) + number(palette.count) + number(0)
    if compression == 3 {
      header += masks.prefix(headerByteCount >= 56 ? 4 : 3).flatMap(number)
    }
    header += [UInt8](repeating: 0, count: max(0, headerByteCount - header.count))
    let behind = palette.flatMap { [$0[2], $0[1], $0[0], 0] } + [UInt8](repeating: 7, count: gap)
    let start = 14 + header.count + behind.count
    let rows = (0..<height).flatMap { row -> [UInt8] in
      let y = isTopDown ? row : height - 1 - row
      let bytes = (0..<width).flatMap { pixel($0, y) }
      return bytes + [UInt8](repeating: 9, count: (4 - bytes.count % 4) % 4)
    }
    let end = number(start + rows.count) + [0, 0, 0, 0] + number(start)
    return Array("BM".utf8) + end + header + behind + rows
  }

  private func number(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
