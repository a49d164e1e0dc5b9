import Catalog
import Foundation
import Storage
import TestArchives
import Testing

@Suite struct ScanTests {
  let archive: ScannedArchive
  let tree: FileTree

  /// Seven images of different content and equal length, of which the first four are scanned and done.
  init() throws {
    archive = try ScannedArchive()
    tree = archive.tree
    for name in ["a", "b", "c", "d"] { try write(name) }
    try archive.scan()
    try archive.finishBatches()
  }

  private func write(_ name: String, _ text: String? = nil, modified: Int = 1000) throws {
    try tree.write(Array((text ?? "content \(name)").utf8), to: name, modified: modified)
  }

  @Test func `images are numbered in byte order and cut into batches`() throws {
    #expect(try archive.numbers() == ["a": 0, "b": 1, "c": 2, "d": 3])
    let batches = try archive.database.batches()
    #expect(batches.map(\.images) == [0..<3, 3..<4])
    #expect(batches.map(\.generation) == [1, 1])
  }

  @Test func `a scan of an unchanged archive changes nothing and reads no file`() throws {
    let before = try archive.database.batches()
    #expect(try archive.scan().changes == [0, 0, 0, 0])
    #expect(archive.hashedPaths == [])
    #expect(try archive.database.batches() == before)
  }

