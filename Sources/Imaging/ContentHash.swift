import CCodecs

/// The 128-bit content hash of a file: XXH3 of its bytes, seed 0, in canonical big-endian form.
///
/// Equal bytes have equal hashes; unequal bytes have unequal ones but by a chance of 2⁻¹²⁸ a pair.
/// It finds copies, not forgeries: somebody who wants two files of one hash can make them.
public struct ContentHash: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The first eight bytes, big-endian.
  public let high: UInt64
  /// The last eight bytes, big-endian.
  public let low: UInt64

  /// Makes a hash of its 16 bytes.
  public init(bytes: [UInt8]) {
    precondition(bytes.count == 16, "a content hash of \(bytes.count) bytes")
    high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The hash of some bytes.
  ///
  /// - Complexity: O(n), about 10 GB/s.
  public init(of content: [UInt8]) {
    var digest: (UInt64, UInt64) = (0, 0)
    unsafe content.withUnsafeBufferPointer { buffer in
      unsafe withUnsafeMutableBytes(of: &digest) {
        unsafe ccodecs_hash128(
          buffer.baseAddress, buffer.count, $0.bindMemory(to: UInt8.self).baseAddress)
      }
    }
    self.init(digest)
  }

  init(_ digest: (UInt64, UInt64)) {
    high = UInt64(bigEndian: digest.0)
    low = UInt64(bigEndian: digest.1)
  }

  /// The 16 bytes, in the order in which they are stored and printed.
  public var bytes: [UInt8] {
    [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
  }

  /// 32 hexadecimal digits, as `xxhsum -H2` prints them.
  public var description: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Orders as the bytes do.
  public static func < (left: Self, right: Self) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}
