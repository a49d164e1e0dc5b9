import Catalog
import Clustering
import Foundation
import Pipeline
import TestArchives
import Testing

/// A table for the pictures of `PictureArchive`, of which `…-F.V.png` is variant V of family F.
private struct FamilyTable {
  var lines = ["path,group,change"]

  init(_ pictures: PictureArchive) {
    for file in pictures.files where String(validating: file.name, as: UTF8.self) != nil {
      let name = String(decoding: file.name, as: UTF8.self)
      let parts = name.dropLast(4).split(separator: "-").last?.split(separator: ".") ?? []
      guard parts.count == 2, name.hasSuffix(".png"), let variant = Int(parts[1]) else { continue }
      let change = variant == 0 ? "original" : "mixed \(variant)"
      lines.append("\"\(name)\",\(parts[0]),\(change)")
    }
  }

  func table(in runs: TestRuns) throws -> TruthTable {
    let text = lines.joined(separator: "\n")
    try FileTree(runs.folder.path).write(Array(text.utf8), to: "truth.csv")
    return try TruthTable(file: runs.folder("truth.csv"))
  }
}

/// Counts by looking at every pair of rows, in a published result.
private func plainCounts(_ table: TruthTable, _ partition: PathPartition) -> PairCounts {
  var (sameGroup, sameCluster, sameBoth) = (0, 0, 0)
  for b in table.rows.indices {
    for a in 0..<b {
      let paths = [table.rows[a].path.bytes, table.rows[b].path.bytes]
      let group = table.rows[a].group == table.rows[b].group
      let cluster = partition.clusters.contains { $0.isSuperset(of: paths) }
      sameGroup += group ? 1 : 0
      sameCluster += cluster ? 1 : 0
      sameBoth += group && cluster ? 1 : 0
    }
  }
  return PairCounts(
    imageCount: table.rows.count, sameGroup: sameGroup, sameCluster: sameCluster,
    sameBoth: sameBoth)
}

@Suite struct EvaluationTests {
  @Test(arguments: ["single", "average", "complete"])
  func `scores at the run's own threshold are those of what it published`(linkage: String) throws {
    let runs = try TestRuns(of: .whole, [.linkage: [linkage], .threshold: ["0.8"]])
    try runs.run("run")
    let table = try FamilyTable(.whole).table(in: runs)
    let evaluation = try runs.read("run") { try $0.evaluate(table) }
    let published = PathPartition(try runs.result("run"))
    #expect(evaluation.own.pairs == plainCounts(table, published))
    #expect(evaluation.ownThreshold == 0.8 && evaluation.linkage.rawValue == linkage)
    for kind in evaluation.kinds {
      let found = table.rows.filter { displayText($0.change) == kind.change }.count { row in
        let original = table.rows.first { $0.group == row.group }
        let pair = [row.path.bytes, original?.path.bytes ?? []]
        return published.clusters.contains { $0.isSuperset(of: pair) }
      }
      #expect(kind.foundAtOwn == found && kind.imageCount == 11, "\(kind.change)")
    }
    #expect(Set(evaluation.kinds.map(\.change)) == ["mixed 1", "mixed 2", "mixed 3", "mixed 4"])
  }

  @Test func `every point of the curve is what a merge at its threshold gives`() throws {
    let runs = try TestRuns(of: .whole)
    try runs.run("run")
    let table = try FamilyTable(.whole).table(in: runs)
    let curve = try runs.read("run") { try $0.evaluate(table).curve }
    #expect(curve.points.count > 10)
    for point in curve.points {
      try runs.merge("run", [.threshold: ["\(point.similarity)"]])
      let published = PathPartition(try runs.result("run"))
      #expect(point.pairs == plainCounts(table, published), "\(point.similarity)")
      let own = try runs.read("run") { try $0.evaluate(table).own.pairs }
      #expect(own == point.pairs, "\(point.similarity)")
    }
  }

