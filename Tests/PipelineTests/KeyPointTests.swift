import Catalog
import Pipeline
import Report
import TestArchives
import TestImages
import Testing

/// Measures of key points: candidates with what they may miss, and the transform of a link.
@Suite struct KeyPointTests {
  private static let settings: [SettingKey: [String]] = [
    .measure: ["sift"], .floor: ["0.1"], .threshold: ["0.2"], .merge: ["exhaustive"],
  ]

  /// Views of four patterns of random squares, two of each, one moved by a few pixels: hundreds of key
  /// points each, so that the guide and not their small number decides.
  private func patterned() throws -> TestRuns {
    let runs = try TestRuns(
      of: PictureArchive(seed: 1, familyCount: 0, withOddFiles: false), Self.settings)
    var random = SplitMix(seed: 5)
    for pattern in 0..<4 {
      let squares = (0..<40 * 40).map { _ in Int.random(in: 0...255, using: &random) }
      for shift in [0, 17] {
        let picture = PNGFile(width: 160, height: 160, colorType: 0) { x, y, _ in
          squares[(y + shift) / 7 * 40 + (x + shift) / 7]
        }
        try runs.archiveTree.write(picture.bytes, to: "\(pattern)-\(shift).png")
      }
    }
    return runs
  }

  private func missed(_ runs: TestRuns, _ candidates: String) throws -> MissedLinks? {
    let outcome = try runs.run(candidates, [.candidates: [candidates]])
    return try #require(outcome.result).summary.missedLinks
  }

  private func linkCount(_ runs: TestRuns, _ name: String) throws -> Int {
    try runs.read(name) { try $0.thresholds().curve.points.map(\.linkCount).max() ?? 0 }
  }

  @Test func `what candidates miss is told, and is what comparing every pair finds more`() throws {
    let runs = try patterned()
    #expect(try missed(runs, "all") == nil)
    // So high that even copies are left out, and so few images that every pair left out is measured.
    let missed = try #require(try missed(runs, "0.999"))
    #expect(missed.sampledPairCount == missed.skippedPairCount && missed.skippedPairCount > 0)
    let (all, some) = (try linkCount(runs, "all"), try linkCount(runs, "0.999"))
    #expect(missed.missedPairCount == all - some && all > some)
    #expect(abs(missed.share - Double(all - some) / Double(all)) < 1e-12)
    #expect((missed.lowest, missed.highest) == (missed.share, missed.share))
    let summary = try #require(try runs.result("0.999")["summary.json"])
    #expect(String(decoding: summary, as: UTF8.self).contains("\"missedLinks\": "))
  }

  @Test func `candidates and geometry of a run stay as they are`() throws {
    let runs = try TestRuns(of: .little, Self.settings)
    try runs.run("run", [.candidates: ["all"]])
    for (key, value) in [(SettingKey.candidates, "0.2"), (.geometry, "true")] {
      let error = #expect(throws: SettingFailure.self) { try runs.resume("run", [key: [value]]) }
      #expect(error?.description.contains("\(key.rawValue): ") == true)
    }
  }

  @Test(arguments: ["false", "true"])
  func `why shows the transform of a link`(geometry: String) throws {
    let runs = try patterned()
    try runs.run("run", [.geometry: [geometry]])
    let clusters = PathPartition(try runs.result("run")).clusters
    #expect(clusters.count == 4)
    for cluster in clusters {
      let paths = cluster.map { ArchivePath(bytes: $0) }.sorted { $0.displayName < $1.displayName }
      let chain = try #require(try runs.read("run") { try $0.why(paths[0], paths[1]) })
      #expect(chain.count == 2 && chain.first?.transform == nil)
      let transform = try #require(chain.last?.transform)
      #expect(abs(transform.scale - 1) < 0.02 && transform.inlierCount <= transform.matchCount)
      #expect(min(transform.degrees, 360 - transform.degrees) < 1)
      #expect(abs(transform.shift.x + 17) < 1 && abs(transform.shift.y + 17) < 1)
    }
  }
}
