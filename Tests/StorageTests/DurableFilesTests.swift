import Dispatch
import Foundation
import Synchronization
import TestArchives
import Testing

@testable import Storage

@Suite struct DurableFilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a file is replaced whole or not at all`() throws {
    struct Fault: Error {}
    let path = folder("run.yaml")
    try DurableFiles().replaceFile(path, with: [1])
    for failing in [DurableFiles.Operation.write, .rename] {
      let files = DurableFiles { operation, _ in if operation == failing { throw Fault() } }
      #expect(throws: Fault.self) { try files.replaceFile(path, with: [2]) }
      #expect(try contents(ofFile: path) == [1])
    }
    try DurableFiles().replaceFile(path, with: [2])
    #expect(try contents(ofFile: path) == [2])
    #expect(try DurableFiles.entries(of: folder.path) == ["run.yaml"])
  }

  @Test func `a link is switched in one step`() throws {
    let path = folder("result")
    for target in ["results/1", "results/2"] {
      try DurableFiles().switchLink(path, to: target)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == target)
    }
    #expect(try DurableFiles.entries(of: folder.path) == ["result"])
  }

  @Test func `removing a tree removes any name, and links but never what they lead to`() throws {
    let outside = try TemporaryFolder()
    try FileTree(outside.path).write([1], to: "precious.png")
    let tree = FileTree(folder.path)
    try tree.write([1], to: "old/deep/file")
    try tree.write([1], to: Array("old/deep/".utf8) + [0x66, 0xFF, 0xFE])
    try tree.makeLink("old/deep/link", to: outside.path)
    try DurableFiles().removeTree(folder("old"))
    try DurableFiles().removeTree(folder("never there"))
    #expect(try DurableFiles.entries(of: folder.path) == [])
    #expect(try contents(ofFile: outside("precious.png")) == [1])
  }

  @Test func `a published folder is under its final name only`() throws {
    let files = DurableFiles()
    try files.makeFolder(folder("new.unfinished/images"))
    try files.write([7], to: folder("new.unfinished/images/a"))
    try files.publishFolder(folder("new.unfinished"), as: folder("new"), subfolders: ["images"])
    #expect(try DurableFiles.entries(of: folder.path) == ["new"])
    #expect(try contents(ofFile: folder("new/images/a")) == [7])
  }

  @Test func `every change is told before it is made`() throws {
    struct Fault: Error {}
    let files = DurableFiles { _, _ in throw Fault() }
    let tree = FileTree(folder.path)
    try tree.write([1], to: "a")
    #expect(throws: Fault.self) { try files.makeFolder(folder("b")) }
    #expect(throws: Fault.self) { try files.write([], to: folder("c")) }
    #expect(throws: Fault.self) { try files.removeTree(folder("a")) }
    #expect(throws: Fault.self) { try files.publishFolder(folder.path, as: folder.path + "x") }
    #expect(try DurableFiles.entries(of: folder.path) == ["a"])
  }

  @Test func `where names cannot be exchanged, a folder is replaced in two steps`() throws {
    struct Ended: Error {}
    let tree = FileTree(folder.path)
    try tree.write([1], to: "groups/old")
    try tree.write([2], to: "new/file")
    let (final, unfinished) = (folder("groups"), folder("new"))
    let ending = DurableFiles { operation, _ in if operation == .rename { throw Ended() } }
    #expect(throws: Ended.self) { try ending.replaceInTwoSteps(final, by: unfinished) }
    #expect(try DurableFiles.entries(of: folder.path) == ["new"], "both are in one folder")
    try tree.move("new/.replaced", to: "groups")

    // Nothing has this name, so the old folder stays.
    #expect(throws: StorageFailure.self) {
      try DurableFiles().replaceInTwoSteps(final, by: folder("nothing"))
    }
    #expect(try contents(ofFile: folder("groups/old")) == [1])
    try DurableFiles().replaceInTwoSteps(final, by: unfinished)
    #expect(try DurableFiles.entries(of: folder.path) == ["groups"])
    #expect(try DurableFiles.entries(of: final) == ["file"])
  }

  @Test func `a folder that fails while it is listed is no shorter folder`() throws {
    let file = folder("file")
    try DurableFiles().write([1], to: file)
    let stream = unsafe try #require(opendir(folder.path))
    defer { unsafe closedir(stream) }
    // What the stream reads from is no folder any more.
    let descriptor = unsafe open(file, O_RDONLY)
    unsafe dup2(descriptor, dirfd(stream))
    close(descriptor)
    let error = #expect(throws: StorageFailure.self) {
      unsafe try DurableFiles.names(in: stream, of: Array(folder.path.utf8))
    }
    #expect(error?.description == "\(folder.path): cannot be listed: Not a directory")
  }

  @Test func `a failure names the file, what could not be done and why`() {
    let path = folder("missing/file")
    let error = #expect(throws: StorageFailure.self) { try DurableFiles().write([], to: path) }
    #expect(error?.description == "\(path): cannot be written: No such file or directory")
  }
}

@Suite struct RunLockTests {
  @Test func `a second holder is refused, until the first lets go`() throws {
    let folder = try TemporaryFolder()
    let run = RunDirectory(path: folder.path)
    var first: RunLock? = try RunLock(run)
    let error = #expect(throws: RunLock.InUse.self) { try RunLock(run) }
    #expect(
      error?.description
        == "\(folder.path): another likeness process is working on this run; wait for it or stop "
        + "it first")
    #expect(RunLock.isHeld(run))
    withExtendedLifetime(first) {}
    first = nil
    #expect(!RunLock.isHeld(run))
    _ = try RunLock(run)
  }

  @Test func `who asks whether a run is in use keeps nobody from it`() throws {
    let folder = try TemporaryFolder()
    let run = RunDirectory(path: folder.path)
    _ = try RunLock(run)
    let isAsking = Atomic(true)
    DispatchQueue.concurrentPerform(iterations: 2) { worker in
      if worker == 0 {
        for _ in 0..<200 {
          #expect(throws: Never.self) { _ = try RunLock(run) }
        }
        isAsking.store(false, ordering: .relaxed)
      } else {
        while isAsking.load(ordering: .relaxed) { _ = RunLock.isHeld(run) }
      }
    }
  }

  @Test func `a lock file that was left behind holds nobody up`() throws {
    let folder = try TemporaryFolder()
    try FileTree(folder.path).write([], to: "run.lock")
    _ = try RunLock(RunDirectory(path: folder.path))
  }
}
