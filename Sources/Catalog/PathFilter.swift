import Glibc

/// Which files of an archive take part, by shell patterns.
///
/// A pattern without `/` is matched with the last component of a path, one with `/` with the whole
/// path; `*` matches any run of bytes (also `/`), `?` one byte, `[…]` a set. Case counts. Matching is
/// `fnmatch` of POSIX.
public struct PathFilter: Hashable, Sendable {
  /// A file takes part if it matches one of these, or if there are none.
  public let include: [String]
  /// A file or folder that matches one of these is left out, with all below it.
  public let exclude: [String]

  /// Makes a filter of patterns.
  public init(include: [String] = [], exclude: [String] = []) {
    self.include = include
    self.exclude = exclude
  }

  /// Whether a file takes part; excluding goes before including.
  public func admits(file path: ArchivePath) -> Bool {
    guard admits(folder: path) else { return false }
    return include.isEmpty || include.contains { Self.matches(path, pattern: $0) }
  }

  /// Whether what is below a folder can take part.
  public func admits(folder path: ArchivePath) -> Bool {
    exclude.isEmpty || !exclude.contains { Self.matches(path, pattern: $0) }
  }

  private static func matches(_ path: ArchivePath, pattern: String) -> Bool {
    let subject = pattern.utf8.contains(UInt8(ascii: "/")) ? path : path.lastComponent
    let name = subject.bytes.map(CChar.init(bitPattern:)) + [0]
    return unsafe fnmatch(pattern, name, 0) == 0
  }
}
