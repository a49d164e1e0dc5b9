import Catalog
import Glibc
import Synchronization
import TestArchives
import Testing

@testable import Pipeline

/// What goes on beside the workers: the walk of a scan, and batches put on disk.
@Suite struct ThreadTests {
  private struct Fault: Error {}

  /// More files than are handed over at once.
  private func manyFiles() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let tree = FileTree(folder.path)
    for number in 0..<5000 { try tree.write([], to: "\(number / 100)/\(number)") }
    return folder
  }

  @Test(.timeLimit(.minutes(1)))
  func `a walk ahead gives the files and the tally of the walk, whoever entered a folder`() throws {
    let folder = try manyFiles()
    let tree = FileTree(folder.path)
    // Walkers wait for each other in a chain of folders, and a folder of folders wakes them all.
    try tree.write([], to: Array(repeating: "chain", count: 40).joined(separator: "/") + "/file")
    for number in 0..<40 {
      try tree.write([], to: "many/\(number)/left.out")
      try tree.makeLink("many/\(number)/link", to: "../..")
      #expect(unsafe mkfifo(folder("many/\(number)/pipe"), 0o666) == 0)
      // Unless root reads them, which changes both walks.
      #expect(unsafe chmod(folder("many/\(number)"), number % 3 == 0 ? 0 : 0o755) == 0)
    }
    defer { for number in 0..<40 { _ = unsafe chmod(folder("many/\(number)"), 0o755) } }
    let walk = ArchiveWalk(root: folder.path, filter: PathFilter(exclude: ["*.out"]))
    var expected: [FileRecord] = []
    let tally = try walk.forEachFile { expected.append($0) }
    #expect(expected.count == 5001)
    for _ in 0..<10 {
      var found: [FileRecord] = []
      let ahead = WalkAhead(walk: walk, stop: StopFlag())
      #expect(try ahead.forEachFile { found.append($0) } == tally)
      #expect(found.sorted { $0.path < $1.path } == expected.sorted { $0.path < $1.path })
    }
  }

  @Test func `a walk ahead that follows links knows a folder by its first name`() throws {
    let folder = try manyFiles()
    for number in 0..<100 { try FileTree(folder.path).makeLink("z\(number)", to: "\(number % 50)") }
    let walk = ArchiveWalk(root: folder.path, followsLinks: true)
    var expected: [FileRecord] = []
    let tally = try walk.forEachFile { expected.append($0) }
    var found: [FileRecord] = []
    #expect(try WalkAhead(walk: walk, stop: StopFlag()).forEachFile { found.append($0) } == tally)
    #expect(found == expected && found.count == 5000 && tally.repeatedFolderCount == 100)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a walk ahead hears a stop between files`() throws {
    let folder = try manyFiles()
    let stop = StopFlag()
    var count = 0
    #expect(throws: Interrupted.self) {
      try WalkAhead(walk: ArchiveWalk(root: folder.path), stop: stop).forEachFile { _ in
        count += 1
        if count == 700 { stop.raise() }
      }
    }
    #expect((700..<5000).contains(count))
  }

  @Test func `a walk ahead ends with the error of what takes the files, and takes no more`() throws
  {
    let folder = try manyFiles()
    var count = 0
    #expect(throws: Fault.self) {
      try WalkAhead(walk: ArchiveWalk(root: folder.path), stop: StopFlag()).forEachFile { _ in
        count += 1
        if count == 700 { throw Fault() }
      }
    }
    #expect(count == 700)
  }

  @Test func `a walk ahead ends with the error of the walk`() throws {
    #expect(throws: ArchiveWalk.RootFailure.self) {
      try WalkAhead(walk: ArchiveWalk(root: "/nowhere"), stop: StopFlag()).forEachFile { _ in }
    }
  }

  @Test func `a walk ahead hears a stop where there is no file`() throws {
    let folder = try TemporaryFolder()
    let stop = StopFlag()
    stop.raise()
    #expect(throws: Interrupted.self) {
      try WalkAhead(walk: ArchiveWalk(root: folder.path), stop: stop).forEachFile { _ in }
    }
  }

  @Test func `a finisher keeps the order and takes two ahead`() throws {
    let finisher = Finisher()
    let given = Atomic(0)
    let done = Mutex<[Int]>([])
    for number in 0..<200 {
      try finisher.later {
        done.withLock { done in
          done.append(number)
          #expect(given.load(ordering: .sequentiallyConsistent) <= done.count + 2)
        }
      }
      given.add(1, ordering: .sequentiallyConsistent)
    }
    try finisher.wait()
    #expect(done.withLock { $0 } == Array(0..<200))
  }

  @Test func `a finisher calls nothing after an error, and tells it`() throws {
    let finisher = Finisher()
    let calls = Atomic(0)
    #expect(throws: Fault.self) {
      for number in 0..<200 {
        try finisher.later {
          calls.add(1, ordering: .relaxed)
          if number == 20 { throw Fault() }
        }
      }
    }
    #expect(throws: Fault.self) { try finisher.wait() }
    #expect(calls.load(ordering: .relaxed) == 21)
  }
}
