import CHash

/// The hash of a file's bytes: two files with one hash and one size are held to be the same content.
///
/// XXH3 with 128 bits (Collet, xxHash), in its canonical big-endian form. It is not cryptographic:
/// chance never makes two files equal, a person who tries can.
public struct ContentHash: Hashable, Comparable, Sendable {
  @usableFromInline let high: UInt64
  @usableFromInline let low: UInt64

  /// The number of bytes of a hash.
  public static let byteCount = 16

  /// Hashes bytes in memory.
  ///
  /// O(n), about 10 GB/s.
  public init(of bytes: UnsafeRawBufferPointer) {
    var hash: (UInt64, UInt64) = (0, 0)
    unsafe withUnsafeMutableBytes(of: &hash) { hash in
      unsafe chash_bytes(
        bytes.baseAddress, bytes.count, hash.bindMemory(to: UInt8.self).baseAddress)
    }
    (high, low) = (UInt64(bigEndian: hash.0), UInt64(bigEndian: hash.1))
  }

  /// Hashes an array of bytes.
  public init(of bytes: [UInt8]) {
    self = unsafe bytes.withUnsafeBytes { unsafe ContentHash(of: $0) }
  }

  /// Takes a hash from its 16 canonical bytes.
  @inlinable
  public init(bytes: some Collection<UInt8>) {
    precondition(bytes.count == Self.byteCount, "a hash of \(bytes.count) bytes")
    high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Takes a hash from the digits that `hexadecimal` gives; nil when they are not 32 of them.
  public init?(hexadecimal text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 2 * Self.byteCount,
      let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16)
    else { return nil }
    (self.high, self.low) = (high, low)
  }

  /// The 16 canonical bytes.
  public var bytes: [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
      for index in 0..<8 {
        unsafe buffer[index] = UInt8(truncatingIfNeeded: high >> (56 - 8 * index))
        unsafe buffer[index + 8] = UInt8(truncatingIfNeeded: low >> (56 - 8 * index))
      }
      count = Self.byteCount
    }
  }

  private static let digits = Array("0123456789abcdef".utf8)

  /// The canonical bytes in hexadecimal, 32 digits.
  public var hexadecimal: String {
    unsafe String(unsafeUninitializedCapacity: 2 * Self.byteCount) { buffer in
      for index in 0..<16 {
        unsafe buffer[index] = Self.digits[Int(high >> (60 - 4 * index) & 15)]
        unsafe buffer[index + 16] = Self.digits[Int(low >> (60 - 4 * index) & 15)]
      }
      return 2 * Self.byteCount
    }
  }

  /// Orders as the canonical bytes do.
  public static func < (left: Self, right: Self) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

/// Hashes content that is not in memory at once.
///
/// Not `Sendable`: one thread at a time.
@safe public final class ContentHasher {
  private let stream: OpaquePointer

  /// Makes a hasher that has seen no bytes.
  public init() {
    guard let stream = unsafe chash_stream_new() else {
      preconditionFailure("no memory for a hash of 576 bytes")
    }
    unsafe self.stream = unsafe stream
  }

  deinit { unsafe chash_stream_free(stream) }

  /// Adds bytes to what is hashed.
  public func add(_ bytes: UnsafeRawBufferPointer) {
    unsafe chash_stream_add(stream, bytes.baseAddress, bytes.count)
  }

  /// The hash of all bytes added so far.
  public var hash: ContentHash {
    var hash = [UInt8](repeating: 0, count: ContentHash.byteCount)
    unsafe chash_stream_digest(stream, &hash)
    return ContentHash(bytes: hash)
  }
}
