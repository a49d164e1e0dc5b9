import Catalog

/// Where the pages find the original images.
public struct ArchiveLocation: Hashable, Sendable {
  private let prefix: [UInt8]
  private let isRelative: Bool

  /// An archive at an absolute path, as the bytes the file system gave: links are `file:` URLs.
  ///
  /// - Precondition: `root` starts with `/`.
  public static func absolute(root: [UInt8]) -> Self {
    precondition(root.first == UInt8(ascii: "/"), "an absolute path starts with /")
    var prefix: [UInt8] = []
    prefix.append("file://")
    prefix.append(urlPath: root)
    return Self(prefix: closed(prefix), isRelative: false)
  }

  /// An archive at a path relative to the folder that holds `report.html`.
  ///
  /// A browser resolves `..` in the address it was given, not through symbolic links: for a page that
  /// is opened through a link, use an absolute path.
  ///
  /// - Precondition: `root` is not empty and does not start with `/`.
  public static func relative(root: [UInt8]) -> Self {
    precondition(
      !root.isEmpty && root.first != UInt8(ascii: "/"), "a relative path does not start with /")
    var prefix: [UInt8] = []
    prefix.append(urlPath: root)
    return Self(prefix: closed(prefix), isRelative: true)
  }

  private static func closed(_ prefix: [UInt8]) -> [UInt8] {
    prefix.last == UInt8(ascii: "/") ? prefix : prefix + [UInt8(ascii: "/")]
  }

  /// Appends the address of an image; `pathToRoot` leads from the page to the folder of `report.html`.
  func appendAddress(of path: ArchivePath, pathToRoot: StaticString, to bytes: inout [UInt8]) {
    if isRelative { bytes.append(pathToRoot) }
    bytes.append(contentsOf: prefix)
    bytes.append(urlPath: path.bytes)
  }
}
