import Pipeline
import Storage
import TestArchives
import Testing

@Suite struct ArchiveUntouchedTests {
  @Test func `bytes, names, times and names of files are the same before and after`() throws {
    let runs = try TestRuns(of: .whole, [.publish: ["folders"]])
    try runs.archiveTree.makeHardLink("hard.png", to: "copies/again.png")
    try runs.archiveTree.makeLink("soft.png", to: "copies/again.png")
    let before = try Snapshot(runs.archive)
    try runs.run("run")
    try runs.run("run")
    try runs.resume("run", [.measure: ["ahash"]], retryQuarantined: true)
    try runs.merge("run", [.threshold: ["0.9"], .linkage: ["complete"]])
    let after = try Snapshot(runs.archive)
    #expect(after.differences(from: before, withIdentities: true) == [])
  }

  @Test func `a followed link to where the run is does not make it a part of the archive`() throws {
    let runs = try TestRuns(of: .little, [.followLinks: ["true"]])
    try runs.archiveTree.makeLink("up", to: "..")
    try runs.run("run")
    let first = try runs.result("run")
    for _ in 0..<2 {
      let scan = try #require(try runs.run("run").scan)
      #expect(scan.newCount == 0 && scan.changedCount == 0 && scan.tally.excludedCount == 1)
    }
    #expect(try runs.result("run").differences(from: first) == [])
  }

  @Test func `a run inside the archive is refused before anything is made`() throws {
    let runs = try TestRuns(of: .little)
    let before = try Snapshot(runs.archive)
    let error = #expect(throws: SettingFailure.self) { try runs.run("archive/run") }
    #expect(
      error?.description
        == "\(runs.archive)/run: lies inside the archive \(runs.archive), where nothing of ours is "
        + "written; name a folder outside it with '--into'")
    #expect(try Snapshot(runs.archive).differences(from: before, withIdentities: true) == [])
  }

  @Test func `an archive that was replaced by another folder stops the run`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run", until: .scan)
    try FileTree(runs.folder.path).move("archive", to: "old")
    try FileTree(runs.folder.path).makeFolder("archive")
    try PictureArchive.little.write(to: runs.archive)
    let error = #expect(throws: ArchiveUnavailable.self) { try runs.resume("run") }
    #expect(
      error?.description
        == "\(runs.archive): is another folder or on another device than was scanned (if it was "
        + "mounted anew, 'likeness run \(runs.archive) --into RUN' scans it again where it is now); "
        + "bring the archive back, then go on with 'likeness resume RUN'")
    #expect(try runs.read("run") { try $0.status(failureLimit: 9).doneBatchCount } == 0)
    #expect(try runs.run("run").scan?.changedCount == 0)
  }

  @Test func `links of a result lead to the images of each cluster`() throws {
    let runs = try TestRuns(of: .whole, [.publish: ["folders"]])
    try runs.run("run")
    let result = try runs.result("run")
    var targets: Set<[UInt8]> = []
    for (path, entry) in result.entries {
      guard case .link(let target) = entry, path.starts(with: Array("clusters/".utf8)) else {
        continue
      }
      #expect(target.starts(with: Array((runs.archive + "/").utf8)))
      targets.insert(Array(target.dropFirst(runs.archive.utf8.count + 1)))
    }
    #expect(targets == PathPartition(result).clusters.reduce([]) { $0.union($1) })
  }
}
