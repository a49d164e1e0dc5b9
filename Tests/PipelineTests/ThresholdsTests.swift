import Catalog
import Foundation
import Pipeline
import Report
import Storage
import Synchronization
import TestArchives
import Testing

@Suite struct ThresholdsTests {
  /// The features of a run in order of image numbers, with whether they have detail, and contents.
  private struct Stored {
    var rows: [[UInt8]] = []
    var hasDetail: [Bool] = []
    var contents: [[UInt8]] = []
    var isDone: [Bool] = []

    init(batches: String) throws {
      for name in try DurableFiles.entries(of: batches) {
        let folder = "\(batches)/\(name)"
        rows += try Self.rows("\(folder)/features/pdq.npy")
        hasDetail += try Self.rows("\(folder)/features/pdq-detail.npy").map { $0 == [1] }
        contents += try Self.rows("\(folder)/images/content.npy")
        isDone += try Self.rows("\(folder)/images/outcome.npy").map {
          $0 == [OutcomeCode.done.rawValue]
        }
      }
    }

    private static func rows(_ path: String) throws -> [[UInt8]] {
      let file = try NumpyFile(path: path, type: .uint8)
      let bytes = unsafe Array(file.bytes)
      let width = file.shape.columns
      return (0..<file.shape.rows).map { Array(bytes[($0 * width)..<(($0 + 1) * width)]) }
    }

    /// The similarity of two images by the definition, nil if they are not compared.
    func similarity(_ a: Int, _ b: Int) -> Double? {
      guard isDone[a], isDone[b] else { return nil }
      guard hasDetail[a], hasDetail[b] else {
        return !hasDetail[a] && !hasDetail[b] && contents[a] == contents[b] ? 1 : nil
      }
      let distance = zip(rows[a], rows[b]).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
      return 1 - Double(distance) / Double(8 * rows[a].count)
    }
  }

  @Test func `a run that was never scanned says how to go on`() throws {
    struct Died: Error {}
    let runs = try TestRuns(of: .little)
    let recordCount = Atomic(0)
    let files = DurableFiles { operation, _ in
      // The first transaction makes the tables, the second is the scan.
      if operation == .record, recordCount.add(1, ordering: .relaxed).newValue == 2 { throw Died() }
    }
    #expect(throws: Died.self) { try runs.run("run", files: files) }
    let error = #expect(throws: Session.NotReady.self) {
      try runs.read("run") { try $0.thresholds() }
    }
    let path = runs.path("run")
    #expect(
      error?.description
        == "\(path): its archive was not scanned yet; 'likeness resume \(path)' does it")
  }

  @Test func `links at every threshold are those of a plain double loop`() throws {
    let runs = try TestRuns(of: .whole, [.merge: ["exhaustive"]])
    try runs.run("run")
    let stored = try Stored(batches: runs.path("run") + "/batches")
    var similarities: [Double] = []
    for b in stored.rows.indices {
      for a in 0..<b {
        if let similarity = stored.similarity(a, b), similarity >= 0.7 {
          similarities.append(similarity)
        }
      }
    }
    let curve = try runs.read("run") { try $0.thresholds().curve }
    #expect(curve.points.map(\.threshold) == Set(similarities).sorted())
    #expect(curve.points.count > 10)
    for point in curve.points {
      #expect(
        point.linkCount == similarities.count { $0 >= point.threshold }, "\(point.threshold)")
    }
  }

  @Test(arguments: ["exhaustive", "representatives"])
  func `every point of the curve is what a merge at its threshold gives`(merge: String) throws {
    // With the batch threshold at 1 one forest holds for every threshold.
    let runs = try TestRuns(of: .whole, [.merge: [merge], .batchThreshold: ["1"]])
    try runs.run("run")
    let (curve, imageCount) = try runs.read("run") { try $0.thresholds() }
    #expect(imageCount == 60 && curve.currentThreshold == 0.85)
    // As `likeness thresholds` prints them; the floor of these runs is 0.7.
    for (point, lower) in zip(curve.points, [Double(0.7).nextDown] + curve.points.map(\.threshold))
    {
      try runs.merge("run", [.threshold: [thresholdText(point.threshold, above: lower)]])
      let partition = PathPartition(try runs.result("run"))
      #expect(partition.clusters.count == point.clusterCount)
      #expect(partition.clusters.map(\.count).max() == point.largestClusterImageCount)
      #expect(imageCount - partition.outliers.count == point.clusteredImageCount)
    }
  }

  @Test func `representatives meet no pair twice`() throws {
    let runs = try TestRuns(of: .whole, [.merge: ["exhaustive"]])
    try runs.run("exhaustive")
    try runs.run("representatives", [.merge: ["representatives"]])
    let all = try runs.read("exhaustive") { try $0.thresholds().curve.points }
    let some = try runs.read("representatives") { try $0.thresholds().curve.points }
    for point in some {
      let bound = try #require(all.first { $0.threshold == point.threshold })
      #expect(point.linkCount <= bound.linkCount, "\(point.threshold)")
    }
    #expect(some.last?.linkCount == all.last?.linkCount, "identical content is never left out")
  }

  @Test func `the chain between two images is as strong as the threshold that joins them`() throws {
    let runs = try TestRuns(of: .whole, [.merge: ["exhaustive"]])
    try runs.run("run")
    let clusters = PathPartition(try runs.result("run")).clusters
    let cluster = try #require(clusters.max { $0.count < $1.count })
    let paths = cluster.map(ArchivePath.init(bytes:)).sorted()
    for path in paths.dropFirst() {
      let chain = try #require(try runs.read("run") { try $0.why(paths[0], path) })
      #expect(chain.first?.path == paths[0] && chain.last?.path == path)
      #expect(chain.compactMap(\.similarity).allSatisfy { $0 >= 0.85 })
      #expect(chain.compactMap(\.similarity).count == chain.count - 1)
      #expect(chain.allSatisfy { cluster.contains($0.path.bytes) })
    }
  }
}
