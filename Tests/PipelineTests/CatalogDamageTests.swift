import Foundation
import Pipeline
import TestArchives
import TestImages
import Testing

@testable import Storage

/// A flipped bit in the database is found by `check`, or does no harm.
@Suite struct CatalogDamageTests {
  private let runs: TestRuns
  private var database: String { runs.path("run") + "/run.sqlite" }

  init() throws { runs = try TestRuns(of: .little) }

  private func repair() throws {
    let (session, complaints, isRestored) = try Session.openForRepair(
      runs.path("run"), environment: Session.Environment(decoderExecutable: TestRuns.executable))
    if isRestored { _ = try session.scan(acceptMissing: false) }
    _ = try session.repair(complaints)
    try session.close()
  }

  private func change(_ sql: String) throws {
    try runs.database("run") { try $0.write { try $0.execute(sql: sql) } }
  }

  private func complaints() throws -> [String] {
    try runs.read("run") { try $0.check() }.map(\.description)
  }

  @Test func `a row that is not what the folder of its batch tells is found and mended`() throws {
    try runs.archiveTree.write(Array("not a picture".utf8), to: "a-note.jpg")
    try runs.run("run")
    let expected = try runs.result("run")
    for sql in [
      "UPDATE image SET path = CAST('a-notf.jpg' AS BLOB) WHERE path = CAST('a-note.jpg' AS BLOB)",
      "UPDATE image SET sizeBytes = sizeBytes + 1 WHERE id = 0",
      "UPDATE image SET modifiedNanoseconds = modifiedNanoseconds + 1 WHERE id = 1",
      "UPDATE image SET outcome = 2 WHERE id = (SELECT MIN(id) FROM image WHERE outcome = 1)",
      "UPDATE image SET content = zeroblob(16) WHERE id = 2",
      "UPDATE image SET width = width + 1 WHERE id = 3",
      "UPDATE image SET goneInScan = 1 WHERE id = 4",
      "UPDATE image SET batch = 1 WHERE id = 0",
      "UPDATE failure SET message = message || 'x'",
      "UPDATE batchMeasure SET measure = 'pdp' WHERE batch = 0",
      "UPDATE linkCount SET links = links + 1",
      "UPDATE scan SET inode = inode + 1",
    ] {
      try change(sql)
      #expect(try complaints().count == 1, "\(sql)")
      try repair()
      #expect(try complaints() == [], "\(sql)")
      #expect(try runs.result("run").differences(from: expected) == [], "\(sql)")
    }
  }

  @Test(arguments: UInt64(1)...4)
  func `whatever bit is flipped, a repair gives the same result`(seed: UInt64) throws {
    try runs.run("run")
    let expected = try runs.result("run")
    let sound = try contents(ofFile: database)
    try FileManager.default.copyItem(atPath: runs.path("run"), toPath: runs.path("sound"))
    let used = sound.indices.filter { sound[$0] != 0 }
    var random = SplitMix(seed: seed)
    for _ in 0..<9 {
      let index = used[Int(random.next() % UInt64(used.count))]
      var bytes = sound
      bytes[index] ^= 1 << UInt8(random.next() % 8)
      try DurableFiles().removeTree(runs.path("run"))
      try FileManager.default.copyItem(atPath: runs.path("sound"), toPath: runs.path("run"))
      try DurableFiles().write(bytes, to: database)
      do {
        try repair()
      } catch let error as RunDatabase.Unusable where !error.isRepairable {
        continue  // Its version: refused, not repaired.
      }
      #expect(try complaints() == [], "byte \(index)")
      #expect(try runs.result("run").differences(from: expected) == [], "byte \(index)")
      try runs.resume("run")
      #expect(try runs.result("run").differences(from: expected) == [], "byte \(index)")
    }
  }

  @Test func `a damaged name is not written into a new generation of its batch`() throws {
    try runs.run("run")
    try change("UPDATE image SET path = CAST('other' AS BLOB) WHERE id = 0")
    #expect(throws: DamagedFile.self) { try runs.resume("run", [.measure: ["ahash"]]) }
    let folders = try DurableFiles.entries(of: runs.path("run") + "/batches")
    #expect(folders.contains("000000.1") && !folders.contains("000000.2"))
  }

  @Test func `what was renamed or touched is no damage`() throws {
    try runs.run("run")
    let names = PictureArchive.little.files.map { String(decoding: $0.name, as: UTF8.self) }
    try runs.archiveTree.move(names[0], to: "renamed.png")
    try runs.archiveTree.write(
      PictureArchive.little.files[1].bytes, to: names[1], modified: 1_700_000_000)
    try runs.run("run")
    #expect(try complaints() == [])
    let batches = runs.path("run") + "/batches"
    let tables = try DurableFiles.entries(of: batches).map { folder in
      String(decoding: try contents(ofFile: "\(batches)/\(folder)/images.csv"), as: UTF8.self)
    }
    #expect(tables.joined().contains("\"renamed.png\""))
  }
}
