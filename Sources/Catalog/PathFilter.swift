import Glibc

/// Which files of an archive take part, by shell patterns.
///
/// A pattern without `/` is matched with the last component of a path, one with `/` with the whole
/// path; `*` matches any run of bytes (also `/`), `?` one byte, `[…]` a set. Case counts. Matching is
/// `fnmatch` of POSIX. A `/` or `./` in front means from the root of the archive on, a `/` at the end a
/// folder with all below it.
public struct PathFilter: Hashable, Sendable {
  /// A file takes part if it matches one of these, or if there are none.
  public let include: [String]
  /// A file or folder that matches one of these is left out, with all below it.
  public let exclude: [String]

  private let included: [Pattern]
  private let excluded: [Pattern]

  /// Makes a filter of patterns.
  public init(include: [String] = [], exclude: [String] = []) {
    self.include = include
    self.exclude = exclude
    included = include.map(Pattern.init)
    excluded = exclude.map(Pattern.init)
  }

  /// Whether a file takes part; excluding goes before including.
  public func admits(file path: ArchivePath) -> Bool {
    if excluded.contains(where: { !$0.isOfFolder && $0.matches(path) }) { return false }
    return included.isEmpty
      || included.contains {
        $0.isOfFolder ? path.folders.contains(where: $0.matches) : $0.matches(path)
      }
  }

  /// Whether what is below a folder can take part.
  public func admits(folder path: ArchivePath) -> Bool {
    !excluded.contains { $0.matches(path) }
  }
}

/// A shell pattern, and what it is matched with.
private struct Pattern: Hashable {
  /// Whether it names folders only.
  let isOfFolder: Bool
  private let text: String
  private let isOfWholePath: Bool

  init(_ pattern: String) {
    var text = Substring(pattern)
    isOfFolder = text.last == "/"
    if isOfFolder { text.removeLast() }
    let root = ["/", "./"].first(where: text.hasPrefix)
    text.removeFirst(root?.count ?? 0)
    isOfWholePath = root != nil || text.contains("/")
    self.text = String(text)
  }

  func matches(_ path: ArchivePath) -> Bool {
    let subject = isOfWholePath ? path : path.lastComponent
    let name = subject.bytes.map(CChar.init(bitPattern:)) + [0]
    return unsafe fnmatch(text, name, 0) == 0
  }
}

extension ArchivePath {
  /// The folders that it lies in.
  fileprivate var folders: [ArchivePath] {
    bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") }
      .map { ArchivePath(bytes: Array(bytes[..<$0])) }
  }
}
