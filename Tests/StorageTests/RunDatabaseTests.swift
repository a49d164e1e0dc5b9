import Catalog
import GRDB
import Storage
import Synchronization
import TestArchives
import Testing

@Suite struct RunDatabaseTests {
  let folder: TemporaryFolder
  let run: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    run = RunDirectory(path: folder.path)
  }

  private func make() throws { try RunDatabase(run, mode: .write).close() }

  private func refusal(_ mode: RunDatabase.Mode) -> RunDatabase.Unusable? {
    #expect(throws: RunDatabase.Unusable.self) { try RunDatabase(run, mode: mode) }
  }

  @Test(arguments: [1, 99], [RunDatabase.Mode.write, .read])
  func `a database of another version is refused and never made again`(
    version: Int, mode: RunDatabase.Mode
  ) throws {
    try make()
    let other = try DatabaseQueue(path: run.databaseFile)
    try other.write { try $0.execute(sql: "PRAGMA user_version = \(version)") }
    try other.close()
    let refusal = refusal(mode)
    #expect(
      refusal?.description
        == "\(run.databaseFile): was made by another version of likeness (format \(version), "
        + "this one writes \(RunDatabase.formatVersion)); make a new run")
    #expect(refusal?.isRepairable == false)
  }

  @Test(arguments: [RunDatabase.Mode.write, .read])
  func `a file that is no database is refused and left as it is`(mode: RunDatabase.Mode) throws {
    let bytes = Array(repeating: UInt8(ascii: "x"), count: 5000)
    try DurableFiles().write(bytes, to: run.databaseFile)
    let refusal = refusal(mode)
    #expect(
      refusal?.description
        == "\(run.databaseFile): cannot be used: file is not a database; 'likeness check "
        + "\(run.path) --repair' makes it again from the archive and the batch folders")
    #expect(refusal?.isRepairable == true)
    #expect(try contents(ofFile: run.databaseFile) == bytes)
  }

  @Test(arguments: [RunDatabase.Mode.write, .read])
  func `a database that cannot be had now is not damaged`(mode: RunDatabase.Mode) throws {
    try DurableFiles().makeFolder(run.databaseFile)
    let refusal = refusal(mode)
    let reason = mode == .write ? "unable to open database file" : "disk I/O error"
    #expect(refusal?.description == "\(run.databaseFile): cannot be used: \(reason)")
    #expect(refusal?.isRepairable == false)
  }

  // Waits for the ten seconds that a lock is waited for.
  @Test func `a database that another program holds is told as that`() throws {
    try make()
    let other = try DatabaseQueue(path: run.databaseFile)
    try other.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
    }
    let refusal = refusal(.write)
    #expect(
      refusal?.description
        == "\(run.databaseFile): is held by another program; end that, then try again")
    #expect(refusal?.isRepairable == false)
    try other.close()
  }

  // Waits for the same ten seconds.
  @Test func `a database that another program begins to hold is told as that`() throws {
    let database = try RunDatabase(run, mode: .write)
    let other = try DatabaseQueue(path: run.databaseFile)
    try other.write { _ in
      let refusal = #expect(throws: RunDatabase.Unusable.self) { try database.forgetPlan("p") }
      #expect(
        refusal?.description
          == "\(run.databaseFile): is held by another program; end that, then try again")
    }
    try database.forgetPlan("p")
  }

  @Test func `a damaged index of the paths is a matter of repair where it is read`() throws {
    try make()
    let plain = try DatabaseQueue(path: run.databaseFile)
    let (page, size) = try plain.read {
      (
        try Int.fetchOne(
          $0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'imageByPath'") ?? 0,
        try Int.fetchOne($0, sql: "PRAGMA page_size") ?? 0
      )
    }
    try plain.close()
    var bytes = try contents(ofFile: run.databaseFile)
    for index in ((page - 1) * size)..<(page * size) { bytes[index] = 0xAA }
    try DurableFiles().write(bytes, to: run.databaseFile)
    let database = try RunDatabase(run, mode: .read)
    let refusal = #expect(throws: RunDatabase.Unusable.self) { try database.ranksByPath() }
    #expect(refusal?.isRepairable == true)
  }

  @Test func `an empty file beside a reader is told, and nothing is made of it`() throws {
    try DurableFiles().write([], to: run.databaseFile)
    #expect(
      refusal(.read)?.description
        == "\(run.databaseFile): is empty, because the process that made it ended early; 'likeness "
        + "resume \(run.path)' goes on")
    #expect(try contents(ofFile: run.databaseFile) == [])
    try make()
    try RunDatabase(run, mode: .read).close()
  }

  @Test(arguments: [RunDatabase.Mode.write, .read])
  func `an empty file beside batch folders is a lost one`(mode: RunDatabase.Mode) throws {
    try DurableFiles().write([], to: run.databaseFile)
    try DurableFiles().makeFolder(run.batchesFolder + "/000000.1")
    let refusal = refusal(mode)
    #expect(
      refusal?.description
        == "\(run.databaseFile): is empty; 'likeness check \(run.path) --repair' makes it again from "
        + "the archive and the batch folders")
    #expect(refusal?.isRepairable == true)
  }

  // The heading of the first page's tree, the tables' definitions, a whole page.
  @Test(arguments: [(100, 8), (110, 3000), (16384, 16384)])
  func `a damaged page is found, and is a matter of repair`(start: Int, count: Int) throws {
    try make()
    let sound = try RunDatabase(run, mode: .read)
    #expect(try sound.complaint() == nil)
    try sound.close()
    var bytes = try contents(ofFile: run.databaseFile)
    for index in start..<(start + count) { bytes[index] = 0xAA }
    try DurableFiles().write(bytes, to: run.databaseFile)
    do {
      #expect(try RunDatabase(run, mode: .read).complaint() != nil)
    } catch let error as RunDatabase.Unusable {
      #expect(error.isRepairable, "\(error)")
    }
  }

  @Test func `a reader sees what was recorded while the writer is open`() throws {
    let writer = try RunDatabase(run, mode: .write)
    let reader = try RunDatabase(run, mode: .read)
    try writer.recordTile(plan: "p", number: 7, batches: "b", digest: "d")
    #expect(try reader.finishedTiles(plan: "p") == [7: "d"])
  }

  @Test func `a transaction that fails before its commit leaves nothing`() throws {
    struct Fault: Error {}
    let isFailing = Atomic(false)
    let failing = DurableFiles { operation, _ in
      if operation == .record, isFailing.load(ordering: .relaxed) { throw Fault() }
    }
    let database = try RunDatabase(run, mode: .write, files: failing)
    isFailing.store(true, ordering: .relaxed)
    #expect(throws: Fault.self) {
      try database.recordTile(plan: "p", number: 1, batches: "b", digest: "d")
    }
    #expect(try database.finishedTiles(plan: "p") == [:])
  }

  @Test func `a recorded forest replaces its tiles`() throws {
    let database = try RunDatabase(run, mode: .write)
    let counts = [LinkCount(similarity: 1, links: 3), LinkCount(similarity: 0.75, links: 1 << 40)]
    try database.recordTile(plan: "p", number: 1, batches: "b", digest: "d")
    try database.recordTile(plan: "q", number: 1, batches: "b", digest: "e")
    try database.recordForest(
      plan: "p", measure: "pdq", batches: "b", digest: "f", counts: counts)
    #expect(try database.finishedTiles(plan: "p") == [:])
    #expect(try database.finishedTiles(plan: "q") == [1: "e"])
    #expect(try database.linkCounts(plan: "p") == counts)
    #expect(try database.forestDigest(plan: "p") == "f")
    try database.forgetPlan("p")
    #expect(try database.forestDigest(plan: "p") == nil)
    #expect(try database.linkCounts(plan: "p") == [])
  }

  @Test func `paths of any bytes go through the database unchanged`() throws {
    let names: [[UInt8]] = [[0xFF, 0xFE], Array("a\nb".utf8), Array("e\u{301}".utf8), [1]]
    let database = try RunDatabase(run, mode: .write)
    let summary = try database.recordScan(
      root: FileIdentity(device: .max, inode: .max), limits: BatchLimits(), acceptMissing: false,
      walk: { found in
        for (index, name) in names.enumerated() {
          try found(
            FileRecord(
              path: ArchivePath(bytes: name), sizeBytes: 1, modifiedNanoseconds: .min,
              identity: FileIdentity(device: .max, inode: .max - UInt64(index)),
              mayHaveFurtherNames: false))
        }
        return ArchiveWalk.Tally()
      }, hash: { _ in nil })
    #expect(summary.newCount == names.count)
    let found = try database.livingImages()
    #expect(found.allSatisfy { $0.modifiedNanoseconds == .min })
    #expect(
      found.map(\.path.bytes) == [
        [1], Array("a\nb".utf8), Array("e\u{301}".utf8), [0xFF, 0xFE],
      ])
    #expect(try database.lastScan()?.root == FileIdentity(device: .max, inode: .max))
  }
}
