import Catalog
import Pipeline
import Storage
import TestArchives
import Testing

@Suite struct NothingTwiceTests {
  /// Makes every picture unreadable by what it holds, its length and time kept.
  private func spoil(_ runs: TestRuns, _ pictures: PictureArchive) throws {
    for file in pictures.files {
      let spoilt = [UInt8](repeating: 0x20, count: file.bytes.count)
      try runs.archiveTree.write(spoilt, to: file.name)
    }
  }

  @Test(arguments: ["exhaustive", "representatives"], ["tables", "folders"])
  func `a merge needs no archive`(merge: String, publish: String) throws {
    let runs = try TestRuns(of: .whole, [.merge: [merge], .publish: [publish]])
    try runs.run("run")
    try runs.run("expected", [.threshold: ["0.95"], .batchThreshold: ["0.85"]])
    try FileTree(runs.folder.path).move("archive", to: "elsewhere")
    for linkage in ["complete", "average", "single"] {
      try runs.merge("run", [.threshold: ["0.95"], .linkage: [linkage]])
    }
    #expect(try runs.result("run").differences(from: try runs.result("expected")) == [])
  }

  @Test func `a resume of a finished run leaves every batch folder alone`() throws {
    let runs = try TestRuns()
    try runs.run("run")
    let before = try runs.batches("run")
    let result = try runs.result("run")
    try runs.resume("run")
    #expect(try runs.batches("run").differences(from: before, withIdentities: true) == [])
    #expect(try runs.result("run").differences(from: result) == [])
  }

  @Test func `a second scan of an unchanged archive opens no image`() throws {
    let runs = try TestRuns()
    try runs.run("run")
    let before = try runs.batches("run")
    let result = try runs.result("run")
    try spoil(runs, .whole)
    try runs.run("run")
    #expect(try runs.batches("run").differences(from: before, withIdentities: true) == [])
    #expect(try runs.result("run").differences(from: result) == [])
  }

  @Test func `new files are decoded, and those known are not`() throws {
    let runs = try TestRuns(of: .plain)
    try runs.run("run")
    let before = try runs.batches("run")
    try spoil(runs, .plain)
    let more = PictureArchive(seed: 5, familyCount: 2, withOddFiles: false)
    try more.write(to: runs.archive)
    let outcome = try runs.run("run")
    #expect(outcome.quarantinedCount == 0 && outcome.scan?.newCount == more.files.count)
    let after = try runs.batches("run")
    for path in before.entries.keys {
      #expect(after.identities[path] == before.identities[path], "\(path)")
    }
  }

