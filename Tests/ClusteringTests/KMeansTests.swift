import Clustering
import LinearAlgebra
import TestImages
import Testing

@Suite struct KMeansTests {
  @Test(arguments: UInt64(0)..<12)
  func `bounds and products change nothing: the clusters are those of measuring every distance`(
    seed: UInt64
  ) {
    let rows = coarseRows(count: 300, dimension: 3, seed: seed)
    let start = rows.gathered((0..<7).map { Int(seed) + 31 * $0 })
    let found = KMeans(clusterCount: 7, seed: 0).cluster(rows, from: start, checkpoint: {})
    let plain = plainLloyd(rows, from: start)
    #expect(found.labels == Labels(plain.nearest.map(Int32.init)))
    #expect(found.iterationCount == plain.iterationCount)
  }

  @Test(arguments: [KMeans.Steps.all, .samples(rowCount: 100)])
  func `separate groups are found, and the same seed finds the same`(steps: KMeans.Steps) {
    let (rows, groups) = separateGroups(count: 900, seed: 4)
    var method = KMeans(clusterCount: 5, seed: 2)
    method.steps = steps
    method.restartCount = 3
    let found = method.cluster(rows, checkpoint: {})
    #expect(found.labels == Labels(groups))
    #expect(method.cluster(rows, checkpoint: {}) == found)
    #expect(found.assign(rows, checkpoint: {}) == found.labels.values)
    let sum = rows.squaredDistances(found.labels.values.map(Int.init), found.centers)
    #expect(abs(found.inertia - sum) <= 1e-9 * sum)
  }

  @Test(arguments: [KMeans.Steps.all, .samples(rowCount: 8)])
  func `there are no more clusters than different rows`(steps: KMeans.Steps) {
    let rows = Rows(count: 12, dimension: 1, values: (0..<12).map { Float($0 % 3) })
    var method = KMeans(clusterCount: 6, seed: 1)
    method.steps = steps
    let found = method.cluster(rows, checkpoint: {})
    #expect(found.labels == Labels((0..<12).map { $0 % 3 }))
    #expect(found.centers.values == [0, 1, 2])
    #expect(found.inertia == 0)
  }

  @Test func `a center without rows moves to the row farthest from its own`() {
    let rows = Rows(count: 5, dimension: 1, values: [0, 1, 2, 9, 30])
    let start = Rows(count: 3, dimension: 1, values: [1, 10, 500])
    let found = KMeans(clusterCount: 3, seed: 0).cluster(rows, from: start, checkpoint: {})
    #expect(found.labels.values == [0, 0, 0, 1, 2])
    #expect(found.centers.values == [1, 9, 30])
  }

  @Test func `one cluster has the mean as its center`() {
    let rows = Rows(count: 3, dimension: 2, values: [0, 3, 3, 0, 6, 6])
    let found = KMeans(clusterCount: 1, seed: 0).cluster(rows, checkpoint: {})
    #expect(found.centers.values == [3, 3])
    #expect(found.inertia == 36)
  }

  @Test(arguments: [KMeans.Steps.all, .samples(rowCount: 64)])
  func `what a checkpoint throws ends the work`(steps: KMeans.Steps) {
    let rows = coarseRows(count: 2000, dimension: 2, seed: 1)
    var method = KMeans(clusterCount: 4, seed: 1)
    method.steps = steps
    for limit in [0, 1, 5, 20] {
      var count = 0
      #expect(throws: Stop.self) {
        try method.cluster(rows) {
          count += 1
          if count > limit { throw Stop() }
        }
      }
    }
  }

  /// Lloyd's iteration by its definition; no center may lose all of its rows.
  private func plainLloyd(
    _ rows: Rows, from start: Rows
  ) -> (nearest: [Int], iterationCount: Int) {
    var (centers, nearest) = (start, [Int](repeating: -1, count: rows.count))
    for iteration in 1... {
      let last = nearest
      nearest = (0..<rows.count).map { row in
        let distances = (0..<centers.count).map { rows.squaredDistance(row, centers, $0) }
        return distances.indices.min { distances[$0] < distances[$1] } ?? 0
      }
      if nearest == last { return (nearest, iteration) }
      for center in 0..<centers.count {
        let members = nearest.indices.filter { nearest[$0] == center }
        for column in 0..<rows.dimension {
          let sum = members.reduce(0.0) { $0 + Double(rows[$1][$1 * rows.dimension + column]) }
          centers.values[center * rows.dimension + column] = Float(sum / Double(members.count))
        }
      }
    }
    return (nearest, 0)
  }
}

/// What a checkpoint throws in a test.
struct Stop: Error {}

/// Rows of whole numbers of a few values, so that distances are equal often.
func coarseRows(count: Int, dimension: Int, seed: UInt64) -> Rows {
  var numbers = SplitMix(seed: seed)
  return Rows(
    count: count, dimension: dimension,
    values: (0..<count * dimension).map { _ in Float(Int.random(in: -9...9, using: &numbers)) })
}

/// Five groups around far points, and the group of each row.
func separateGroups(count: Int, seed: UInt64) -> (rows: Rows, groups: [Int32]) {
  var numbers = SplitMix(seed: seed)
  let groups = (0..<count).map { _ in Int32.random(in: 0..<5, using: &numbers) }
  let values = groups.flatMap { group in
    (0..<4).map { Float(group == $0 ? 40 : 0) + Float.random(in: -3...3, using: &numbers) }
  }
  return (Rows(count: count, dimension: 4, values: values), groups)
}

extension Rows {
  fileprivate func squaredDistances(_ nearest: [Int], _ centers: Rows) -> Double {
    nearest.enumerated().reduce(0) { $0 + squaredDistance($1.offset, centers, $1.element) }
  }
}
