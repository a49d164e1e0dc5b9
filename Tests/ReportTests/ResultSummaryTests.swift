import Catalog
import Foundation
import Testing

@testable import Report

@Suite struct ResultSummaryTests {
  @Test func `summary JSON tells what became of every file, with the reasons`() throws {
    let bytes = ResultSummary.balanced.json(leftOut: leftOut())
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    let counts = ["clustered", "outliers", "quarantined", "notRead", "skipped", "unaccounted"]
      .compactMap { object[$0] as? Int }
    #expect(counts == [9, 5, 3, 1, 2, 0])
    #expect(object["scanned"] as? Int == counts.reduce(0, +))
    let groups = try #require(object["leftOut"] as? [[String: Any]])
    #expect(groups.map { $0["reason"] as? String } == ["cut short", "a \"bomb\"", "gone", "text"])
    #expect(groups.map { $0["files"] as? Int } == [2, 1, 1, 2])
    #expect(
      groups.map { $0["outcome"] as? String } == [
        "quarantined", "quarantined", "notRead", "skipped",
      ])
  }

  @Test func `a lost file shows in the summary`() throws {
    var summary = ResultSummary.balanced
    summary.outcomes.scanned += 1
    let text = String(decoding: summary.json(leftOut: leftOut()), as: UTF8.self)
    #expect(summary.outcomes.unaccounted == 1)
    #expect(text.contains("\"unaccounted\": 1,"))
  }

  @Test func `a summary without files left out is JSON too`() throws {
    let bytes = ResultSummary.balanced.json(leftOut: LeftOutTally())
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    #expect((object["leftOut"] as? [Any])?.isEmpty == true)
    #expect(object["threshold"] as? Double == 0.875)
  }

  @Test func `the list of files left out is bounded and the counts are not`() {
    var tally = LeftOutTally(listLimit: 2)
    for number in 0..<5 {
      tally.append(
        .init(path: ArchivePath("\(number)"), outcome: .skipped, reason: "text", detail: ""))
    }
    #expect(tally.fileCount(of: .skipped) == 5)
    #expect(tally.files(of: .skipped).map(\.path) == ["0", "1"])
    #expect(tally.fileCount(of: .quarantined) == 0)
  }

  @Test func `the CSV of files left out quotes every field`() throws {
    let collector = Collector()
    var table = LeftOutCSV(sink: collector.take)
    try table.append(
      .init(path: hostilePath, outcome: .notRead, reason: "a \"b\"", detail: "c,\nd"))
    try table.finish()
    let expected =
      Array("outcome,reason,detail,path\r\n\"not read\",\"a \"\"b\"\"\",\"c,\nd\",".utf8)
      + Array("\"a\"\"b\"\"\n,c".utf8) + [0xFF] + Array(".jpg\"\r\n".utf8)
    #expect(collector.bytes == expected)
  }
}

/// Files as left out of `ResultSummary.balanced`.
func leftOut() -> LeftOutTally {
  var tally = LeftOutTally()
  tally.append(.init(path: "a", outcome: .quarantined, reason: "a \"bomb\"", detail: "900000²"))
  tally.append(.init(path: "b", outcome: .quarantined, reason: "cut short", detail: "jpeg: 1"))
  tally.append(.init(path: hostilePath, outcome: .quarantined, reason: "cut short", detail: ""))
  tally.append(.init(path: "d", outcome: .notRead, reason: "gone", detail: "ENOENT"))
  tally.append(.init(path: "e", outcome: .skipped, reason: "text", detail: ""))
  tally.append(.init(path: "f", outcome: .skipped, reason: "text", detail: ""))
  return tally
}
