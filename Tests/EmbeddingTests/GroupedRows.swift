import Embedding
import LinearAlgebra

/// Rows of normal numbers, in groups around centres that are far apart; row r is in group
/// r mod `groupCount`.
func groupedRows(count: Int, dimension: Int, groupCount: Int, seed: UInt64) -> Rows {
  var generator = SeededGenerator(seed: seed)
  let centers = (0..<groupCount * dimension).map { _ in 8 * generator.normal() }
  let values = (0..<count * dimension).map { index in
    let (row, column) = (index / dimension, index % dimension)
    return Float(centers[row % groupCount * dimension + column] + generator.normal())
  }
  return Rows(count: count, dimension: dimension, values: values)
}

/// How many of `points` lie nearest to one of `others` of their own group.
func countBesideOwnGroup(
  _ points: PlaneEmbedding, among others: PlaneEmbedding, groupCount: Int
) -> Int {
  let nearest = NearestNeighbors(of: points.rows, among: others.rows, count: 1).indices
  return (0..<points.count).count { $0 % groupCount == Int(nearest[$0]) % groupCount }
}

/// Thrown where a test wants work to end.
struct Stop: Error {}

/// A checkpoint that throws when it is called for the `count`th time.
func stopping(at count: Int) -> () throws -> Void {
  var calls = 0
  return {
    calls += 1
    if calls == count { throw Stop() }
  }
}
