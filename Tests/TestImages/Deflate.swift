/// Just enough of zlib and PNG's checksums to write files without a library.
public enum Deflate {
  /// A zlib stream of stored blocks: no compression, so that every byte is where one looks for it.
  static func stored(_ data: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var offset = 0
    repeat {
      let count = min(65535, data.count - offset)
      stream.append(offset + count == data.count ? 1 : 0)
      stream += [UInt8(count & 0xFF), UInt8(count >> 8)]
      stream += [UInt8(~count & 0xFF), UInt8(~count >> 8 & 0xFF)]
      stream += data[offset..<(offset + count)]
      offset += count
    } while offset < data.count
    return stream + bigEndian(adler32(data))
  }

  /// A zlib stream of about `count` zeros in a hundredth of the bytes: one literal, then copies of
  /// 258 bytes, in fixed Huffman codes.
  public static func zeros(about count: Int) -> [UInt8] {
    var bits = BitWriter()
    bits.add(0b011, 3)  // the last block, fixed codes
    bits.add(0b0000_1100, 8)  // the literal 0: 00110000, first bit first
    let copies = (count + 256) / 258
    for _ in 0..<copies {
      bits.add(0b1010_0011, 8)  // length 258: 11000101
      bits.add(0, 5)  // distance 1
    }
    bits.add(0, 7)  // the end
    // Sums of zeros: the first stays 1, the second counts the bytes.
    let length = 1 + copies * 258
    return [0x78, 0xDA] + bits.bytes + bigEndian(UInt32(length % 65521) << 16 | 1)
  }

  static func adler32(_ data: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in data {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }

  static func crc32(_ data: [UInt8]) -> UInt32 {
    ~data.reduce(~0) { crc, byte in
      crc >> 8 ^ crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ byte)]
    }
  }

  private static let crcTable: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
}

/// Bits packed from the lowest of each byte on.
struct BitWriter {
  private(set) var bytes = [UInt8]()
  private var bitCount = 0

  mutating func add(_ value: Int, _ count: Int) {
    for bit in 0..<count {
      if bitCount % 8 == 0 { bytes.append(0) }
      bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << (bitCount % 8)
      bitCount += 1
    }
  }
}

func bigEndian(_ value: UInt32) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
}

/// The two bytes of a number, the high one first.
public func bigEndian16(_ value: Int) -> [UInt8] {
  [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
}
func littleEndian16(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)] }
func littleEndian(_ value: Int) -> [UInt8] {
  (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
