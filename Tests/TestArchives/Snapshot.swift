import Foundation

/// Everything in a folder, to be compared: each path with what is there.
public struct Snapshot: Equatable, Sendable {
  /// What is at a path.
  public enum Entry: Equatable, Sendable {
    /// A folder.
    case folder
    /// A file of these bytes.
    case file([UInt8])
    /// A symbolic link and its text.
    case link([UInt8])
  }

  /// By path relative to the folder.
  public var entries: [[UInt8]: Entry] = [:]
  /// Modification time in nanoseconds, inode and number of names, by path.
  public private(set) var identities: [[UInt8]: [Int]] = [:]

  /// Looks at everything in a folder; links are not followed, but the folder may be one.
  public init(_ folder: String) throws {
    try add(Array(folder.utf8), prefix: [])
  }

  private mutating func add(_ folder: [UInt8], prefix: [UInt8]) throws {
    guard let stream = unsafe opendir(Self.text(folder)) else { throw CallFailure("opendir") }
    defer { unsafe closedir(stream) }
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe Array($0.prefix { $0 != 0 })
      }
      if name == [0x2E] || name == [0x2E, 0x2E] { continue }
      try look(at: folder + [0x2F] + name, as: prefix + name)
    }
  }

  private mutating func look(at path: [UInt8], as name: [UInt8]) throws {
    var status = stat()
    guard unsafe lstat(Self.text(path), &status) == 0 else { throw CallFailure("lstat") }
    identities[name] = [
      status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec, Int(status.st_ino),
      Int(status.st_nlink),
    ]
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      entries[name] = .folder
      try add(path, prefix: name + [0x2F])
    case S_IFLNK:
      var target = [CChar](repeating: 0, count: 4096)
      let count = unsafe readlink(Self.text(path), &target, target.count)
      guard count >= 0 else { throw CallFailure("readlink") }
      entries[name] = .link(target[..<count].map(UInt8.init(bitPattern:)))
    default: entries[name] = .file(try Self.bytes(path))
    }
  }

  private static func bytes(_ path: [UInt8]) throws -> [UInt8] {
    let descriptor = unsafe open(text(path), O_RDONLY)
    guard descriptor >= 0 else { throw CallFailure("open") }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    return Array(try handle.readToEnd() ?? Data())
  }

  private static func text(_ path: [UInt8]) -> [CChar] {
    (path + [0]).map(CChar.init(bitPattern:))
  }

  /// The bytes of the file at a path, nil if there is none.
  public subscript(_ path: String) -> [UInt8]? {
    guard case .file(let bytes) = entries[Array(path.utf8)] else { return nil }
    return bytes
  }

  /// What differs from another, by path: to be empty.
  ///
  /// - Parameter withIdentities: whether times, inodes and names count too.
  public func differences(from other: Snapshot, withIdentities: Bool = false) -> [String] {
    Set(entries.keys).union(other.entries.keys).filter { path in
      entries[path] != other.entries[path]
        || withIdentities && identities[path] != other.identities[path]
    }.map { String(decoding: $0, as: UTF8.self) }.sorted()
  }

  /// What lies under a folder, with paths from there.
  public func under(_ folder: String) -> Snapshot {
    var part = self
    let prefix = Array((folder + "/").utf8)
    func cut<Value>(_ all: [[UInt8]: Value]) -> [[UInt8]: Value] {
      var kept: [[UInt8]: Value] = [:]
      for (path, value) in all where path.starts(with: prefix) {
        kept[Array(path.dropFirst(prefix.count))] = value
      }
      return kept
    }
    part.entries = cut(entries)
    part.identities = cut(identities)
    return part
  }
}
