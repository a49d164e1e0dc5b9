import Catalog
import Foundation
import Pipeline
import Storage
import Synchronization
import TestArchives
import Testing

@Suite struct PublishTests {
  @discardableResult
  private func publish(
    _ runs: TestRuns, to target: String, as kind: PublishedFile = .symlink,
    files: DurableFiles = DurableFiles(), stop: StopFlag = StopFlag()
  ) throws -> Int {
    var environment = Session.Environment(decoderExecutable: TestRuns.executable)
    environment.files = files
    environment.stop = stop
    let session = try Session.open(runs.path("run"), environment: environment)
    defer { try? session.close() }
    return try session.publish(to: runs.path(target), as: kind)
  }

  /// The images in the folders of clusters, by what they hold.
  private func grouping(_ folder: Snapshot) -> Set<Set<[UInt8]>> {
    var clusters: [String: Set<[UInt8]>] = [:]
    for (path, entry) in folder.under("clusters").entries {
      guard case .file(let bytes) = entry else { continue }
      let name = String(decoding: path.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
      clusters[name, default: []].insert(bytes)
    }
    return Set(clusters.values)
  }

  @Test(arguments: [PublishedFile.hardlink, .copy])
  func `each cluster is a folder of its images, each outlier a file`(kind: PublishedFile) throws {
    let runs = try TestRuns(of: .plain)
    try runs.run("run")
    #expect(try publish(runs, to: "groups", as: kind) == 40)
    let partition = PathPartition(try runs.result("run"))
    let bytes = Dictionary(
      uniqueKeysWithValues: PictureArchive.plain.files.map { ($0.name, $0.bytes) })
    let published = try Snapshot(runs.path("groups"))
    #expect(
      grouping(published) == Set(partition.clusters.map { Set($0.compactMap { bytes[$0] }) }))
    #expect(published.under("outliers").entries.count == partition.outliers.count)
    #expect(published["clusters.csv"] == (try runs.result("run")["clusters.csv"]))
  }

  @Test(arguments: [PublishedFile.hardlink, .copy])
  func `a time that a number of nanoseconds cannot hold is a time like any other`(
    kind: PublishedFile
  ) throws {
    let runs = try TestRuns(of: .little)
    let file = PictureArchive.little.files[0]
    try runs.archiveTree.write(file.bytes, to: file.name, modified: 12_000_000_000)
    try runs.run("run")
    let count = try publish(runs, to: "groups", as: kind)
    #expect(try publish(runs, to: "groups", as: kind) == count)
  }

  @Test func `a hard link shares the bytes of the archive, a copy does not`() throws {
    let runs = try TestRuns(of: .plain)
    try runs.run("run")
    let inodes = Set(try Snapshot(runs.archive).identities.values.map { $0[1] })
    for (kind, isShared) in [(PublishedFile.hardlink, true), (.copy, false)] {
      try publish(runs, to: "groups-\(kind)", as: kind)
      let published = try Snapshot(runs.path("groups-\(kind)")).under("clusters")
      let files = published.entries.filter { $0.value != .folder }.keys
      #expect(!files.isEmpty)
      for file in files {
        let inode = try #require(published.identities[file]?[1])
        #expect(inodes.contains(inode) == isShared)
      }
    }
  }