  @Test func `a batch that an image went from is linked again from stored features`() throws {
    let runs = try TestRuns(of: .plain)
    try runs.run("run")
    let gone = String(decoding: PictureArchive.plain.files[0].name, as: UTF8.self)
    try runs.archiveTree.remove(gone)
    try runs.run("expected")
    try runs.run("run", until: .scan)
    try spoil(runs, .plain)
    #expect(try runs.resume("run").quarantinedCount == 0)
    #expect(
      PathPartition(try runs.result("run")) == PathPartition(try runs.result("expected")))
  }

  @Test func `a new measure keeps the features and links that are there byte for byte`() throws {
    let runs = try TestRuns()
    try runs.run("run")
    let before = try runs.batches("run")
    try runs.resume("run", [.measure: ["dhash"]])
    let after = try runs.batches("run")
    let batchCount = try runs.read("run") { try $0.status(failureLimit: 0).batchCount }
    #expect(batchCount == 9)
    for batch in 0..<batchCount {
      let old = before.under("00000\(batch).1")
      let new = after.under("00000\(batch).2")
      for file in ["features/pdq.npy", "features/pdq-detail.npy", "links/pdq.npy"] {
        #expect(old[file] != nil && new[file] == old[file], "\(file) of batch \(batch)")
      }
      #expect(new["features/dhash.npy"] != nil && new["links/dhash.npy"] != nil)
    }
    try runs.run(
      "direct",
      [.measure: ["dhash", "pdq"], .floor: ["pdq=0.7"], .threshold: ["pdq=0.85"]])
    #expect(
      try runs.result("run").differences(from: try runs.result("direct")) == [])
  }

  @Test func `a feature does not depend on what else a run asks for`() throws {
    let runs = try TestRuns()
    let all = ["pdq", "phash", "ahash", "dhash", "colorhash"]
    try runs.run("all", [.measure: all], until: .batches)
    let together = try runs.batches("all")
    for measure in all {
      try runs.run(measure, [.measure: [measure]], until: .batches)
      let alone = try runs.batches(measure)
      for batch in 0..<9 {
        let file = "00000\(batch).1/features/\(measure).npy"
        #expect(alone[file] != nil && alone[file] == together[file], "\(file)")
      }
    }
  }

  @Test func `a stop is heard at the next batch, and a resume repeats none that was recorded`()
    throws
  {
    struct Stopped: Error {}
    let runs = try TestRuns()
    try runs.run("expected")
    let stop = StopFlag()
    let files = DurableFiles { operation, path in
      if operation == .rename, path.hasSuffix("batches/000002.1") { stop.raise() }
    }
    #expect(throws: Interrupted.self) {
      try runs.run("run", [.workers: ["1"]], files: files, stop: stop)
    }
    let before = try runs.batches("run")
    let done = try runs.read("run") { try $0.status(failureLimit: 0).doneBatchCount }
    // The batch that was begun meanwhile is read to its end, and two may wait to be recorded.
    #expect((3...6).contains(done))
    try runs.resume("run")
    let after = try runs.batches("run")
    for path in before.entries.keys where before.entries[path] != .folder {
      #expect(after.identities[path] == before.identities[path])
    }
    #expect(try runs.result("run").differences(from: try runs.result("expected")) == [])
  }

  @Test func `quarantined images are tried again when asked, and only then`() throws {
    let runs = try TestRuns(of: .plain)
    let name = PictureArchive.plain.files[0].name
    let good = PictureArchive.plain.files[0].bytes
    var bad = good
    bad[45] ^= 0xFF
    try runs.archiveTree.write(bad, to: name)
    #expect(try runs.run("run").quarantinedCount == 1)
    try runs.archiveTree.write(good, to: name)
    #expect(try runs.resume("run").quarantinedCount == 1)
    #expect(try runs.resume("run", retryQuarantined: true).quarantinedCount == 0)
    try runs.run("expected")
    #expect(try runs.result("run").differences(from: try runs.result("expected")) == [])
  }

  @Test func `a file changed in secret gets no feature beside those of its old content`()
    throws
  {
    let runs = try TestRuns(of: .plain)
    try runs.run("run")
    let files = PictureArchive.plain.files
    let name = files[0].name
    // As long as before, and as old.
    let other = files[1].bytes.prefix(files[0].bytes.count)
    let padding = Array(repeating: UInt8(0), count: files[0].bytes.count - other.count)
    try runs.archiveTree.write(other + padding, to: name)
    let outcome = try runs.resume("run", [.measure: ["pdq", "dhash"]])
    #expect(outcome.notReadCount == 1)
    try runs.read("run") { session in
      let failure = try #require(try session.status(failureLimit: 2).failures.first)
      #expect(failure.path.bytes == name)
      #expect(failure.message == "it changed since the scan; 'likeness run' scans again")
    }
  }

  @Test func `trying a file again in vain leaves its batch and what was merged as they are`() throws
  {
    let runs = try TestRuns(of: .plain)
    let name = String(decoding: PictureArchive.plain.files[0].name, as: UTF8.self)
    try runs.run("run", until: .scan)
    try runs.archiveTree.move(name, to: "../elsewhere")
    #expect(try runs.resume("run").notReadCount == 1)
    let before = try Snapshot(runs.path("run") + "/batches")
    let merged = try Snapshot(runs.path("run") + "/merge")
    #expect(try runs.resume("run").notReadCount == 1)
    #expect(try Snapshot(runs.path("run") + "/batches").differences(from: before) == [])
    #expect(try Snapshot(runs.path("run") + "/merge").differences(from: merged) == [])
    try runs.archiveTree.move("../elsewhere", to: name)
    #expect(try runs.resume("run").notReadCount == 0)
    try runs.run("expected")
    #expect(try runs.result("run").differences(from: try runs.result("expected")) == [])
  }
}
