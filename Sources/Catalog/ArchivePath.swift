/// The path of a file relative to the root of the archive, as the bytes the file system gave.
///
/// A name on Linux is any bytes but `/` and zero: it need not be UTF-8, and two spellings that Swift
/// holds to be one string (NFC and NFD) are two files. So paths are bytes, compared as bytes.
public struct ArchivePath: Hashable, Comparable, Sendable {
  /// The bytes, without a leading or trailing `/` and without a terminating zero.
  public let bytes: [UInt8]

  /// Makes a path of bytes as the file system gave them.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// Makes a path of the UTF-8 bytes of a string.
  public init(_ string: String) { bytes = Array(string.utf8) }

  /// Orders by byte, as `memcmp` and SQLite's BLOB comparison do.
  public static func < (left: Self, right: Self) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  /// The path as text, or nil when its bytes are not UTF-8.
  public var utf8: String? { String(validating: bytes, as: UTF8.self) }

  /// The path as one line for a person: see `displayText`.
  public var displayName: String { displayText(bytes) }

  /// The path that `displayName` gives so; nil for a text that it never gives.
  public init?(displayName: String) {
    guard let bytes = bytesShown(as: displayName) else { return nil }
    self.bytes = bytes
  }

  /// The last component: the file's own name.
  public var lastComponent: ArchivePath {
    let slash = UInt8(ascii: "/")
    guard let index = bytes.lastIndex(of: slash) else { return self }
    return ArchivePath(bytes: Array(bytes[(index + 1)...]))
  }
}