  @Test func `a hard link of a link that was followed is a name of the file it leads to`() throws {
    let runs = try TestRuns(of: .little, [.followLinks: ["true"]])
    let tree = FileTree(runs.folder.path)
    try tree.write(PictureArchive.plain.files[0].bytes, to: "elsewhere/far.png")
    try tree.makeLink("archive/near.png", to: "../elsewhere/far.png")
    try runs.run("run")
    try publish(runs, to: "groups", as: .hardlink)
    let published = try Snapshot(runs.path("groups"))
    let name = try #require(
      published.entries.keys.first { String(decoding: $0, as: UTF8.self).hasSuffix("near.png") })
    #expect(published.entries[name] == .file(PictureArchive.plain.files[0].bytes))
    let file = try Snapshot(runs.path("elsewhere")).identities[Array("far.png".utf8)]
    #expect(published.identities[name] == file)
  }

  @Test func `what is published is synced before it takes the place of what was there`() throws {
    let runs = try TestRuns(of: .little, [.publish: ["folders"]])
    let changes = Mutex<[String]>([])
    let files = DurableFiles { operation, path in
      guard operation != .record else { return }
      changes.withLock { $0.append("\(operation) \(path)") }
    }
    try runs.run("run", files: files)
    try publish(runs, to: "groups", as: .copy, files: files)
    for (unfinished, final) in [
      ("run/results/1.unfinished", "run/results/1"), (".groups.unfinished", "groups"),
    ] {
      let told = changes.withLock { $0 }
      let synced = try #require(told.firstIndex(of: "sync \(runs.path(unfinished))"))
      let renamed = try #require(told.firstIndex(of: "rename \(runs.path(final))"))
      let written = told.lastIndex { $0.hasPrefix("write \(runs.path(unfinished))/") }
      #expect(try #require(written) < synced && synced < renamed)
    }
  }

  @Test(arguments: ["/clusters.csv", "/thumbnails", ".jpg.unfinished"])
  func `a stop while a result is made leaves the one before`(file: String) throws {
    let runs = try TestRuns(of: .little, [.publish: ["tables"]])
    try runs.run("run")
    let before = try runs.result("run")
    let stop = StopFlag()
    let files = DurableFiles { _, path in if path.hasSuffix(file) { stop.raise() } }
    #expect(throws: Interrupted.self) {
      try runs.run(
        "run", [.publish: ["folders"], .threshold: ["1"], .workers: ["1"]], files: files,
        stop: stop)
    }
    #expect(try runs.result("run").differences(from: before) == [])
    try runs.resume("run")
    #expect(try runs.result("run").differences(from: before) != [])
  }

  @Test func `a stop while a folder is made leaves the one before`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    try publish(runs, to: "groups")
    let before = try Snapshot(runs.path("groups"))
    try runs.merge("run", [.threshold: ["1"]])
    let stop = StopFlag()
    let files = DurableFiles { _, path in if path.hasSuffix("/clusters.csv") { stop.raise() } }
    #expect(throws: Interrupted.self) {
      try publish(runs, to: "groups", files: files, stop: stop)
    }
    #expect(try Snapshot(runs.path("groups")).differences(from: before) == [])
  }

  @Test func `the archive is as it was, but for the number of its names`() throws {
    let runs = try TestRuns(of: .whole)
    try runs.run("run")
    let before = try Snapshot(runs.archive)
    for kind in [PublishedFile.symlink, .copy] { try publish(runs, to: "\(kind)", as: kind) }
    #expect(try Snapshot(runs.archive).differences(from: before, withIdentities: true) == [])
    try publish(runs, to: "hardlink", as: .hardlink)
    let after = try Snapshot(runs.archive)
    #expect(after.differences(from: before) == [])
    for (path, identity) in before.identities {
      #expect(after.identities[path]?.prefix(2) == identity.prefix(2))
    }
  }

  @Test(arguments: ["archive/groups", "archive", "run/groups", "run", ""])
  func `a folder inside or around archive and run is refused`(target: String) throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    let before = try Snapshot(runs.archive)
    let folder = target.isEmpty ? String(runs.folder.path) : runs.path(target)
    let session = try Session.open(
      runs.path("run"),
      environment: Session.Environment(decoderExecutable: TestRuns.executable))
    #expect(throws: Session.TargetRefused.self) {
      try session.publish(to: folder, as: .copy)
    }
    #expect(try Snapshot(runs.archive).differences(from: before, withIdentities: true) == [])
  }

  @Test func `a folder that we did not make is never replaced, one of ours is`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    let tree = FileTree(runs.folder.path)
    try tree.write([1], to: "mine/precious")
    let error = #expect(throws: Session.TargetRefused.self) { try publish(runs, to: "mine") }
    #expect(
      error?.description
        == "\(runs.path("mine")): is there and was not made by likeness, so it is not replaced; "
        + "name another folder with '--to', or remove it")
    #expect(try contents(ofFile: runs.path("mine/precious")) == [1])
    try publish(runs, to: "groups")
    try runs.merge("run", [.threshold: ["1"]])
    try publish(runs, to: "groups")
    #expect(
      try Snapshot(runs.path("groups"))["clusters.csv"] == runs.result("run")["clusters.csv"])
    let left = try DurableFiles.entries(of: runs.folder.path)
    #expect(left.filter { $0.hasPrefix(".") } == [])
  }

  @Test(arguments: ["mine.txt", "clusters/00001/mine.png", "clusters/mine", "outliers/\u{1F512}\n"])
  func `what the user put into a published folder is never removed`(name: String) throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    try publish(runs, to: "groups", as: .copy)
    let tree = FileTree(runs.path("groups"))
    try tree.write([1], to: name)
    let error = #expect(throws: Session.TargetRefused.self) { try publish(runs, to: "groups") }
    #expect(
      error?.description
        == "\(runs.path("groups"))/\(ArchivePath(name).displayName): was not put there by likeness, "
        + "so \(runs.path("groups")) is not replaced; take it out, or name another folder with "
        + "'--to'")
    #expect(try contents(ofFile: runs.path("groups/" + name)) == [1])
    try tree.remove(name)
    // What is gone is no loss.
    try tree.remove("clusters.csv")
    try publish(runs, to: "groups")
    #expect(try Snapshot(runs.path("groups"))["clusters.csv"] != nil)
  }

  @Test(arguments: [PublishedFile.copy, .hardlink])
  func `a file that is gone is named, with what to do`(kind: PublishedFile) throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    let name = String(decoding: PictureArchive.little.files[0].name, as: UTF8.self)
    try runs.archiveTree.remove(name)
    let error = #expect(throws: (any Error).self) { try publish(runs, to: "groups", as: kind) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.hasPrefix("\(runs.archive)/\(name): "), "\(text)")
    #expect(text.hasSuffix("it is gone since the scan: 'likeness run' scans again"))
  }

  @Test(arguments: [PublishedFile.copy, .hardlink], [true, false])
  func `a file that changed since the scan is named, with what to do`(
    kind: PublishedFile, keepsTime: Bool
  ) throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    let picture = PictureArchive.little.files[0]
    let name = String(decoding: picture.name, as: UTF8.self)
    // Another length at the same time, or the same length at another time.
    try runs.archiveTree.write(
      picture.bytes + (keepsTime ? [0] : []), to: name,
      modified: 1_600_000_000 + (keepsTime ? 0 : 1))
    let error = #expect(throws: (any Error).self) { try publish(runs, to: "groups", as: kind) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.hasPrefix("\(runs.archive)/\(name): cannot be "), "\(text)")
    #expect(text.hasSuffix(": it changed since the scan; 'likeness run' scans again"))
  }

  @Test func `a thumbnail that is drawn late is never that of another picture`() throws {
    let runs = try TestRuns(of: .plain, [.publish: ["pages"]])
    try runs.run("run")
    let names = PictureArchive.plain.files.map { String(decoding: $0.name, as: UTF8.self) }
    let before = try Snapshot(runs.path("run/thumbnails"))
    #expect(before.entries.count > 10)
    try DurableFiles().removeTree(runs.path("run/thumbnails"))
    try runs.archiveTree.write(
      PictureArchive.plain.files[1].bytes, to: names[0], modified: 1_700_000_000)
    try runs.resume("run")
    let after = try Snapshot(runs.path("run/thumbnails"))
    // The one that is missing is missing, and the others are what they were.
    #expect(after.differences(from: before).count == 1)
    #expect(after.entries.count == before.entries.count - 1)
    let log = try String(contentsOfFile: runs.path("run") + "/run.log", encoding: .utf8)
    #expect(log.contains("no thumbnail of \(names[0]): "))
  }

  @Test func `what the user changed in a published folder is never replaced`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    try publish(runs, to: "groups")
    try publish(runs, to: "groups")
    let table = "clusters.csv"
    let bytes = try contents(ofFile: runs.path("groups/" + table))
    try FileTree(runs.path("groups")).write(bytes + [1], to: table)
    let error = #expect(throws: Session.TargetRefused.self) { try publish(runs, to: "groups") }
    #expect(
      error?.description.hasPrefix(
        "\(runs.path("groups"))/\(table): was changed since likeness put it there, so") == true)
    #expect(try contents(ofFile: runs.path("groups/" + table)) == bytes + [1])
  }

  @Test func `a publication that stops after any change leaves the old folder or the new one`()
    throws
  {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    try publish(runs, to: "groups")
    let old = try Snapshot(runs.path("groups"))
    try runs.merge("run", [.threshold: ["1"]])
    try publish(runs, to: "expected")
    let new = try Snapshot(runs.path("expected"))
    try #require(!old.isAs(new))
    for count in 0...100 {
      do {
        try publish(
          runs, to: "groups", files: FailingStorage(afterOperations: count).files)
        #expect(count > 10)
        return
      } catch is FailingStorage.InjectedFault {
        let seen = try Snapshot(runs.path("groups"))
        #expect(
          seen.isAs(old) || seen.isAs(new),
          "after \(count) changes")
      }
    }
    Issue.record("a publication of ten images made more than 100 changes")
  }

  @Test func `images of one name in one folder keep one file each`() throws {
    let runs = try TestRuns(of: PictureArchive(seed: 6, familyCount: 0, withOddFiles: false))
    // All outliers at threshold 1. The last one's name, its name with its number, and its number
    // alone are taken.
    let pictures = PictureArchive.plain.files.map(\.bytes)
    let names = ["a/a.png", "b/a.4.png", "c/4", "d/4-2", "e/a.png"]
    for (index, name) in names.enumerated() {
      try runs.archiveTree.write(pictures[index * 5], to: name)
    }
    try runs.run("run", [.threshold: ["1"]])
    #expect(try publish(runs, to: "groups", as: .copy) == 5)
    let outliers = try Snapshot(runs.path("groups")).under("outliers")
    var contents: Set<[UInt8]> = []
    for case .file(let bytes) in outliers.entries.values { contents.insert(bytes) }
    #expect(contents == Set((0..<5).map { pictures[$0 * 5] }))
  }
}

extension Snapshot {
  /// Whether a published folder is another, but for the times that its marker tells.
  fileprivate func isAs(_ other: Snapshot) -> Bool {
    differences(from: other).allSatisfy { $0.hasPrefix(".likeness") }
  }
}
