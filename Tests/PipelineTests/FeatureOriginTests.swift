import Foundation
import Pipeline
import Storage
import Synchronization
import TestArchives
import TestImages
import Testing

/// What a run knows of the methods and libraries that made its features.
@Suite struct FeatureOriginTests {
  /// Makes a batch one whose features came of something else: its folder says so, and its record.
  private func change(
    _ runs: TestRuns, batch number: Int, origins: String,
    _ changed: (String, FeatureOrigin) -> FeatureOrigin
  ) throws {
    try runs.database("run") { database in
      let batch = try database.batches()[number]
      let folder = RunDirectory(path: runs.path("run"))
        .batchFolder(batch.id, generation: batch.generation)
      try DurableFiles().write(Array(origins.utf8), to: folder + "/made-by.csv")
      let measures = try batch.measures.map { name, measure in
        let files = [
          "images/outcome", "images/content", "features/\(name)", "features/\(name)-detail",
          "links/\(name)", "links/\(name)-counts",
        ]
        let digest = try digest(ofFiles: files.map { "\(folder)/\($0).npy" })
        return (name, MeasureRecord(digest: digest, origin: changed(name, measure.origin)))
      }
      try database.record(
        batch.id, generation: batch.generation, digest: digest(ofFolder: folder),
        measures: Dictionary(uniqueKeysWithValues: measures), results: [])
    }
  }

  private func origins(_ runs: TestRuns) throws -> [[String: FeatureOrigin]] {
    var origins: [[String: FeatureOrigin]] = []
    try runs.database("run") { database in
      origins = try database.batches().map { $0.measures.mapValues(\.origin) }
    }
    return origins
  }

  @Test func `a batch says what made it, also after its record was lost`() throws {
    let runs = try TestRuns(of: .little, [.batchSize: ["100"]])
    try runs.archiveTree.write(
      JPEGFile(width: 16, height: 8) { x, y, c in x + y + c }.bytes, to: "a.jpg")
    try runs.archiveTree.write(GIFFile.bytes(width: 5, height: 4, frames: [3]), to: "a.gif")
    try runs.run("run")
    let made = try origins(runs)
    #expect(made.count == 1 && made[0].keys.sorted() == ["pdq"])
    let origin = try #require(made[0]["pdq"])
    #expect(origin.version == 1)
    #expect(
      origin.decoders.map { String($0.prefix { $0 != " " }) }
        == ["libdeflate", "libjpeg-turbo", "libvips"])
    #expect(origin.decoders.allSatisfy { $0.contains(/[ ]\d+\.\d+/) }, "\(origin.decoders)")
    try DurableFiles().removeTree(runs.path("run/run.sqlite"))
    let (session, _, isRestored) = try Session.openForRepair(
      runs.path("run"), environment: Session.Environment(decoderExecutable: TestRuns.executable))
    #expect(isRestored)
    #expect(try session.check().map(\.description) == [])
    try session.close()
    #expect(try origins(runs) == made)
  }

  @Test func `features of another version of the method are made again, and no others`() throws {
    let runs = try TestRuns(of: .little, [.measure: ["pdq", "ahash"]])
    try runs.run("run")
    let made = try origins(runs)
    let expected = try runs.result("run")
    let before = try runs.batches("run")
    let name = "batches/000001.1/features/pdq.npy"
    let features = try contents(ofFile: "\(runs.path("run"))/\(name)")
    try FileTree(runs.path("run")).write(
      features.prefix(128) + features.dropFirst(128).map { ~$0 }, to: name)
    let decoders = try #require(made[1]["ahash"]).decoders.joined(separator: "; ")
    try change(
      runs, batch: 1,
      origins: "measure,version,decoders\r\nahash,1,\(decoders)\r\npdq,0,\(decoders)\r\n"
    ) { FeatureOrigin(version: $0 == "pdq" ? 0 : 1, decoders: Set($1.decoders)) }
    #expect(try runs.read("run") { try $0.check() }.map(\.description) == [])
    let error = #expect(throws: Session.NotReady.self) { try runs.merge("run", [:]) }
    #expect(error?.description.contains("1 of 2 batches have links by 'pdq'") == true)
    try runs.resume("run")
    #expect(try origins(runs) == made)
    #expect(try runs.result("run").differences(from: expected) == [])
    let after = try runs.batches("run")
    for path in before.entries.keys where path.starts(with: "000000.1".utf8) {
      #expect(after.identities[path] == before.identities[path])
    }
    #expect(
      try contents(ofFile: runs.path("run/batches/000001.2/features/pdq.npy")) == features)
  }

  @Test func `another version of a library is told in one line, and nothing is read again`() throws
  {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    let decoders = try #require(try origins(runs)[1]["pdq"]).decoders
    let old = decoders.map { String($0.prefix { $0 != " " }) + " 0.9" }
    try change(
      runs, batch: 1,
      origins: "measure,version,decoders\r\npdq,1,\(old.joined(separator: "; "))\r\n"
    ) { _, origin in FeatureOrigin(version: origin.version, decoders: Set(old)) }
    let before = try runs.batches("run")
    let told = Told()
    try runs.resume("run", told: told)
    let versions = zip(old, decoders).map { "\($0) (1 batch; now \($1))" }
    let warning =
      "images were decoded by \(versions.joined(separator: ", ")): what is decoded now may differ "
      + "by a few bits from what is kept; a new run decodes all by the same"
    #expect(told.lines == [warning])
    let log = try String(contentsOfFile: runs.path("run/run.log"), encoding: .utf8)
    #expect(log.components(separatedBy: "warning: \(warning)\n").count == 2)
    #expect(try runs.batches("run").differences(from: before, withIdentities: true) == [])
  }
}

/// The warnings that a session says to the person.
final class Told: Sendable {
  private let all = Mutex<[String]>([])
  var lines: [String] { all.withLock { $0 } }
  func tell(_ line: String) { all.withLock { $0.append(line) } }
}
