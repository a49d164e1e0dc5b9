import Clustering
import Foundation
import LinearAlgebra
import Testing

@Suite struct SpectralClusteringTests {
  /// 400 rows are decomposed as a whole, 1,200 by iteration.
  @Test(arguments: [400, 1200])
  func `groups that do not hang together are found, and 1 is as often an eigenvalue`(
    count: Int
  ) throws {
    let (rows, groups) = separateGroups(count: count, seed: 7)
    let method = SpectralClustering(clusterCount: 5, seed: 3)
    let found = try method.cluster(rows, checkpoint: {})
    #expect(found.labels == Labels(groups))
    for value in found.eigenvalues { #expect(abs(value - 1) < 1e-9) }
    #expect(try method.cluster(rows, checkpoint: {}).embedding == found.embedding)
  }

  /// A ring of n rows, each like its two neighbours, has eigenvalues cos(2πj/n).
  ///
  /// All but the first occur twice; 12 rings of rows that are like no others multiply them.
  @Test(arguments: [(20, 1), (110, 1), (90, 12)])
  func `eigenvalues of rings are found as often as they occur`(
    size: Int, ringCount: Int
  ) throws {
    let count = size * ringCount
    var similarities = Matrix(rowCount: count, columnCount: count)
    for row in 0..<count {
      let next = row / size * size + (row % size + 1) % size
      similarities[row, next] = 2
      similarities[next, row] = 2
    }
    let found = try SpectralClustering(clusterCount: 15, seed: 1)
      .cluster(similarities: similarities, checkpoint: {})
    let expected = (0..<size).flatMap { turn in
      Array(repeating: cos(2 * .pi * Double(turn) / Double(size)), count: ringCount)
    }.sorted(by: >)
    for (value, expected) in zip(found.eigenvalues, expected) {
      #expect(abs(value - expected) < 1e-9)
    }
  }

  @Test func `a row that is like no other is a cluster of its own`() throws {
    let similarities = Matrix(
      rowCount: 5, columnCount: 5,
      values: [
        9, 1, 0, 0, 0, 1, 9, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 9, 2, 0, 0, 0, 2, 9,
      ])
    let found = try SpectralClustering(clusterCount: 3, seed: 1)
      .cluster(similarities: similarities, checkpoint: {})
    #expect(found.labels.values == [0, 0, 1, 2, 2])
  }

  @Test func `what a checkpoint throws ends the work`() {
    let (rows, _) = separateGroups(count: 1100, seed: 1)
    for limit in [0, 2, 9] {
      var count = 0
      #expect(throws: Stop.self) {
        try SpectralClustering(clusterCount: 3, seed: 1).cluster(rows) {
          count += 1
          if count > limit { throw Stop() }
        }
      }
    }
  }
}