  @Test func `new files get new numbers in new batches`() throws {
    for name in ["0", "bb", "e", "f"] { try write(name) }
    #expect(try archive.scan().changes == [4, 0, 0, 0])
    #expect(
      try archive.numbers()
        == ["a": 0, "b": 1, "c": 2, "d": 3, "0": 4, "bb": 5, "e": 6, "f": 7])
    #expect(try archive.database.batches().map(\.images) == [0..<3, 3..<4, 4..<7, 7..<8])
    #expect(try archive.staleBatches() == [])
  }

  @Test func `a changed file gets a new number and its batch is linked again`() throws {
    try write("b", "content B", modified: 2000)
    #expect(try archive.scan().changes == [0, 1, 0, 0])
    #expect(try archive.numbers() == ["a": 0, "b": 4, "c": 2, "d": 3])
    #expect(try archive.staleBatches() == [0])
  }

  @Test func `a file of another length is changed though its time is not`() throws {
    try write("b", "longer content", modified: 1000)
    #expect(try archive.scan().changes == [0, 1, 0, 0])
  }

  @Test func `a renamed file keeps its number and its batch is written again`() throws {
    try tree.move("b", to: "z")
    #expect(try archive.scan().changes == [0, 0, 1, 0])
    #expect(try archive.numbers() == ["a": 0, "z": 1, "c": 2, "d": 3])
    #expect(try archive.staleBatches() == [0])
    #expect(try archive.scan().changes == [0, 0, 0, 0])
  }

  @Test func `a file that was only touched keeps its number`() throws {
    try write("b", modified: 5000)
    #expect(try archive.scan().changes == [0, 0, 0, 0])
    #expect(try archive.numbers() == ["a": 0, "b": 1, "c": 2, "d": 3])
    #expect(try archive.staleBatches() == [0])
    _ = try archive.scan()
    #expect(archive.hashedPaths == [])
  }

  @Test func `of equal files that were touched each keeps its number, and one more is new`() throws
  {
    for name in ["e", "f", "g"] { try write(name, "equal", modified: 1000) }
    try archive.scan()
    try archive.finishBatches()
    let numbers = try archive.numbers()
    for name in ["g", "e", "f"] { try write(name, "equal", modified: 6000) }
    try write("b2", "equal", modified: 6000)
    #expect(try archive.scan().changes == [1, 0, 0, 0])
    #expect(try archive.numbers().filter { $0.key != "b2" } == numbers)
  }

  @Test func `a file that goes leaves a tombstone and its number is never given again`() throws {
    try tree.remove("d")
    #expect(try archive.scan().changes == [0, 0, 0, 1])
    #expect(try archive.staleBatches() == [1])
    let dead = try archive.database.images(of: BatchID(rawValue: 1))
    #expect(dead.map(\.id.rawValue) == [3] && dead.allSatisfy(\.isGone))
    try write("d", "content D", modified: 3000)
    #expect(try archive.scan().changes == [1, 0, 0, 0])
    #expect(try archive.numbers() == ["a": 0, "b": 1, "c": 2, "d": 4])
    #expect(try archive.database.imageNumberLimit() == 5)
  }

  @Test func `two files that exchange names exchange numbers`() throws {
    try write("a", modified: 1001)
    try archive.scan(acceptMissing: true)
    try tree.move("a", to: "t")
    try tree.move("b", to: "a")
    try tree.move("t", to: "b")
    #expect(try archive.scan().changes == [0, 0, 2, 0])
    #expect(try archive.numbers() == ["b": 0, "a": 1, "c": 2, "d": 3])
    #expect(try archive.staleBatches() == [0])
  }

  @Test func `names that move along a chain keep their numbers`() throws {
    for (index, name) in ["a", "b", "c", "d"].enumerated() {
      try write(name, modified: 2000 + index)
    }
    try archive.scan()
    for (from, to) in [("d", "e"), ("c", "d"), ("b", "c")] { try tree.move(from, to: to) }
    #expect(try archive.scan(acceptMissing: true).goneCount == 0)
    #expect(try archive.numbers() == ["a": 0, "c": 1, "d": 2, "e": 3])
  }

  @Test func `a copy beside its original is a new image`() throws {
    try write("copy", "content a")
    #expect(try archive.scan().changes == [1, 0, 0, 0])
    #expect(try archive.numbers()["copy"] == 4)
  }

  @Test func `of two copies of what vanished the first in byte order keeps the number`() throws {
    try tree.remove("b")
    try write("y", "content b")
    try write("x", "content b")
    #expect(try archive.scan().changes == [1, 0, 1, 0])
    #expect(try archive.numbers() == ["a": 0, "x": 1, "c": 2, "d": 3, "y": 4])
  }

  @Test func `a scan that misses over half of the known files refuses and changes nothing`()
    throws
  {
    for name in ["a", "b", "c"] { try tree.remove(name) }
    try write("e")
    let error = #expect(throws: ArchiveMostlyMissing.self) { try archive.scan() }
    #expect(
      error?.description
        == "3 of the 4 known images are not there: is the archive mounted? Nothing was changed; "
        + "if they are really gone: likeness run ARCHIVE --into RUN --accept-missing")
    #expect(try archive.numbers() == ["a": 0, "b": 1, "c": 2, "d": 3])
    #expect(try archive.database.lastScan()?.summary.number == 1)
    #expect(try archive.scan(acceptMissing: true).changes == [1, 0, 0, 3])
    #expect(try archive.numbers() == ["d": 3, "e": 4])
  }

  @Test func `files that were all written anew are not missing`() throws {
    for name in ["a", "b", "c", "d"] { try write(name, "other \(name)", modified: 9000) }
    #expect(try archive.scan().changes == [0, 4, 0, 0])
  }

  @Test func `what lies in a folder that cannot be looked at is not gone`() throws {
    for name in ["deep/1", "deep/er/2", "deep.3"] { try write(name) }
    try archive.scan()
    try archive.finishBatches()
    let before = try archive.numbers()
    try write("new")
    let summary = try archive.scan(unseen: ["deep"])
    #expect(summary.changes == [1, 0, 0, 0])
    #expect(try archive.numbers().filter { $0.key != "new" } == before)
    #expect(try archive.staleBatches() == [])
    // Over half of what is known is there and not looked at: nothing is missing.
    try tree.remove("deep.3")
    #expect(try archive.scan(unseen: ["deep"]).changes == [0, 0, 0, 1])
    try tree.remove("deep/1")
    #expect(try archive.scan().changes == [0, 0, 0, 1])
  }

  @Test func `an image that left a folder which cannot be looked at is known where it is`()
    throws
  {
    try write("deep/1")
    try archive.scan()
    try archive.finishBatches()
    try tree.move("deep/1", to: "moved")
    #expect(try archive.scan(unseen: ["deep"]).changes == [0, 0, 1, 0])
    #expect(try archive.numbers()["moved"] == 4)
  }

  @Test func `images below a link that cannot be followed are not gone`() throws {
    try FileTree(archive.folder.path).write([1], to: "outside/1")
    try tree.makeLink("away", to: archive.folder("outside"))
    try archive.scan(followsLinks: true)
    let before = try archive.numbers()
    #expect(before["away/1"] != nil)
    try tree.remove("away")
    try tree.makeLink("away", to: String(repeating: "x", count: 300))
    let summary = try archive.scan(followsLinks: true)
    #expect(summary.tally.unseen.map(\.message) == ["away: File name too long"])
    #expect(summary.goneCount == 0)
    #expect(try archive.numbers() == before)
  }

  @Test func `a stop while renamed files are read leaves the catalog as it was`() throws {
    struct Stopped: Error {}
    try tree.move("a", to: "x")
    try tree.move("b", to: "y")
    archive.onHash = { if $0 == "y" { throw Stopped() } }
    #expect(throws: Stopped.self) { try archive.scan() }
    #expect(archive.hashedPaths == ["x"])
    #expect(try archive.numbers() == ["a": 0, "b": 1, "c": 2, "d": 3])
    archive.onHash = { _ in }
    #expect(try archive.scan().changes == [0, 0, 2, 0])
  }

  @Test func `an image that failed and reads after a repair has no failure`() throws {
    let batch = try #require(try archive.database.batches().first)
    let results = try archive.database.images(of: batch.id).map { image in
      ImageResult(
        id: image.id, outcome: .quarantined, content: nil, width: 0, height: 0,
        failure: ImageFailure(stage: "decode", decoder: "d", message: "m"))
    }
    try archive.database.record(
      batch.id, generation: 2, digest: "d", measures: [:], results: results)
    #expect(try archive.database.failures(of: batch.id).count == 3)
    try archive.database.forget(batch.id)
    try archive.finishBatches()
    #expect(try archive.database.failures(of: batch.id) == [:])
    #expect(try archive.database.outcomeCounts()[.done] == 4)
  }

  @Test func `results of some images are recorded of those alone, to the last digit`() throws {
    try archive.finishBatches()
    let before = try archive.database.images(of: BatchID(rawValue: 0))
    func result(_ id: UInt32, _ outcome: OutcomeCode, _ content: ContentHash?, _ width: Int)
      -> ImageResult
    {
      ImageResult(
        id: ImageID(rawValue: id), outcome: outcome, content: content, width: width,
        height: width / 2, failure: nil)
    }
    let content = ContentHash(of: [7])
    try archive.database.record(
      BatchID(rawValue: 0), generation: 2, digest: "d", measures: nil,
      results: [result(0, .done, content, .max), result(2, .quarantined, nil, 0)])
    let images = try archive.database.images(of: BatchID(rawValue: 0))
    #expect(images.map(\.outcome) == [.done, .done, .quarantined])
    #expect(images.map(\.content) == [content, before[1].content, nil])
    #expect(images.map(\.width) == [.max, 1, 0] && images.map(\.height) == [.max / 2, 1, 0])
  }

  @Test(arguments: [0, 1, 15, 16, 17, 100])
  func `a scan takes any number of files`(count: Int) throws {
    let folder = try TemporaryFolder()
    let database = try RunDatabase(RunDirectory(path: folder.path), mode: .write)
    let names = (0..<count).map { "\($0 * 7 % 101)" }
    let summary = try database.recordScan(
      root: FileIdentity(device: 1, inode: 2), limits: BatchLimits(), acceptMissing: false,
      walk: { found in
        for (inode, name) in names.enumerated() {
          try found(
            FileRecord(
              path: ArchivePath(name), sizeBytes: Int64(inode), modifiedNanoseconds: 0,
              identity: FileIdentity(device: 1, inode: UInt64(inode)),
              mayHaveFurtherNames: false))
        }
        return ArchiveWalk.Tally()
      }, hash: { _ in nil })
    #expect(summary.newCount == count)
    let images = try database.livingImages()
    #expect(images.map(\.path.displayName) == names.sorted())
    #expect(images.allSatisfy { names[Int($0.sizeBytes)] == $0.path.displayName })
  }

  @Test func `a batch ends with the file that fills it, by number or by bytes`() throws {
    let folder = try TemporaryFolder()
    let database = try RunDatabase(RunDirectory(path: folder.path), mode: .write)
    let sizes: [Int64] = [5, 5, 1, 9, 30, 0, 0, 0, 0, 1]
    _ = try database.recordScan(
      root: FileIdentity(device: 1, inode: 2), limits: BatchLimits(imageCount: 3, byteCount: 10),
      acceptMissing: false,
      walk: { found in
        for (file, size) in sizes.enumerated().reversed() {
          try found(
            FileRecord(
              path: ArchivePath("\(file)"), sizeBytes: size, modifiedNanoseconds: 1,
              identity: FileIdentity(device: 1, inode: UInt64(file)), mayHaveFurtherNames: false))
        }
        return ArchiveWalk.Tally()
      }, hash: { _ in nil })
    #expect(try database.batches().map(\.images) == [0..<2, 2..<4, 4..<5, 5..<8, 8..<10])
    let images = try database.livingImages()
    #expect(images.map(\.sizeBytes) == sizes)
    #expect(images.map(\.batch.rawValue) == [0, 0, 1, 1, 2, 3, 3, 3, 4, 4])
  }

  @Test func `a folder of thousands under a new name keeps its numbers`() throws {
    let run = RunDirectory(path: archive.folder("run"))
    let database = try RunDatabase(run, mode: .write)
    func scan(_ folder: String) throws -> ScanSummary {
      try database.recordScan(
        root: FileIdentity(device: 1, inode: 2), limits: BatchLimits(), acceptMissing: true,
        walk: { found in
          for file in 0..<3_000 {
            try found(
              FileRecord(
                path: ArchivePath("\(folder)/\(file)"), sizeBytes: 1, modifiedNanoseconds: 1,
                identity: FileIdentity(device: 1, inode: UInt64(file)),
                mayHaveFurtherNames: false))
          }
          return ArchiveWalk.Tally()
        }, hash: { ContentHash(of: $0.lastComponent.bytes) })
    }
    #expect(try scan("old").newCount == 3_000)
    for batch in try database.batches() where batch.generation == 0 {
      let results = try database.images(of: batch.id).map { image in
        ImageResult(
          id: image.id, outcome: .done, content: ContentHash(of: image.path.lastComponent.bytes),
          width: 1, height: 1, failure: nil)
      }
      try database.record(
        batch.id, generation: 1, digest: "d", measures: [:], results: results)
    }
    #expect(try scan("new").renamedCount == 3_000)
  }

  @Test func `what a scan met is kept with it`() throws {
    try tree.makeLink("link", to: "a")
    let summary = try archive.scan()
    #expect(summary.number == 2 && summary.tally.linkCount == 1 && summary.tally.fileCount == 4)
    let last = try #require(try archive.database.lastScan())
    #expect(last.summary == summary)
    #expect(last.root == FileIdentity(device: 1, inode: 2))
  }
}

