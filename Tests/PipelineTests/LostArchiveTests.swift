import Catalog
import Foundation
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
        + "with 'likeness run'); bring the archive back, then go on with 'likeness resume RUN'")
    #expect(try runs.read("run") { try $0.status(failureLimit: 9).outcomes[.waiting] } == 160)
    for folder in 0..<4 { try runs.archiveTree.move("../lost-\(folder)", to: "\(folder)") }
    #expect(try runs.resume("run").notReadCount == 0)
    #expect(try runs.result("run").differences(from: runs.result("expected")) == [])
  }

  @Test(arguments: [("SEGV", 1, 0), ("KILL", 0, 1)])
  func `an image that ends the process is left out, and judged only where it did it itself`(
    signal: String, quarantinedCount: Int, notReadCount: Int
  ) throws {
    let pictures = PictureArchive(seed: 4, familyCount: 2, withOddFiles: false)
    let runs = try TestRuns(of: pictures, [.workers: ["1"], .batchSize: ["100"]])
    let culprit = String(decoding: pictures.files[3].name, as: UTF8.self)
    try runs.run("run", until: .scan)
    // The command itself, but that as a probe it dies of the culprit.
    let command = runs.path("command")
    let script = """
      #!/bin/sh
      if [ "$1" = probe-process ] && tr '\\0' '\\n' | grep -qxF '\(culprit)'; then kill -\(signal) $$; fi
      [ "$1" = probe-process ] || exec '\(TestRuns.executable)' "$@"
      """
    try Data(script.utf8).write(to: URL(filePath: command))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: command)
    for _ in 0..<2 {
      try runs.database("run") { try $0.markBegun(BatchID(rawValue: 0)) }
    }
    let outcome = try runs.resume("run", executable: command)
    #expect(outcome.quarantinedCount == quarantinedCount)
    #expect(outcome.notReadCount == notReadCount)
    try runs.read("run") { session in
      let failures = try session.status(failureLimit: 9).failures
      #expect(failures.count == 1)
      #expect(failures.first?.path == ArchivePath(culprit))
    }
  }

  @Test func `a run that ends in good order holds nothing against the batches in flight`() throws {
    struct NoRoom: Error {}
    let runs = try TestRuns(of: .little, [.workers: ["1"]])
    for _ in 0..<3 {
      #expect(throws: NoRoom.self) {
        try runs.run(
          "run",
          files: .init { operation, path in
            if operation == .rename, path.hasSuffix("batches/000000.1") { throw NoRoom() }
          })
      }
    }
    try runs.database("run") { database in
      let counts = try database.batches().map(\.begunCount)
      #expect(counts.allSatisfy { $0 == 0 }, "\(counts)")
    }
  }
}
