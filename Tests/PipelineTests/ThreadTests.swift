import Catalog
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

  @Test func `a walk ahead gives the files of the walk in its order`() throws {
    let folder = try manyFiles()
    let walk = ArchiveWalk(root: folder.path)
    var expected: [FileRecord] = []
    let tally = try walk.forEachFile { expected.append($0) }
    var found: [FileRecord] = []
    #expect(try WalkAhead(walk: walk, stop: StopFlag()).forEachFile { found.append($0) } == tally)
    #expect(found == expected && found.count == 5000)
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
