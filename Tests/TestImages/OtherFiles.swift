/// Files of the formats that libvips reads, written without a library.
public enum GIFFile {
  /// A GIF of 128 colours: `frames` pictures of one gray each, from 0 to 127.
  public static func bytes(width: Int, height: Int, frames: [UInt8]) -> [UInt8] {
    var file = Array("GIF89a".utf8) + littleEndian16(width) + littleEndian16(height)
    file += [0xF6, 0, 0]
    for gray in UInt8(0)..<128 { file += [gray * 2, gray * 2, gray * 2] }
    for gray in frames {
      file += [0x2C, 0, 0, 0, 0] + littleEndian16(width) + littleEndian16(height) + [0, 7]
      // Codes of eight bits; a clear code (128) often enough that they never grow.
      var codes = [UInt8]()
      for index in 0..<(width * height) {
        if index % 100 == 0 { codes.append(128) }
        codes.append(gray)
      }
      codes.append(129)
      for start in stride(from: 0, to: codes.count, by: 255) {
        let block = codes[start..<min(start + 255, codes.count)]
        file += [UInt8(block.count)] + block
      }
      file.append(0)
    }
    return file + [0x3B]
  }
}

/// Lossless WebP of one colour.
public enum WebPFile {
  /// The file: five prefix codes of one symbol each, so that no pixel takes a bit.
  public static func bytes(
    width: Int, height: Int, red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255
  ) -> [UInt8] {
    var bits = BitWriter()
    bits.add(0x2F, 8)
    bits.add(width - 1, 14)
    bits.add(height - 1, 14)
    bits.add(alpha == 255 ? 0 : 1, 1)
    bits.add(0, 3)  // version
    bits.add(0, 3)  // no transform, no colour cache, no meta prefix codes
    for value in [green, red, blue, alpha, 0] {
      bits.add(0b101, 3)  // a simple code, one symbol, of eight bits
      bits.add(Int(value), 8)
    }
    bits.add(0, 8)
    var data = bits.bytes
    let count = data.count
    if count % 2 == 1 { data.append(0) }
    let chunk = Array("VP8L".utf8) + littleEndian(count) + data
    return Array("RIFF".utf8) + littleEndian(chunk.count + 4) + Array("WEBP".utf8) + chunk
  }
}

/// An uncompressed TIFF of one strip, with room for lies.
public struct TIFFFile {
  /// Columns and rows, as the header says.
  public var width: Int, height: Int
  /// The meaning of samples: 1 gray, 2 RGB, 5 CMYK.
  public var photometric = 2
  /// Samples a pixel.
  public var channelCount = 3
  /// Bits a sample, 8 or 16.
  public var depth = 8
  /// The EXIF orientation.
  public var orientation = 1
  /// Further entries: tag and value, of type LONG.
  public var extra: [(tag: Int, value: Int)] = []
  /// The samples, interleaved, each of `depth` bits.
  public var samples: [Int]

  /// Makes the description of a file of 8-bit RGB unless changed.
  public init(width: Int, height: Int, samples: [Int]) {
    (self.width, self.height, self.samples) = (width, height, samples)
  }

  /// The file, little-endian.
  public var bytes: [UInt8] {
    let data = samples.flatMap { depth == 16 ? littleEndian16($0) : [UInt8($0)] }
    let directory = 8 + data.count + data.count % 2
    var entries: [(tag: Int, value: Int)] = [
      (256, width), (257, height), (258, depth), (259, 1), (262, photometric), (273, 8),
      (274, orientation), (277, channelCount), (278, height), (279, data.count),
    ]
    entries += extra
    entries.sort { $0.tag < $1.tag }
    var file: [UInt8] = [0x49, 0x49, 42, 0] + littleEndian(directory) + data
    if data.count % 2 == 1 { file.append(0) }
    file += littleEndian16(entries.count)
    let depths = directory + 2 + 12 * entries.count + 4
    for (tag, value) in entries {
      // The depths of several samples do not fit in their entry.
      let isElsewhere = tag == 258 && channelCount > 2
      let isShort = [258, 259, 262, 274, 277].contains(tag)
      file += littleEndian16(tag) + littleEndian16(isShort ? 3 : 4)
      file += littleEndian(tag == 258 ? channelCount : 1)
      if isElsewhere {
        file += littleEndian(depths)
      } else if tag == 258, channelCount == 2 {
        file += littleEndian16(depth) + littleEndian16(depth)
      } else {
        file += littleEndian(value)
      }
    }
    file += littleEndian(0)
    for _ in 0..<channelCount { file += littleEndian16(depth) }
    return file
  }
}
