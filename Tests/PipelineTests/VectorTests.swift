import Catalog
import Foundation
import Pipeline
import Storage
import TestArchives
import Testing

/// Vectors for the pictures of an archive, as a user gives them.
private struct GivenFiles {
  let runs: TestRuns

  /// Writes a NumPy file and the list of paths; the settings that name them.
  func write(
    _ vectors: [(path: [UInt8], values: [Float])], dimension: Int = 2
  ) throws -> [SettingKey: [String]] {
    let bytes = unsafe vectors.flatMap { $0.values }.withUnsafeBytes { unsafe Array($0) }
    let header = NumpyFile.header(type: .float32, rows: vectors.count, columns: dimension)
    let tree = FileTree(runs.folder.path)
    try tree.write(header + bytes, to: "vectors.npy")
    try tree.write(vectors.flatMap { $0.path + [0x0A] }, to: "paths.txt")
    return [
      .measure: ["vectors"], .featuresFrom: [runs.folder("vectors.npy")],
      .featurePaths: [runs.folder("paths.txt")], .threshold: ["0.9"], .floor: ["0.8"],
    ]
  }
}

@Suite struct VectorTests {
  /// The pictures of `.plain`, the first half at one place and the others at another, but for the last.
  private static func halves(_ files: [PictureArchive.File]) -> [(path: [UInt8], values: [Float])] {
    let names = files.map(\.name).sorted { $0.lexicographicallyPrecedes($1) }
    return names.enumerated().map { index, name in
      let place: Float = index < names.count / 2 ? 1 : 50
      return (name, [place + Float(index % 3) / 8, place + Float(index % 5) / 8])
    }
  }

  @Test func `vectors that a user gives are clustered`() throws {
    let runs = try TestRuns(of: .plain)
    let vectors = Self.halves(PictureArchive.plain.files)
    let settings = try GivenFiles(runs: runs).write(vectors)
    try runs.run(
      "run",
      settings.merging([
        .result: ["clusters"], .method: ["kmeans", "ward"], .clusters: ["2...6"],
      ]) { $1 })
    let table = ResultTable(try #require(try runs.result("run")["clusters.csv"]))
    let found = Dictionary(
      grouping: zip(table.texts("cluster"), table.values("path")), by: \.0
    ).values.map { Set($0.map(\.1)) }
    let half = vectors.count / 2
    #expect(
      Set(found) == [Set(vectors[..<half].map(\.path)), Set(vectors[half...].map(\.path))])

    let text =
      "path,group,change\n"
      + vectors.enumerated().map { index, entry in
        "\"\(String(decoding: entry.path, as: UTF8.self))\",\(index < half ? 1 : 2),original\n"
      }.joined()
    try FileTree(runs.folder.path).write(Array(text.utf8), to: "truth.csv")
    let evaluation = try runs.read("run") {
      try $0.evaluate(TruthTable(file: runs.folder("truth.csv")))
    }
    #expect(evaluation.model != nil && evaluation.own.pairs.adjustedRand == 1)
  }

  @Test func `vectors for some images only are told of, and paths may begin with a dot`() throws {
    let runs = try TestRuns(of: .plain)
    let vectors = Self.halves(PictureArchive.plain.files).dropFirst(3)
      .map { (path: Array("./".utf8) + $0.path, values: $0.values) }
    let settings = try GivenFiles(runs: runs).write(vectors + [(Array("none".utf8), [1, 1])])
    let told = Told()
    try runs.run(
      "run", settings.merging([.result: ["clusters"], .clusters: ["2"]]) { $1 }, until: .scan)
    try runs.resume("run", told: told)
    #expect(told.lines.count == 1)
    #expect(
      told.lines.first?.hasPrefix("37 of 40 files have a vector, first ") == true
        && told.lines.first?.hasSuffix("; 1 of 38 vectors are of no file of the archive") == true,
      "\(told.lines)")
    let table = ResultTable(try #require(try runs.result("run")["clusters.csv"]))
    #expect(table.texts("role").count { $0 == "outlier" } == 3)
  }

  @Test func `an archive without an image has no components, and no failure`() throws {
    let runs = try TestRuns(of: .plain, ClusterTests.clusters)
    try DurableFiles().removeTree(runs.archive)
    try FileTree(runs.folder.path).makeFolder("archive")
    try runs.archiveTree.write(
      Array(PictureArchive.plain.files[0].bytes.prefix(60)), to: Array("cut.png".utf8))
    let outcome = try runs.run("run")
    #expect(outcome.quarantinedCount == 1 && outcome.result?.summary.clusterCount == 0)
    for file in PictureArchive.plain.files { try runs.archiveTree.write(file.bytes, to: file.name) }
    #expect(try runs.run("run").result?.summary.outcomes.clustered ?? 0 > 20)
  }