@Suite struct AliasTests {
  let archive: ScannedArchive
  let tree: FileTree

  init() throws {
    archive = try ScannedArchive()
    tree = archive.tree
    for name in ["b", "x"] { try tree.write(Array("content \(name)".utf8), to: name) }
    try tree.makeHardLink("c", to: "b")
  }

  private func names() throws -> [String: [String]] {
    let further = try archive.database.furtherNames()
    var names: [String: [String]] = [:]
    for image in try archive.database.livingImages() {
      names[image.path.displayName] = (further[image.id] ?? []).map(\.displayName)
    }
    return names
  }

  private func scanAndFinish() throws -> ScanSummary {
    let summary = try archive.scan()
    try archive.finishBatches()
    return summary
  }

  @Test func `hard links are one image with several names`() throws {
    #expect(try scanAndFinish().changes == [2, 0, 0, 0])
    #expect(try names() == ["b": ["c"], "x": []])
    let found = try archive.database.image(at: ArchivePath("c"))
    #expect(found?.path == ArchivePath("b"))
  }

  @Test func `a further name that comes first takes over and the number stays`() throws {
    _ = try scanAndFinish()
    try tree.makeHardLink("a", to: "b")
    #expect(try scanAndFinish().changes == [0, 0, 0, 0])
    #expect(try names() == ["a": ["b", "c"], "x": []])
    #expect(try archive.numbers() == ["a": 0, "x": 1])
  }

