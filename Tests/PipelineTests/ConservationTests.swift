import Catalog
import Foundation
import Pipeline
import TestArchives
import Testing

@Suite struct ConservationTests {
  @Test(arguments: [0.7, 0.85, 1], ["exhaustive", "representatives"])
  func `every file is clustered, an outlier or left out with a reason`(
    threshold: Double, merge: String
  ) throws {
    let runs = try TestRuns()
    try runs.run("run", [.threshold: ["\(threshold)"], .merge: [merge]])
    let result = try runs.result("run")
    let clusters = ResultTable(try #require(result["clusters.csv"]))
    let leftOut = ResultTable(try #require(result["left-out.csv"]))

    let told = clusters.values("path") + leftOut.values("path")
    #expect(told.count == PictureArchive.whole.files.count)
    #expect(Set(told) == Set(PictureArchive.whole.files.map(\.name)))
    #expect(leftOut.texts("outcome").sorted() == ["quarantined", "quarantined", "skipped"])
    #expect(leftOut.texts("detail").allSatisfy { !$0.isEmpty })

    let summary = try summary(result)
    #expect(summary["scanned"] == 63 && summary["unaccounted"] == 0)
    let parts = ["clustered", "outliers", "quarantined", "notRead", "skipped"]
    #expect(parts.compactMap { summary[$0] }.reduce(0, +) == 63)
    #expect(summary["clustered"] == clusters.texts("cluster").count { !$0.isEmpty })
    #expect(summary["outliers"] == clusters.texts("role").count { $0 == "outlier" })
  }

  @Test(arguments: [0, 1]) func `an archive without images has an empty result`(
    fileCount: Int
  ) throws {
    let none = PictureArchive(seed: 1, familyCount: 0, withOddFiles: false)
    let runs = try TestRuns(of: none, [.publish: ["folders"]])
    for _ in 0..<fileCount { try runs.archiveTree.write(Array("text".utf8), to: "notes.txt") }
    try runs.run("run")
    let result = try runs.result("run")
    #expect(ResultTable(try #require(result["clusters.csv"])).values("path") == [])
    #expect(try summary(result)["scanned"] == fileCount)
  }

  @Test func `each kind of file that is left out has a reason of its own`() throws {
    let runs = try TestRuns(of: .little, [.maximumFileBytes: ["1MiB"]])
    try runs.archiveTree.write(Array("8BPS\0\u{1}\0\0\0\0\0\0\0\u{3}".utf8), to: "old.psd")
    try runs.archiveTree.write(Array("no picture".utf8), to: "letter.png")
    try runs.archiveTree.write([UInt8](repeating: 0, count: (1 << 20) + 1), to: "long.tif")
    try runs.run("run")
    let leftOut = ResultTable(try #require(try runs.result("run")["left-out.csv"]))
    let named = zip(leftOut.texts("path"), leftOut.texts("reason"))
    #expect(
      Dictionary(uniqueKeysWithValues: named) == [
        "notes.txt": "no image by its bytes",
        "letter.png": "named like an image, but no image by its bytes",
        "zero/empty.jpg": "named like an image, but no image by its bytes",
        "long.tif": "a file over the limit", "old.psd": "a format that is not read",
        "cut.png": "cannot be decoded, libdeflate",
      ])
  }

  private func summary(_ result: Snapshot) throws -> [String: Int] {
    let data = Data(try #require(result["summary.json"]))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return object.compactMapValues { $0 as? Int }
  }

  @Test func `JSON Lines tell the same clusters as the table`() throws {
    let runs = try TestRuns()
    try runs.run("run")
    let result = try runs.result("run")
    var paths: Set<[UInt8]> = []
    for line in try #require(result["clusters.jsonl"]).split(separator: UInt8(ascii: "\n")) {
      collectPaths(try JSONSerialization.jsonObject(with: Data(line)), into: &paths)
    }
    let partition = PathPartition(result)
    #expect(paths == partition.clusters.reduce(partition.outliers) { $0.union($1) })
  }

  private func collectPaths(_ value: Any, into paths: inout Set<[UInt8]>) {
    if let list = value as? [Any] { return list.forEach { collectPaths($0, into: &paths) } }
    guard let object = value as? [String: Any] else { return }
    if let path = object["path"] as? String { paths.insert(Array(path.utf8)) }
    if let coded = object["pathBase64"] as? String {
      paths.insert(Array(Data(base64Encoded: coded) ?? Data()))
    }
    object.values.forEach { collectPaths($0, into: &paths) }
  }

  @Test func `the test archive is worth testing with`() throws {
    let runs = try TestRuns()
    try runs.run("run")
    let partition = PathPartition(try runs.result("run"))
    let sizes = partition.clusters.map(\.count).sorted()
    #expect(sizes.count >= 5 && sizes[0] < sizes[sizes.count - 1] && partition.outliers.count >= 5)
    try runs.merge("run", [.threshold: ["0.7"]])
    let coarse = PathPartition(try runs.result("run"))
    try runs.merge("run", [.threshold: ["0.95"]])
    let fine = PathPartition(try runs.result("run"))
    #expect(coarse != partition && fine != partition)
  }

  @Test func `files that vanish or change after the scan are not read, and tried again`() throws {
    var runs = try TestRuns(of: .plain)
    runs.settings[.publish] = ["tables"]
    try runs.run("run", until: .scan)
    let names = PictureArchive.plain.files.map(\.name)
    let (gone, grown) = (
      String(decoding: names[0], as: UTF8.self), String(decoding: names[1], as: UTF8.self)
    )
    let bytes = PictureArchive.plain.files[0].bytes
    try runs.archiveTree.remove(gone)
    try runs.archiveTree.write(bytes + [0], to: grown)
    #expect(try runs.resume("run").notReadCount == 2)
    let leftOut = ResultTable(try #require(try runs.result("run")["left-out.csv"]))
    #expect(leftOut.texts("outcome") == ["not read", "not read"])
    try PictureArchive.plain.write(to: runs.archive)
    #expect(try runs.resume("run").notReadCount == 0)
    try runs.run("other")
    #expect(try runs.result("run").differences(from: try runs.result("other")) == [])
  }
}
