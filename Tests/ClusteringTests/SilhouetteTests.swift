import Clustering
import LinearAlgebra
import TestImages
import Testing

@Suite struct SilhouetteTests {
  private struct Stopped: Error {}

  /// Rows of small whole numbers, equal ones among them, and clusters from large to single, and noise.
  private func clustering(count: Int, seed: UInt64) -> (rows: Rows, labels: Labels) {
    var numbers = SplitMix(seed: seed)
    let values = (0..<count * 3).map { _ in Float(Int.random(in: 0...6, using: &numbers)) }
    let labels = (0..<count).map { _ in
      Int32(
        40 * Float.random(in: 0..<1, using: &numbers) * Float.random(in: 0..<1, using: &numbers))
        - 1
    }
    return (Rows(count: count, dimension: 3, values: values), Labels(labels))
  }

  /// Rousseeuw's definition, pair by pair.
  private func definition(_ row: Int, _ rows: Rows, _ members: [[Int]], own: Int) -> Double {
    guard members[own].count > 1 else { return 0 }
    let sums = members.map { cluster in
      cluster.reduce(0) { $0 + rows.squaredDistance(row, $1).squareRoot() }
    }
    let a = sums[own] / Double(members[own].count - 1)
    let b =
      members.indices.filter { $0 != own }
      .map { sums[$0] / Double(members[$0].count) }.min() ?? 0
    return max(a, b) == 0 ? 0 : (b - a) / max(a, b)
  }

  @Test(arguments: [(2, 1), (9, 2), (300, 3), (513, 4), (800, 5)] as [(Int, UInt64)])
  func `values are those of the definition, wherever tiles cut clusters`(
    count: Int, seed: UInt64
  ) throws {
    let (rows, labels) = clustering(count: count, seed: seed)
    let members = labels.members()
    guard let silhouette = Silhouette(rows, labels, checkpoint: {}) else {
      #expect(members.count < 2 || members.count == members.joined().count)
      return
    }
    #expect(silhouette.rows == members.joined().sorted())
    #expect(silhouette.standardError == 0)
    for (row, value) in zip(silhouette.rows, silhouette.values) {
      let expected = definition(row, rows, members, own: Int(labels.values[row]))
      #expect(abs(value - expected) < 1e-12, "row \(row)")
    }
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `a sample has the values that its rows have among all`(seed: UInt64) throws {
    let (rows, labels) = clustering(count: 700, seed: 9)
    let whole = try #require(Silhouette(rows, labels, checkpoint: {}))
    let sample = try #require(
      Silhouette(rows, labels, sampleCount: 300, seed: seed, checkpoint: {}))
    #expect(sample.isSampled && sample.rows.count == 300 && !whole.isSampled)
    #expect(sample.clusteredCount == whole.rows.count)
    let values = Dictionary(uniqueKeysWithValues: zip(whole.rows, whole.values))
    for (row, value) in zip(sample.rows, sample.values) {
      #expect(abs(value - (values[row] ?? .nan)) < 1e-12)
    }
    // Four standard deviations: one in 15,000 samples is farther off.
    #expect(sample.standardError > 0)
    #expect(abs(sample.mean - whole.mean) < 4 * sample.standardError)
  }

  @Test(arguments: [
    [0, 0, 0, 0], [0, 1, 2, 3], [-1, -1, -1, -1], [0, 0, -1, -1], [0, 1, -1, -1],
  ])
  func `there is none of fewer than two clusters, or of as many as rows`(labels: [Int32]) {
    let rows = Rows(count: 4, dimension: 1, values: [1, 2, 5, 9])
    #expect(Silhouette(rows, Labels(labels), checkpoint: {}) == nil)
    let dispersion = Dispersion(rows, Labels(labels), checkpoint: {})
    #expect(dispersion.daviesBouldin == nil && dispersion.calinskiHarabasz == nil)
  }

  @Test func `clusters of equal rows are perfect, wherever they are`() throws {
    let rows = Rows(
      count: 6, dimension: 2,
      values: [100.3, 7.7, 0.1, 0.3, 100.3, 7.7, 0.1, 0.3, 100.3, 7.7, 5, 5])
    let labels = Labels([0, 1, 0, 1, 0, -1])
    #expect(Silhouette(rows, labels, checkpoint: {})?.values == [1, 1, 1, 1, 1])
    let dispersion = Dispersion(rows, labels, checkpoint: {})
    #expect(dispersion.inertia == 0 && dispersion.distortion == 0)
    #expect(dispersion.daviesBouldin == 0 && dispersion.calinskiHarabasz == 1)
  }

  @Test func `a checkpoint that throws ends the work`() throws {
    let (rows, labels) = clustering(count: 300, seed: 1)
    #expect(throws: Stopped.self) { try Silhouette(rows, labels) { throw Stopped() } }
    #expect(throws: Stopped.self) { try Dispersion(rows, labels) { throw Stopped() } }
  }
}
