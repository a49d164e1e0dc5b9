import Pipeline
import Storage
import TestArchives
import Testing

@Suite struct LostArchiveTests {
  @Test func `an archive that goes while it is read is no fault of its images`() throws {
    let runs = try TestRuns(of: PictureArchive(seed: 8, familyCount: 0, withOddFiles: false))
    let pictures = PictureArchive.plain.files.map(\.bytes)
    for index in 0..<160 {
      try runs.archiveTree.write(pictures[index % 40], to: "\(index % 4)/\(index).png")
    }
    let batches: [SettingKey: [String]] = [.batchSize: ["200"], .workers: ["1"]]
    try runs.run("expected", batches)
    try runs.run("run", batches, until: .scan)
    // The root stays: a mount that lost its content.
    for folder in 0..<4 { try runs.archiveTree.move("\(folder)", to: "../lost-\(folder)") }
    let error = #expect(throws: ArchiveUnavailable.self) { try runs.resume("run") }
    #expect(
      error?.description
        == "\(runs.archive): 100 files in a row could not be read (if they were removed, scan again "
        + "with 'likeness run'); bring the archive back, then go on with 'likeness resume'")
    #expect(try runs.read("run") { try $0.status(failureLimit: 9).outcomes[.waiting] } == 160)
    for folder in 0..<4 { try runs.archiveTree.move("../lost-\(folder)", to: "\(folder)") }
    #expect(try runs.resume("run").notReadCount == 0)
    #expect(try runs.result("run").differences(from: runs.result("expected")) == [])
  }

  @Test func `a batch that was in flight at unclean ends comes to the same`() throws {
    struct Died: Error {}
    let runs = try TestRuns(of: .little, [.workers: ["1"]])
    try runs.run("expected")
    for _ in 0..<3 {
      #expect(throws: Died.self) {
        try runs.run(
          "run",
          files: .init { operation, path in
            if operation == .rename, path.hasSuffix("batches/000000.1") { throw Died() }
          })
      }
    }
    try runs.resume("run")
    #expect(try runs.result("run").differences(from: runs.result("expected")) == [])
  }
}
