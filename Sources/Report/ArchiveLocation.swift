import Catalog

/// Where the pages find the original images.
public struct ArchiveLocation: Hashable, Sendable {
  private let prefix: [UInt8]

  /// An archive at an absolute path, as the bytes the file system gave: links are `file:` URLs.
  ///
  /// - Precondition: `root` starts with `/`.
  public static func absolute(root: [UInt8]) -> Self {
    precondition(root.first == UInt8(ascii: "/"), "an absolute path starts with /")
    var prefix: [UInt8] = []
    prefix.append("file://")
    prefix.append(urlPath: root)
    if prefix.last != UInt8(ascii: "/") { prefix.append("/") }
    return Self(prefix: prefix)
  }

  /// Appends the address of an image.
  func appendAddress(of path: ArchivePath, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: prefix)
    bytes.append(urlPath: path.bytes)
  }
}