  @Test func `when the first name goes the next one takes over`() throws {
    _ = try scanAndFinish()
    try tree.remove("b")
    let summary = try scanAndFinish()
    #expect(summary.newCount == 0 && summary.goneCount == 0)
    #expect(try names() == ["c": [], "x": []])
    #expect(try archive.numbers() == ["c": 0, "x": 1])
  }

  @Test func `a further name that goes changes nothing else`() throws {
    _ = try scanAndFinish()
    try tree.remove("c")
    #expect(try scanAndFinish().changes == [0, 0, 0, 0])
    #expect(try names() == ["b": [], "x": []])
  }

  @Test func `a link that breaks apart gives a second image`() throws {
    _ = try scanAndFinish()
    try tree.remove("c")
    try tree.write(Array("content b".utf8), to: "c")
    #expect(try scanAndFinish().changes == [1, 0, 0, 0])
    #expect(try names() == ["b": [], "c": [], "x": []])
  }

  @Test func `two images that become links of one file are one image`() throws {
    _ = try scanAndFinish()
    try tree.remove("x")
    try tree.makeHardLink("x", to: "b")
    let summary = try scanAndFinish()
    #expect(summary.goneCount == 1 && summary.newCount == 0)
    #expect(try names() == ["b": ["c", "x"]])
  }

  @Test func `followed links are further names`() throws {
    try tree.makeLink("z", to: "x")
    try archive.scan(followsLinks: true)
    #expect(try names() == ["b": ["c"], "x": ["z"]])
  }
}
