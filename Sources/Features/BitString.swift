/// The feature of a bit-string method: a fixed number of bits of one image.
///
/// Bit `i` is bit `7 - i % 8` of byte `i / 8`: most significant bit first, as `numpy.unpackbits`
/// reads a row. Bits are in the order in which the method's reference returns them, row by row, and
/// the bits that fill up the last byte are zero.
public struct BitString: Hashable, Sendable {
  /// The bits, ``BitStringMethod/byteCount`` bytes.
  public let bytes: [UInt8]
  /// Whether there was anything to describe; where not, the image links to identical content only.
  public let hasDetail: Bool
  /// PDQ's own measure of how much structure there is, from 0 to 100; nil for the other methods.
  public let quality: Int?

  /// Makes the feature of its parts.
  public init(bytes: [UInt8], hasDetail: Bool, quality: Int? = nil) {
    self.bytes = bytes
    self.hasDetail = hasDetail
    self.quality = quality
  }
}

extension BitString {
  /// Packs the answers of `isSet` for the bits 0 ..< `count`, in that order.
  @inline(__always)
  static func packedBytes(count: Int, _ isSet: (Int) -> Bool) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: (count + 7) / 8) { bytes, initializedCount in
      initializedCount = (count + 7) / 8
      for byte in 0..<initializedCount {
        var bits: UInt8 = 0
        for bit in 0..<8 {
          let index = byte * 8 + bit
          bits = bits << 1 | (index < count && isSet(index) ? 1 : 0)
        }
        unsafe bytes[byte] = bits
      }
    }
  }
}
