import Foundation
import LinearAlgebra

extension UMAP {
  /// The memory that ``placing(_:beside:at:checkpoint:)`` takes besides the rows.
  ///
  /// - Returns: bytes.
  public func placementMemoryBytes(newCount: Int, rowCount: Int) -> Int {
    newCount * (60 * min(neighborCount, rowCount) + 64) + 8 * rowCount
  }

  /// Places new rows into a layout whose points stay.
  ///
  /// A new row starts at the mean of its neighbours' points, weighted by their memberships, and is pulled
  /// and pushed by points that are fixed for a third of the epochs of a layout, in steps a quarter as long
  /// (umap-learn's `transform`). The seed decides which points push. New rows do not see each other, but share
  /// the random numbers: where one goes depends a little on what others come with it.
  ///
  /// - Parameters:
  ///   - new: of the dimension of `rows`.
  ///   - rows: those that were laid out; at least one.
  ///   - embedding: where they lie.
  ///   - checkpoint: called at every epoch; what it throws ends the work.
  /// - Complexity: O(m·n·d) time for m new rows, then O(m·neighborCount) an epoch.
  public func placing(
    _ new: Rows, beside rows: Rows, at embedding: PlaneEmbedding, checkpoint: () throws -> Void
  ) rethrows -> PlaneEmbedding {
    precondition(rows.count == embedding.count && rows.count > 0, "\(rows.count) rows")
    let count = min(neighborCount, rows.count)
    let neighbors = try NearestNeighbors(
      of: new, among: rows, count: count, checkpoint: checkpoint)
    let memberships = try Memberships(
      neighbors, total: log2(Double(count)), checkpoint: checkpoint)
    let graph = SparseMatrix(
      starts: (0...new.count).map { $0 * count }, columns: neighbors.indices,
      values: memberships.values)
    var points = Self.means(of: graph, in: embedding)
    let epochCount = (epochCount ?? (rows.count <= 10_000 ? 500 : 200)) / 3
    var sampling = sampling(along: graph, epochCount: epochCount)
    for epoch in 0..<epochCount {
      try checkpoint()
      let rate = (1 - Float(epoch) / Float(epochCount)) / 4
      sampling.run(epoch: epoch, rate: rate, moving: &points, among: embedding.values)
    }
    return PlaneEmbedding(points)
  }

  /// For each row of `weights` the mean of its columns' points.
  private static func means(of weights: SparseMatrix, in embedding: PlaneEmbedding) -> [Float] {
    var points: [Float] = []
    for row in 0..<weights.rowCount {
      var (sum, total) = (SIMD2<Double>(), 0.0)
      for entry in weights.starts[row]..<weights.starts[row + 1] {
        let weight = Double(weights.values[entry])
        sum += weight * SIMD2<Double>(embedding[Int(weights.columns[entry])])
        total += weight
      }
      points += [Float(sum.x / total), Float(sum.y / total)]
    }
    return points
  }
}
