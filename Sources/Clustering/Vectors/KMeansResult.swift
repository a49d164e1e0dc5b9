import LinearAlgebra

/// Clusters of rows around centers.
public struct KMeansResult: Equatable, Sendable {
  /// The cluster of each row; none is noise.
  public let labels: Labels
  /// The center of each cluster, in the order of the labels' numbers.
  public let centers: Rows
  /// The squared distances of all rows to the center of their cluster, in sum.
  public let inertia: Double
  /// Iterations; of samples, those that are as many rows as there are.
  public let iterationCount: Int

  /// Numbers clusters by their first row, and leaves out a center that is nearest to no row.
  init(rows: Rows, centers: Rows, nearest: [Int], iterationCount: Int) {
    labels = Labels(nearest.lazy.map(Int32.init))
    var order = [Int](repeating: 0, count: labels.clusterCount)
    for (center, label) in zip(nearest, labels.values) { order[Int(label)] = center }
    self.centers = centers.gathered(order)
    self.iterationCount = iterationCount
    inertia = nearest.enumerated().reduce(0) {
      $0 + rows.squaredDistance($1.offset, centers, $1.element)
    }
  }

  /// The nearest center of each row of other rows: the number of a cluster of ``labels``.
  ///
  /// - Complexity: O(m·k·d) time; O(m) memory.
  public func assign(_ rows: Rows, checkpoint: () throws -> Void) rethrows -> [Int32] {
    var clusters = [Int32](repeating: 0, count: rows.count)
    var search = NearestCenters(centers)
    try search.find(
      Array(0..<rows.count), of: rows, squaredNorms: rows.squaredNorms(), checkpoint: checkpoint
    ) { clusters[$0.row] = Int32($0.center) }
    return clusters
  }
}
