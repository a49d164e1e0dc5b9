import Catalog
import Glibc
import TestArchives
import Testing

@Suite struct ArchiveWalkTests {
  let folder: TemporaryFolder
  let tree: FileTree

  init() throws {
    folder = try TemporaryFolder()
    tree = FileTree(folder.path)
  }

  private func walk(
    filter: PathFilter = PathFilter(), followsLinks: Bool = false
  ) throws -> (files: [FileRecord], tally: ArchiveWalk.Tally) {
    var files: [FileRecord] = []
    let walk = ArchiveWalk(root: folder.path, filter: filter, followsLinks: followsLinks)
    let tally = try walk.forEachFile { files.append($0) }
    return (files, tally)
  }

  @Test func `a file is told with its path, length, time and identity`() throws {
    try tree.write([1, 2, 3], to: "a/b.png", modified: 1_234_567_890)
    let (files, tally) = try walk()
    var status = stat()
    #expect(unsafe stat(folder("a/b.png"), &status) == 0)
    #expect(
      files == [
        FileRecord(
          path: ArchivePath("a/b.png"), sizeBytes: 3,
          modifiedNanoseconds: 1_234_567_890_000_000_005,
          identity: FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)),
          mayHaveFurtherNames: false)
      ])
    #expect(tally.fileCount == 1 && tally.folderCount == 2)
  }

  @Test func `any name that the file system takes is found byte by byte`() throws {
    let names: [[UInt8]] = [
      [0x66, 0xFF, 0xFE, 0x80], Array("new\nline".utf8), Array("\"quote'".utf8),
      Array("\u{E9}".utf8), Array("e\u{301}".utf8), Array(" ".utf8), Array("-rf".utf8),
      Array(repeating: 0x61, count: 255), [0x01],
    ]
    for name in names { try tree.write([1], to: name) }
    let (files, _) = try walk()
    #expect(Set(files.map(\.path.bytes)) == Set(names))
  }

  @Test func `folders are entered in byte order`() throws {
    for name in ["b/1", "a/x/1", "a.d/1", "B/1", "a/1"] { try tree.write([1], to: name) }
    #expect(try walk().files.map(\.path.utf8) == ["B/1", "a/1", "a/x/1", "a.d/1", "b/1"])
  }

  @Test(.timeLimit(.minutes(1)))
  func `a FIFO and a socket are counted and never waited on`() throws {
    #expect(unsafe mkfifo(folder("pipe.png"), 0o666) == 0)
    let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
      unsafe path.copyBytes(from: Array(folder("s.png").utf8))
    }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let bound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(socket, $0, size)
      }
    }
    try #require(bound == 0)
    try tree.write([1], to: "real.png")
    let (files, tally) = try walk()
    #expect(files.map(\.path.utf8) == ["real.png"])
    #expect(tally.specialCount == 2)
  }

  @Test func `links are counted and not followed`() throws {
    try tree.write([1], to: "real/a.png")
    try tree.makeLink("file.png", to: "real/a.png")
    try tree.makeLink("folder", to: "real")
    try tree.makeLink("nowhere", to: "missing")
    let (files, tally) = try walk()
    #expect(files.map(\.path.utf8) == ["real/a.png"])
    #expect(tally.linkCount == 3 && tally.repeatedFolderCount == 0)
  }

  @Test func `links are followed when asked, also out of the archive`() throws {
    let outside = try TemporaryFolder()
    try FileTree(outside.path).write([1], to: "far.png")
    try tree.write([1], to: "near.png")
    try tree.makeLink("away", to: outside.path)
    try tree.makeLink("second.png", to: "near.png")
    try tree.makeLink("nowhere", to: "missing")
    let (files, tally) = try walk(followsLinks: true)
    #expect(Set(files.map(\.path.utf8)) == ["away/far.png", "near.png", "second.png"])
    #expect(tally.linkCount == 1)
    let identities = files.filter { $0.path != ArchivePath("away/far.png") }.map(\.identity)
    #expect(Set(identities).count == 1)
  }

  @Test(.timeLimit(.minutes(1))) func `a loop of links ends where it begins`() throws {
    try tree.write([1], to: "a/b/c.png")
    try tree.makeLink("a/b/up", to: "../..")
    try tree.makeLink("a/self", to: ".")
    try tree.makeLink("a/ring1", to: "ring2")
    try tree.makeLink("a/ring2", to: "ring1")
    let (files, tally) = try walk(followsLinks: true)
    #expect(files.map(\.path.utf8) == ["a/b/c.png"])
    #expect(tally.repeatedFolderCount == 2)
    #expect(tally.linkCount == 2)
  }

  @Test func `the names of hard links share an identity and say that there may be more`() throws {
    try tree.write([1], to: "one.png")
    try tree.makeHardLink("two.png", to: "one.png")
    try tree.write([1], to: "alone.png")
    let files = try walk().files.sorted { $0.path < $1.path }
    #expect(files.map(\.mayHaveFurtherNames) == [false, true, true])
    #expect(files[1].identity == files[2].identity)
    #expect(files[0].identity != files[1].identity)
  }

  @Test func `what a filter leaves out is counted, and a folder is not entered`() throws {
    for name in ["a.png", "a.txt", "skip/b.png", "keep/c.png"] { try tree.write([1], to: name) }
    let filter = PathFilter(include: ["*.png"], exclude: ["skip"])
    let (files, tally) = try walk(filter: filter)
    #expect(Set(files.map(\.path.utf8)) == ["a.png", "keep/c.png"])
    #expect(tally.excludedCount == 2 && tally.folderCount == 2)
  }

  @Test(.enabled(if: getuid() != 0, "root may read every folder"))
  func `a folder that may not be read is reported and the rest is walked`() throws {
    try tree.write([1], to: "closed/a.png")
    try tree.write([1], to: "open/b.png")
    #expect(unsafe chmod(folder("closed"), 0) == 0)
    defer { _ = unsafe chmod(folder("closed"), 0o755) }
    let (files, tally) = try walk()
    #expect(files.map(\.path.utf8) == ["open/b.png"])
    #expect(tally.unseen.map(\.message) == ["closed: Permission denied"])
  }

  @Test func `a folder that vanishes before it is entered is reported and the rest is walked`()
    throws
  {
    for name in ["a/1.png", "b/2.png", "c/3.png"] { try tree.write([1], to: name) }
    var files: [String?] = []
    let tally = try ArchiveWalk(root: folder.path).forEachFile { file in
      files.append(file.path.utf8)
      guard file.path == ArchivePath("a/1.png") else { return }
      try tree.remove("b/2.png")
      #expect(unsafe rmdir(folder("b")) == 0)
    }
    #expect(files == ["a/1.png", "c/3.png"])
    #expect(tally.unseen.map(\.message) == ["b: No such file or directory"])
  }

  @Test func `a folder that becomes a link is not followed`() throws {
    for name in ["a/1.png", "b/2.png"] { try tree.write([1], to: name) }
    let outside = try TemporaryFolder()
    try FileTree(outside.path).write([1], to: "secret.png")
    var files: [String?] = []
    let tally = try ArchiveWalk(root: folder.path).forEachFile { file in
      files.append(file.path.utf8)
      guard file.path == ArchivePath("a/1.png") else { return }
      try tree.move("b", to: "moved")
      try tree.makeLink("b", to: outside.path)
    }
    #expect(files == ["a/1.png"])
    #expect(tally.unseen.map(\.message) == ["b: Not a directory"])
  }

  @Test func `tallies of several walkers add up, what was not seen in byte order`() {
    var tally = ArchiveWalk.Tally()
    (tally.fileCount, tally.folderCount, tally.excludedCount) = (1, 2, 3)
    (tally.linkCount, tally.specialCount, tally.repeatedFolderCount) = (4, 5, 6)
    tally.unseen = [.init(path: ArchivePath("b"), code: EACCES)]
    var sum = tally
    var other = tally
    other.unseen = ["c", "a"].map { .init(path: ArchivePath($0), code: EIO) }
    sum.add(other)
    #expect(sum.unseen.map(\.path.displayName) == ["a", "b", "c"])
    #expect([sum.fileCount, sum.folderCount, sum.excludedCount] == [2, 4, 6])
    #expect([sum.linkCount, sum.specialCount, sum.repeatedFolderCount] == [8, 10, 12])
  }

  @Test(arguments: [
    ("missing", "cannot be opened as an archive: No such file or directory"),
    ("file.png", "cannot be opened as an archive: Not a directory"),
  ]) func `a root that is no folder is an error that names it`(name: String, message: String)
    throws
  {
    try tree.write([1], to: "file.png")
    let error = #expect(throws: ArchiveWalk.RootFailure.self) {
      try ArchiveWalk(root: folder(name)).forEachFile { _ in }
    }
    #expect(error?.description == "\(folder(name)): \(message)")
  }

  @Test func `what the caller throws ends the walk`() throws {
    struct Enough: Error {}
    for name in ["a", "b", "c"] { try tree.write([1], to: name) }
    var count = 0
    #expect(throws: Enough.self) {
      _ = try ArchiveWalk(root: folder.path).forEachFile { _ in
        count += 1
        if count == 2 { throw Enough() }
      }
    }
    #expect(count == 2)
  }
}
