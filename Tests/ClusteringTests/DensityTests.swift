import Clustering
import LinearAlgebra
import TestImages
import Testing

@Suite struct DensityTests {
  /// DBSCAN as its authors wrote it: clusters grow from their lowest core row, one after another.
  private func naiveLabels(of rows: Rows, _ method: DBSCAN) -> [Int32] {
    let neighbors = (0..<rows.count).map { row in
      (0..<rows.count).filter {
        rows.squaredDistance(row, $0) <= method.radius * method.radius
      }
    }
    var (labels, next) = ([Int32](repeating: Labels.noise, count: rows.count), Int32(0))
    for row in 0..<rows.count
    where labels[row] == Labels.noise && neighbors[row].count >= method.minimumSamples {
      var waiting = [row]
      while let member = waiting.popLast() {
        if labels[member] != Labels.noise { continue }
        labels[member] = next
        if neighbors[member].count >= method.minimumSamples { waiting += neighbors[member] }
      }
      next += 1
    }
    return labels
  }

  @Test(arguments: UInt64(0)..<6)
  func `DBSCAN grows each cluster from its lowest core row`(seed: UInt64) {
    for offset in [0, 0x1p20] as [Float] {
      let rows = randomRows(600, dimension: 2, steps: 60, offset: offset, seed: seed)
      let method = DBSCAN(radius: [2, 3, 5][Int(seed % 3)], minimumSamples: 4 + Int(seed % 4))
      let result = method.cluster(rows) {}
      #expect(result.labels == Labels(naiveLabels(of: rows, method)))
    }
  }

  @Test(arguments: UInt64(0)..<10)
  func `HDBSCAN over all neighbours is HDBSCAN of the rows`(seed: UInt64) {
    let rows = randomRows(80, dimension: 2, steps: 30, seed: seed)
    let neighbors = NearestNeighbors(of: rows, count: 79)
    for selection in HDBSCAN.Selection.allCases {
      let method = HDBSCAN(minimumClusterSize: 4, minimumSamples: 3, selection: selection)
      let result = method.cluster(rows) {}
      #expect(result == method.cluster(neighbors))
      #expect(result.labels.members().allSatisfy { $0.count >= 4 })
      #expect(zip(result.labels.values, result.probabilities).allSatisfy { ($0 < 0) == ($1 == 0) })
    }
  }

  @Test func `equal rows are never split`() {
    let rows = Rows(count: 90, dimension: 1, values: (0..<90).map { Float($0 % 3) })
    let result = HDBSCAN(minimumClusterSize: 5).cluster(rows) {}
    #expect(result.labels.values == (0..<90).map { Int32($0 % 3) })
    #expect(result.probabilities == Array(repeating: 1, count: 90))
    #expect(result.persistences == [1, 1, 1])
  }

  @Test(arguments: 0...5)
  func `fewer rows than a cluster has are noise`(count: Int) {
    let rows = Rows(count: count, dimension: 1, values: (0..<count).map(Float.init))
    let result = HDBSCAN(minimumClusterSize: 6).cluster(rows) {}
    #expect(result.labels.noiseCount == count && result.persistences.isEmpty)
    #expect(DBSCAN(radius: 0.5, minimumSamples: 2).cluster(rows) {}.labels.noiseCount == count)
  }

  @Test func `the parts of a run's links that nothing joins are clusters`() {
    // Two chains of five, and a pair.
    let chains = [[0, 2, 4, 6, 8], [1, 3, 5, 7, 9], [10, 11]] as [[UInt32]]
    let links = chains.flatMap { chain in
      zip(chain, chain.dropFirst()).map { Link($0, $1, similarity: 0.9) }
    }
    let tree = Dendrogram(forest: SpanningForest(merging: [links], imageCount: 12))
    let result = HDBSCAN(minimumClusterSize: 3).cluster(tree)
    #expect(result.labels.values == [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, -1, -1])
  }

  @Test func `what a checkpoint throws ends the work`() {
    let rows = randomRows(200, dimension: 2, steps: 100, seed: 1)
    #expect(throws: CancellationError.self) {
      try DBSCAN(radius: 3, minimumSamples: 3).cluster(rows) { throw CancellationError() }
    }
    #expect(throws: CancellationError.self) {
      try HDBSCAN(minimumClusterSize: 3).cluster(rows) { throw CancellationError() }
    }
  }
}
