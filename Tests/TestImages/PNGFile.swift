/// A PNG file to be written: any kind of pixel, any filters, with room for lies.
public struct PNGFile {
  /// The colour type of the header: 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGB with alpha.
  public var colorType = 2
  /// Bits a sample.
  public var depth = 8
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int
  /// The filter of each row, 0 to 4.
  public var filter: (_ row: Int) -> UInt8 = { _ in 0 }
  /// The value of a sample, from 0 to 2^depth - 1.
  public var sample: (_ column: Int, _ row: Int, _ channel: Int) -> Int
  /// Whether rows are interlaced (Adam7).
  public var isInterlaced = false
  /// The data of a PLTE chunk, if any.
  public var palette: [UInt8] = []
  /// The data of a tRNS chunk, if any.
  public var transparency: [UInt8] = []
  /// The data of an eXIf chunk, if any.
  public var exif: [UInt8] = []
  /// Bytes of each IDAT chunk.
  public var dataChunkByteCount = 8192

  /// Makes the description of a file of these pixels, RGB of 8 bits unless changed.
  public init(
    width: Int, height: Int, colorType: Int = 2, depth: Int = 8,
    sample: @escaping (_ column: Int, _ row: Int, _ channel: Int) -> Int
  ) {
    (self.width, self.height, self.sample) = (width, height, sample)
    (self.colorType, self.depth) = (colorType, depth)
  }

  /// Samples a pixel.
  public var channelCount: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colorType] ?? 1 }

  /// The file.
  public var bytes: [UInt8] {
    let passes =
      isInterlaced
      ? [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
      ] : [(0, 0, 1, 1)]
    var data = [UInt8]()
    for (x0, y0, dx, dy) in passes {
      let columns = Array(stride(from: x0, to: width, by: dx))
      let rows = Array(stride(from: y0, to: height, by: dy))
      if !columns.isEmpty { data += filtered(columns: columns, rows: rows) }
    }
    return bytes(compressed: Deflate.stored(data))
  }

  /// The file with this as the content of its IDAT chunks.
  public func bytes(compressed: [UInt8]) -> [UInt8] {
    var file = Self.signature + header
    if !palette.isEmpty { file += Self.chunk("PLTE", palette) }
    if !transparency.isEmpty { file += Self.chunk("tRNS", transparency) }
    if !exif.isEmpty { file += Self.chunk("eXIf", exif) }
    for start in stride(from: 0, to: compressed.count, by: dataChunkByteCount) {
      let end = min(start + dataChunkByteCount, compressed.count)
      file += Self.chunk("IDAT", Array(compressed[start..<end]))
    }
    return file + Self.chunk("IEND", [])
  }

  /// The eight bytes that every PNG file begins with.
  public static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// A chunk with its length and checksum.
  public static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return bigEndian(UInt32(data.count)) + body + bigEndian(Deflate.crc32(body))
  }

  /// The IHDR chunk.
  public var header: [UInt8] {
    let size = bigEndian(UInt32(width)) + bigEndian(UInt32(height))
    return Self.chunk(
      "IHDR", size + [UInt8(depth), UInt8(colorType), 0, 0, isInterlaced ? 1 : 0])
  }

  private func filtered(columns: [Int], rows: [Int]) -> [UInt8] {
    let step = max(1, channelCount * depth / 8)
    var data = [UInt8]()
    var above = [UInt8](repeating: 0, count: (columns.count * channelCount * depth + 7) / 8)
    for y in rows {
      let row = packed(columns: columns, row: y)
      let kind = filter(y)
      data.append(kind)
      for i in row.indices {
        let left = i >= step ? Int(row[i - step]) : 0
        let corner = i >= step ? Int(above[i - step]) : 0
        let predicted = Self.predicted(kind, left, Int(above[i]), corner)
        data.append(row[i] &- UInt8(predicted))
      }
      above = row
    }
    return data
  }

  private func packed(columns: [Int], row: Int) -> [UInt8] {
    var bytes = [UInt8]()
    var bitCount = 0
    for x in columns {
      for channel in 0..<channelCount {
        let value = sample(x, row, channel)
        if depth == 16 {
          bytes += bigEndian16(value)
        } else {
          if bitCount % 8 == 0 { bytes.append(0) }
          bytes[bytes.count - 1] |= UInt8(value << (8 - depth - bitCount % 8))
          bitCount += depth
        }
      }
    }
    return bytes
  }

  private static func predicted(_ kind: UInt8, _ a: Int, _ b: Int, _ c: Int) -> Int {
    switch kind {
    case 1: return a
    case 2: return b
    case 3: return (a + b) / 2
    case 4:
      let p = a + b - c
      let (pa, pb, pc) = (abs(p - a), abs(p - b), abs(p - c))
      return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
    default: return 0
    }
  }
}
