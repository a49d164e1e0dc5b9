import Foundation
import TestArchives
import Testing

@Suite struct JSONTests {
  /// Every line of a text as an object.
  private func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map { line in
      let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(value as? [String: Any], "\(line)")
    }
  }

  @Test func `with --json every line on both outputs is an object`() throws {
    let place = try Workplace(.whole)
    let run = try place.likeness(
      "run", "pictures", "--json", "--floor", "0.7", "--threshold", "0.85", "--publish", "tables")
    let told = try objects(run.output)
    #expect(told.count == 1 && told[0]["quarantined"] as? Int == 2)
    let result = try #require(told[0]["result"] as? [String: Any])
    let scan = try #require(told[0]["scan"] as? [String: Any])
    #expect(scan["files"] as? Int == 63 && scan["new"] as? Int == 63)
    #expect(result["threshold"] as? Double == 0.85 && result["measure"] as? String == "pdq")
    let stages = try objects(run.errors).filter { $0["ended"] as? Bool == true }
    #expect(
      stages.compactMap { $0["name"] as? String }
        == ["Scanning", "Reading", "Comparing", "Publishing"])
    #expect(stages[1]["done"] as? Int == 63 && stages[1]["total"] as? Int == 63)
  }

  @Test func `status and thresholds tell what a program needs`() throws {
    let place = try Workplace(.whole)
    try place.likeness("run", "pictures", "--floor", "0.7", "--publish", "tables")
    let status = try objects(try place.likeness("status", "pictures.likeness", "--json").output)
    #expect(status.count == 1)
    let images = try #require(status[0]["images"] as? [String: Int])
    #expect(
      images == ["waiting": 0, "done": 60, "quarantined": 2, "notRead": 0, "skipped": 1])
    #expect(status[0]["merged"] as? Bool == true && status[0]["inUse"] as? Bool == false)
    #expect(status[0]["clustered"] is NSNull)
    // What is no image by its bytes is counted and no failure.
    let failures = try #require(status[0]["failures"] as? [[String: String]])
    #expect(failures.compactMap { $0["outcome"] } == ["quarantined", "quarantined"])
    #expect(failures.compactMap { $0["path"] }.sorted() == ["cut.png", "zero/empty.jpg"])
    let name: [UInt8] = [0x1B, 0xFF] + Array(".png".utf8)
    try FileTree(place.archive).write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], to: name)
    try place.likeness("run", "pictures", "--publish", "tables")
    let told = try objects(try place.likeness("status", "pictures.likeness", "--json").output)
    let left = try #require(told[0]["failures"] as? [[String: String]])
    #expect(left.compactMap { $0["pathBase64"] } == [Data(name).base64EncodedString()])
    let curve = try objects(
      try place.likeness("thresholds", "pictures.likeness", "--json").output)
    let thresholds = curve.compactMap { $0["threshold"] as? Double }
    #expect(thresholds.count == curve.count && thresholds == thresholds.sorted(by: >))
    for point in curve {
      let parts = ["clustered", "outliers"].compactMap { point[$0] as? Int }
      #expect(parts.count == 2 && parts[0] + parts[1] == 60)
    }
  }
}