  @Test func `the best threshold is the one of the largest F1, with all its scores`() throws {
    let runs = try TestRuns(of: .whole)
    try runs.run("run")
    let table = try FamilyTable(.whole).table(in: runs)
    let evaluation = try runs.read("run") { try $0.evaluate(table) }
    let best = try #require(evaluation.best)
    let largest = try #require(evaluation.curve.points.map(\.pairs.f1).max())
    #expect(best.scores.pairs.f1 == largest && largest > evaluation.own.pairs.f1)
    try runs.merge("run", [.threshold: ["\(best.threshold)"]])
    let own = try runs.read("run") { try $0.evaluate(table) }
    #expect(own.own == best.scores)
    #expect(own.kinds.allSatisfy { $0.foundAtBest == $0.foundAtOwn })
  }

  @Test func `what is in the table or in the run alone is counted, and what was left out`() throws {
    let runs = try TestRuns(of: .whole)
    try runs.run("run")
    var table = FamilyTable(.whole)
    let whole = try table.table(in: runs)
    let before = try runs.read("run") { try $0.evaluate(whole) }
    #expect(before.coverage.judgedCount == 55 && before.coverage.rowCount == 55)
    #expect(before.coverage.unlistedImageCount == 8 && before.coverage.groupCount == 11)
    #expect(before.coverage.missingRowCount == 0 && before.coverage.leftOutCount == 0)
    // Two that are quarantined and one that is skipped, all said to be one picture; two of nowhere;
    // two alike whose group has no original.
    table.lines += [
      "cut.png,left out,original", "zero/empty.jpg,left out,blur", "notes.txt,left out,blur",
      "nowhere/1.png,0,blur", "nowhere/2.png,1,blur", "blank/1.png,blank,blur",
      "\"blank/new\nline.png\",blank,blur",
    ]
    let after = try runs.read("run") { [table = try table.table(in: runs)] in
      try $0.evaluate(table)
    }
    #expect(after.coverage.rowCount == 62 && after.coverage.judgedCount == 60)
    #expect(after.coverage.missingRows.map(\.displayName) == ["nowhere/1.png", "nowhere/2.png"])
    #expect(after.coverage.missingRowCount == 2 && after.coverage.leftOutCount == 3)
    #expect(after.coverage.withoutOriginalCount == 2 && after.coverage.unlistedImageCount == 3)
    // Equal content is joined, so the blank ones are found; what was left out makes no pair.
    #expect(after.own.pairs.imageCount == 60)
    #expect(after.own.pairs.sameGroup == before.own.pairs.sameGroup + 1)
    #expect(after.own.pairs.sameBoth == before.own.pairs.sameBoth + 1)
    #expect(after.kinds.map(\.foundAtOwn) == before.kinds.map(\.foundAtOwn))
  }

  @Test func `an image with several names is judged once`() throws {
    let runs = try TestRuns(of: .little)
    let table = FamilyTable(.little)
    let first = try #require(table.lines.dropFirst().first?.split(separator: "\"").first)
    try FileTree(runs.archive).makeHardLink("another name.png", to: String(first))
    try runs.run("run")
    var more = table
    more.lines.append("another name.png,0,original")
    let (once, twice) = try (table.table(in: runs), more.table(in: runs))
    let expected = try runs.read("run") { try $0.evaluate(once) }
    let evaluation = try runs.read("run") { try $0.evaluate(twice) }
    #expect(evaluation.coverage.repeatedRowCount == 1 && expected.coverage.repeatedRowCount == 0)
    #expect(evaluation.own == expected.own)
  }

  @Test func `a table of another archive is refused, with one of its paths`() throws {
    let runs = try TestRuns(of: .little)
    try runs.run("run")
    try FileTree(runs.folder.path).write(
      Array("path,group,change\nelsewhere\t.png,1,original\n".utf8), to: "truth.csv")
    let table = try TruthTable(file: runs.folder("truth.csv"))
    let error = #expect(throws: Session.NothingJudged.self) {
      try runs.read("run") { try $0.evaluate(table) }
    }
    #expect(
      error?.description
        == "'--truth': none of its paths is in the run, the first is 'elsewhere\\t.png'; give paths "
        + "relative to the archive, \(runs.archive)")
  }
}
