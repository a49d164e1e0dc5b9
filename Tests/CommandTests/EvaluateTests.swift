import Foundation
import TestArchives
import Testing

@Suite struct EvaluateTests {
  let place: Workplace
  let likeness: Program

  /// Three families, of each three pictures that are said to be the same, and one that is said to be
  /// another though it is close.
  init() throws {
    let pictures = PictureArchive(seed: 4, familyCount: 3, withOddFiles: true)
    place = try Workplace(pictures)
    likeness = place.likeness
    var lines = ["path,group,change"]
    for file in pictures.files {
      guard let name = String(validating: file.name, as: UTF8.self), name.contains("-") else {
        continue
      }
      let family = name.split(separator: "-").last?.prefix(1) ?? ""
      for (variant, change) in ["original", "mixed 4 %", "mixed 9 %"].enumerated()
      where name.hasSuffix(".\(variant).png") {
        lines.append("\"\(name)\",family \(family),\(change)")
      }
      if name.hasSuffix(".3.png") { lines.append("\"\(name)\",alone \(family),distractor") }
    }
    lines += ["nowhere.png,family 0,blur", "cut.png,family 0,damaged"]
    try write(lines)
    try likeness("run", "pictures", "--floor", "0.6", "--publish", "tables")
  }

  private func write(_ lines: [String]) throws {
    try FileTree(place.folder.path)
      .write(Array(lines.map { $0 + "\r\n" }.joined().utf8), to: "truth.csv")
  }

  @Test func `a person reads what was judged, the curve, the scores and the kinds`() throws {
    // One forest holds for every threshold, so nothing has to be merged for another.
    let outcome = try likeness(
      "evaluate", "pictures.likeness", "--truth", "truth.csv", "--threshold", "0.86")
    #expect(outcome.status == 0 && outcome.errors == "")
    let text = """
      judged     13 images of 14 rows in 6 groups
      compared   by pdq, single linkage, floor 0.6
      besides    1 row of no image of the run
      besides    10 images of the run not in the table
      besides    1 judged image not decoded or not read, each taken as alone
      missing    nowhere.png

      threshold  precision     recall         F1  adj. Rand
          0.953     1.0000     0.1111     0.2000     0.1811
          0.921     1.0000     0.3333     0.5000     0.4693
          0.914     1.0000     0.4444     0.6153     0.5859
          0.906     1.0000     0.5555     0.7142     0.6886
          0.890     1.0000     0.7777     0.8750     0.8609
          0.882     1.0000     1.0000     1.0000     1.0000  MARKS
          0.867     0.7500     1.0000     0.8571     0.8354  the run's own, 0.86
          0.835     0.6000     1.0000     0.7500     0.7078

      scores                               best, 0.882       own, 0.86
      precision of pairs                        1.0000          0.7500
      recall of pairs                           1.0000          1.0000
      F1 of pairs                               1.0000          0.8571
      adjusted Rand index                       1.0000          0.8354
      adjusted mutual information               1.0000          0.8770
      homogeneity                               1.0000          0.9041
      completeness                              1.0000          1.0000
      V-measure                                 1.0000          0.9496

      with the original, of images         best, 0.882       own, 0.86
      mixed 4 %                      3          1.0000          1.0000
      mixed 9 %                      3          1.0000          1.0000

      """.replacing("MARKS", with: "best F1; lowest of precision 0.99")
    #expect(outcome.output == text)
  }

  @Test func `a program gets everything in one line`() throws {
    let outcome = try likeness("evaluate", "pictures.likeness", "--truth", "truth.csv", "--json")
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(outcome.output.split(separator: "\n").count == 1)
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let object = try #require(value as? [String: Any])
    let truth = try #require(object["truth"] as? [String: Any])
    #expect(truth["rows"] as? Int == 14 && truth["judged"] as? Int == 13)
    #expect(truth["missingRows"] as? Int == 1 && truth["leftOut"] as? Int == 1)
    #expect((truth["missing"] as? [[String: String]]) == [["path": "nowhere.png"]])
    let curve = try #require(object["curve"] as? [[String: Any]])
    let best = try #require(object["best"] as? [String: Any])
    let own = try #require(object["own"] as? [String: Any])
    #expect(own["threshold"] as? Double == 0.875 && object["measure"] as? String == "pdq")
    #expect(curve.compactMap { $0["f1"] as? Double }.max() == best["f1"] as? Double)
    #expect(best["vMeasure"] is Double && best["adjustedMutualInformation"] is Double)
    let kinds = try #require(object["kinds"] as? [[String: Any]])
    #expect(kinds.compactMap { $0["change"] as? String } == ["mixed 4 %", "mixed 9 %"])
    #expect(kinds.compactMap { $0["images"] as? Int } == [3, 3])
  }

  @Test func `a run is evaluated where nothing can be written`() throws {
    let path = place.folder("pictures.likeness")
    unsafe chmod(path, 0o555)
    defer { unsafe chmod(path, 0o755) }
    let outcome = try likeness(
      "evaluate", path, "--truth", "truth.csv", by: Program.ordinaryUser)
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
  }

  @Test func `a table or a run that cannot be used is refused with what to do`() throws {
    let run = place.folder("pictures.likeness")
    let truth = place.folder("truth.csv")
    let missing = try likeness("evaluate", run)
    #expect(missing.status == 64 && missing.errors.contains("'--truth <file>'"))
    let lost = try likeness("evaluate", run, "--truth", "lost.csv")
    #expect(lost.status == 1)
    #expect(
      lost.errors
        == "error: \(place.folder("lost.csv")): cannot be read: No such file or directory\n")
    try write(["path,change", "a.png,blur"])
    let narrow = try likeness("evaluate", run, "--truth", "truth.csv")
    #expect(narrow.status == 1 && narrow.output == "")
    #expect(
      narrow.errors
        == "error: \(truth): has no column 'group'; its first line must be: path,group,change\n")
    let measure = try likeness("evaluate", run, "--truth", "truth.csv", "--measure", "dhash")
    #expect(measure.status == 1)
    let nowhere = try likeness("evaluate", "nowhere", "--truth", "truth.csv")
    #expect(nowhere.status == 10)
  }
}