  @Test func `an image without a vector is an outlier, and one of zeros too`() throws {
    let runs = try TestRuns(of: .plain)
    var vectors = Self.halves(PictureArchive.plain.files)
    let missing = vectors.removeFirst().path
    vectors[0].values = [0, 0]
    let settings = try GivenFiles(runs: runs).write(vectors)
    let outcome = try runs.run(
      "run", settings.merging([.result: ["clusters"], .clusters: ["2"]]) { $1 })
    #expect(outcome.result?.summary.noDetailCount == 2)
    let table = ResultTable(try #require(try runs.result("run")["clusters.csv"]))
    let outliers = zip(table.texts("role"), table.values("path")).filter { $0.0 == "outlier" }
    #expect(Set(outliers.map(\.1)) == [missing, vectors[0].path])
  }

  @Test func `files of vectors that do not fit are refused by name`() throws {
    let runs = try TestRuns(of: .plain)
    let given = GivenFiles(runs: runs)
    let vectors = Self.halves(PictureArchive.plain.files)
    var settings = try given.write(vectors)
    try FileTree(runs.folder.path).write(Array("one\n".utf8), to: "paths.txt")
    let failure = #expect(throws: SettingFailure.self) { try runs.run("short", settings) }
    #expect(
      failure?.description
        == "'--feature-paths': \(runs.folder("paths.txt")) has 1 lines, and "
        + "\(runs.folder("vectors.npy")) 40 rows; there must be a path for each row")

    settings = try given.write(vectors + [vectors[0]])
    #expect(throws: SettingFailure.self) { try runs.run("twice", settings) }

    var broken = vectors
    broken[3].values[1] = .nan
    settings = try given.write(broken)
    let nan = #expect(throws: SettingFailure.self) { try runs.run("nan", settings) }
    #expect(nan?.description.contains("row 4: has a value that is no number") == true)

    broken[3].values[1] = 1e19
    settings = try given.write(broken)
    let long = #expect(throws: SettingFailure.self) { try runs.run("long", settings) }
    #expect(long?.description.contains("row 4: ") == true)

    settings = try given.write(vectors.map { (Array("elsewhere/".utf8) + $0.path, $0.values) })
    let none = #expect(throws: SettingFailure.self) { try runs.run("elsewhere", settings) }
    #expect(none?.description.contains("0 of 40 files have a vector, first ") == true)

    try FileTree(runs.folder.path).write(
      NumpyFile.header(type: .int32, rows: 1, columns: 1) + [0, 0, 0, 0],
      to: "vectors.npy")
    let type = #expect(throws: SettingFailure.self) { try runs.run("type", settings) }
    #expect(type?.description.contains("{'descr': '<i4', 'fortran_order': False") == true)

    settings[.featuresFrom] = nil
    #expect(throws: SettingFailure.self) { try runs.run("half", settings) }
    settings = [.measure: ["vectors"], .threshold: ["0.9"], .floor: ["0.8"]]
    #expect(throws: SettingFailure.self) { try runs.run("none", settings) }
  }

  @Test func `images that come later are put along the components that are kept`() throws {
    let runs = try TestRuns(of: .plain, ClusterTests.clusters)
    try runs.run("run")
    let fits = try Snapshot(runs.path("run") + "/fits")
    let batches = try runs.batches("run")
    for file in PictureArchive(seed: 8, familyCount: 2, withOddFiles: false).files {
      try runs.archiveTree.write(file.bytes, to: Array("new/".utf8) + file.name)
    }
    try runs.run("run")
    #expect(try Snapshot(runs.path("run") + "/fits").differences(from: fits) == [])
    // The batches that were there are as they were.
    let now = try runs.batches("run")
    for difference in now.differences(from: batches, withIdentities: true) {
      #expect(!difference.contains("000000."), "\(difference)")
    }
    let table = ResultTable(try #require(try runs.result("run")["clusters.csv"]))
    #expect(table.rows.count == 50)
  }

  @Test func `a fit that is lost is made again, and so is the same result`() throws {
    let runs = try TestRuns(of: .plain, ClusterTests.clusters)
    try runs.run("run")
    let expected = try runs.result("run")
    let fits = try Snapshot(runs.path("run") + "/fits")
    try DurableFiles().removeTree(runs.path("run") + "/fits")
    try runs.resume("run")
    #expect(try Snapshot(runs.path("run") + "/fits").differences(from: fits) == [])
    #expect(try runs.result("run").differences(from: expected) == [])
  }
}
