import Catalog
import Glibc
import Report

/// How an image gets into a published folder.
public enum PublishedFile: String, CaseIterable, Sendable {
  /// A symbolic link to the file in the archive.
  case symlink
  /// A further name of the same file: its link count rises, and its bytes are shared.
  case hardlink
  /// A copy that shares blocks until one is changed, where the file system can.
  case reflink
  /// A copy.
  case copy
}

/// Writes a result as folders: `clusters/00001/` and so on, and `outliers/`, with a file an image.
///
/// A file keeps its own name. Where two images of a folder have one name, the later in order gets its
/// image number put before the extension. Nothing is ever overwritten.
struct LinkFolders: ClusterWriter {
  private let folder: [UInt8]
  private let archive: [UInt8]
  private let kind: PublishedFile
  private var current: [UInt8]
  private let writesOutliers: Bool
  private(set) var fileCount = 0

  init(folder: String, archive: String, as kind: PublishedFile, writesOutliers: Bool = true) throws
  {
    self.folder = Array(folder.utf8)
    self.archive = Array(archive.utf8)
    self.kind = kind
    self.writesOutliers = writesOutliers
    current = self.folder
    try Self.makeFolder(self.folder + Array("/clusters".utf8))
    if writesOutliers { try Self.makeFolder(self.folder + Array("/outliers".utf8)) }
  }

  mutating func beginCluster(_ heading: ClusterHeading) throws {
    current = folder + Array("/clusters/\(heading.number.zeroPadded(5))".utf8)
    try Self.makeFolder(current)
  }

  mutating func append(_ member: ClusterMember) throws { try add(member, to: current) }

  mutating func endCluster() throws {}

  mutating func appendOutlier(_ image: ClusterMember) throws {
    guard writesOutliers else { return }
    try add(image, to: folder + Array("/outliers".utf8))
  }

  mutating func finish() throws {}

  private mutating func add(_ member: ClusterMember, to folder: [UInt8]) throws {
    let source = archive + [UInt8(ascii: "/")] + member.path.bytes
    var names = Self.names(of: member)
    // Whoever names files may have taken all of these.
    var further = 2
    while true {
      let name =
        names.isEmpty ? Array("\(member.image.rawValue)-\(further)".utf8) : names.removeFirst()
      if names.isEmpty { further += 1 }
      let target = folder + [UInt8(ascii: "/")] + name
      do {
        try FileTransfer.make(target, from: source, as: kind, isExpected: member.isUnchanged)
        fileCount += 1
        return
      } catch let failure as FileTransfer.Failure where failure.code == EEXIST {
        continue
      }
    }
  }

  /// The image's own name, then with its number, then its number alone.
  private static func names(of member: ClusterMember) -> [[UInt8]] {
    let name = member.path.lastComponent.bytes
    let number = Array(String(member.image.rawValue).utf8)
    let dot = UInt8(ascii: ".")
    var stem = name[...]
    var ending: ArraySlice<UInt8> = []
    if let index = name.lastIndex(of: dot), index > 0 {
      stem = name[..<index]
      ending = name[index...]
    }
    // A name has at most 255 bytes.
    let room = 255 - number.count - 1 - ending.count
    guard room > 0 else { return [name, number] }
    return [name, stem.prefix(room) + [dot] + number + ending, number]
  }

  private static func makeFolder(_ path: [UInt8]) throws {
    guard unsafe mkdir(path.cString, 0o777) == 0 || errno == EEXIST else {
      throw FileTransfer.Failure(path: path, action: "made", code: errno)
    }
  }
}

extension [UInt8] {
  /// The bytes as C wants a path.
  var cString: [CChar] { map(CChar.init(bitPattern:)) + [0] }
}
