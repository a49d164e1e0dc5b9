import Foundation
import Pipeline
import Storage
import TestArchives
import Testing

/// A database that is lost, and what is made of the folders that are left.
@Suite struct RestoreTests {
  /// What `likeness check --repair` does; returns the complaints and whether the database was made
  /// again.
  @discardableResult
  private func repair(
    _ runs: TestRuns, _ files: DurableFiles = DurableFiles()
  ) throws -> (complaints: [String], isRestored: Bool) {
    var environment = Session.Environment(decoderExecutable: TestRuns.executable)
    environment.files = files
    let (session, complaints, isRestored) = try Session.openForRepair(
      runs.path("run"), environment: environment)
    if isRestored { _ = try session.scan(acceptMissing: false) }
    _ = try session.repair(complaints)
    try session.close()
    return (complaints.map(\.description), isRestored)
  }

  private func database(_ runs: TestRuns) -> String { runs.path("run") + "/run.sqlite" }

  private func log(_ runs: TestRuns) throws -> String {
    try String(contentsOfFile: runs.path("run") + "/run.log", encoding: .utf8)
  }

  @Test func `nothing is made in place of a lost database but by a repair`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    let before = try runs.batches("run")
    let expected = try runs.result("run")
    let settings = try contents(ofFile: runs.path("run") + "/run.yaml")
    try DurableFiles().removeTree(database(runs))
    let path = runs.path("run")
    let attempts: [(String, () throws -> Void)] = [
      ("run", { try runs.run("run") }),
      ("run with other settings", { try runs.run("run", [.batchSize: ["3"]]) }),
      ("resume", { try runs.resume("run") }),
      ("status", { _ = try runs.read("run") { try $0.status(failureLimit: 0) } }),
    ]
    for (name, attempt) in attempts {
      let error = #expect(throws: RunDatabase.Unusable.self, "\(name)") { try attempt() }
      #expect(
        error?.description
          == "\(path): run.sqlite is missing; 'likeness check \(path) --repair' makes it again from "
          + "the archive and the batch folders")
    }
    #expect(try contents(ofFile: path + "/run.yaml") == settings)
    #expect(try repair(runs).isRestored)
    #expect(try runs.batches("run").differences(from: before, withIdentities: true) == [])
    #expect(try runs.result("run").differences(from: expected) == [])
    #expect(try repair(runs) == ([], false))
  }

  @Test func `a repair that stops after any change is gone on with and loses no batch`() throws {
    let runs = try TestRuns(of: .little, [.workers: ["1"]])
    try runs.run("run")
    let before = try runs.batches("run")
    let expected = try runs.result("run")
    let damaged = Array(repeating: UInt8(ascii: "x"), count: 5000)
    for count in 0...1000 {
      try DurableFiles().write(damaged, to: database(runs))
      do {
        try repair(runs, FailingStorage(afterOperations: count).files)
        #expect(count > 10, "fewer changes than a repair must make")
        return
      } catch is FailingStorage.InjectedFault {
        try repair(runs)
        #expect(
          try runs.batches("run").differences(from: before, withIdentities: true) == [],
          "after \(count) changes")
        #expect(try runs.result("run").differences(from: expected) == [], "after \(count) changes")
        #expect(try contents(ofFile: database(runs) + ".damaged") == damaged)
      }
    }
  }

  @Test func `a name that went to another image is that of the later one`() throws {
    let runs = try TestRuns(of: .plain)
    try runs.run("run")
    let names = PictureArchive.plain.files.map { String(decoding: $0.name, as: UTF8.self) }
    try runs.archiveTree.move(names[0], to: "renamed.png")
    let new = PictureArchive(seed: 9, familyCount: 1, withOddFiles: false).files[0].bytes
    try runs.archiveTree.write(new, to: names[0], modified: 1_700_000_000)
    try runs.run("run")
    try runs.run("expected")
    try DurableFiles().removeTree(database(runs))
    try repair(runs)
    #expect(
      PathPartition(try runs.result("run")) == PathPartition(try runs.result("expected")))
    #expect(try repair(runs) == ([], false))
  }

  @Test func `an image that gets the number of a lost one does not get its thumbnail`() throws {
    let runs = try TestRuns(of: .plain, [.publish: ["pages"]])
    try runs.run("run")
    let names = PictureArchive.plain.files.map { String(decoding: $0.name, as: UTF8.self) }.sorted()
    for name in names.suffix(names.count - 35) { try runs.archiveTree.remove(name) }
    let new = PictureArchive(seed: 9, familyCount: 1, withOddFiles: false).files
    for (number, file) in new.enumerated() {
      try runs.archiveTree.write(file.bytes, to: "zz-\(number).png", modified: 1_700_000_000)
    }
    try runs.run("expected")
    try DurableFiles().removeTree(runs.path("run/batches/000005.1"))
    try DurableFiles().removeTree(database(runs))
    try repair(runs)
    let differences = try Snapshot(runs.path("run/thumbnails")).differences(
      from: Snapshot(runs.path("expected/thumbnails")))
    #expect(differences == [])
  }

  @Test(
    arguments: [
      ("images.csv", 40, []), ("images.csv", .max, []), ("images.csv", 2, [0x2C]),
      ("images/outcome.npy", 1, [3]), ("features/pdq.npy", 1, []),
      ("features/pdq-detail.npy", .max, []), ("links/pdq.npy", 1, []),
      ("links/pdq-counts.npy", 1, []),
    ] as [(String, Int, [UInt8])])
  func `a folder that cannot be read is computed again, and the log says so`(
    file: String, cutByteCount: Int, end: [UInt8]
  ) throws {
    let runs = try TestRuns(of: .little, [.merge: ["representatives"]])
    try runs.run("run")
    let expected = try runs.result("run")
    let name = "batches/000000.1/\(file)"
    let bytes = try contents(ofFile: "\(runs.path("run"))/\(name)")
    try FileTree(runs.path("run")).write(bytes.dropLast(cutByteCount) + end, to: name)
    try DurableFiles().removeTree(database(runs))
    try repair(runs)
    #expect(try log(runs).contains("\(runs.path("run"))/batches/000000.1: is computed again: "))
    #expect(
      PathPartition(try runs.result("run")) == PathPartition(expected))
    #expect(try repair(runs) == ([], false))
  }

  @Test func `a batch whose file cannot be read is one complaint, and mended`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    let expected = try runs.result("run")
    let folder = runs.path("run") + "/batches"
    let file = "000000.1/features/pdq.npy"
    // A link is not followed: an error of the system, as a failing disk gives.
    try FileTree(folder).remove(file)
    try FileTree(folder).makeLink(file, to: "pdq-detail.npy")
    try FileTree(folder).write([1], to: "000001.1/images.csv")
    let complaints = [
      "\(folder)/\(file): cannot be read: Too many levels of symbolic links",
      "\(folder)/000001.1: is not what was recorded",
    ]
    #expect(try runs.read("run") { try $0.check() }.map(\.description) == complaints)
    #expect(try repair(runs) == (complaints, false))
    #expect(try runs.result("run").differences(from: expected) == [])
    #expect(try repair(runs) == ([], false))
  }

  @Test func `a page of the database that is damaged is found by check and mended`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    let expected = try runs.result("run")
    var bytes = try contents(ofFile: database(runs))
    for index in (bytes.count - 4096)..<bytes.count { bytes[index] = 0xAA }
    try DurableFiles().write(bytes, to: database(runs))
    // The last page is read when the run is opened.
    let error = #expect(throws: RunDatabase.Unusable.self) {
      try runs.read("run") { try $0.check() }
    }
    #expect(error?.isRepairable == true)
    #expect(try repair(runs).isRestored)
    #expect(try runs.result("run").differences(from: expected) == [])
  }

  @Test func `a database of another version is never made again`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    var bytes = try contents(ofFile: database(runs))
    bytes[63] = 99  // the last byte of user_version
    try DurableFiles().write(bytes, to: database(runs))
    let error = #expect(throws: RunDatabase.Unusable.self) { try repair(runs) }
    #expect(
      error?.description
        == "\(database(runs)): was made by another version of likeness (format 99, this one writes "
        + "\(RunDatabase.formatVersion)); make a new run")
    #expect(try contents(ofFile: database(runs))[63] == 99)
    #expect(!FileManager.default.fileExists(atPath: database(runs) + ".damaged"))
  }

  @Test func `a repair waits for nobody and moves nothing while another process works`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    try DurableFiles().write([1, 2, 3], to: database(runs))
    let lock = try RunLock(RunDirectory(path: runs.path("run")))
    #expect(throws: RunLock.InUse.self) { try repair(runs) }
    #expect(try contents(ofFile: database(runs)) == [1, 2, 3])
    withExtendedLifetime(lock) {}
  }

  @Test(arguments: ["run.yaml", "run.yaml.unfinished", "photo.jpg"])
  func `a folder of someone else is refused and left as it is`(file: String) throws {
    let runs = try TestRuns(of: .little)
    try FileTree(runs.folder.path).makeFolder("theirs")
    try FileTree(runs.path("theirs")).write([1, 2, 3], to: file)
    let before = try Snapshot(runs.path("theirs"))
    let error = #expect(throws: SettingFailure.self) { try runs.run("theirs") }
    #expect(
      error?.description
        == "\(runs.path("theirs")): is there, is no run, and is not empty; name a new folder with "
        + "'--into'")
    #expect(throws: (any Error).self) {
      try Session.openForRepair(
        runs.path("theirs"),
        environment: Session.Environment(decoderExecutable: TestRuns.executable))
    }
    #expect(
      try Snapshot(runs.path("theirs")).differences(from: before, withIdentities: true) == [])
  }
}
