import LinearAlgebra

/// How wide clusters are around their means, and how far these are apart.
///
/// Distances are Euclidean; rows of noise take no part.
public struct Dispersion: Equatable, Sendable {
  /// The sum of squared distances of rows to the means of their clusters: what k-means makes small.
  public let inertia: Double
  /// The mean distance of rows to the means of their clusters; 0 where no row is in one.
  public let distortion: Double
  /// How much clusters overlap with the one they overlap with most; at least 0, less is better (Davies and
  /// Bouldin 1979).
  ///
  /// The mean over clusters of the largest (s + s') / d, for the mean distances s and s' of two clusters'
  /// rows to their means and the distance d of these; means in one place are not compared. The value is
  /// scikit-learn's. Nil for fewer than two clusters, or as many as there are rows in them.
  public let daviesBouldin: Double?
  /// The variance between clusters over that within; at least 0, more is better (Caliński and Harabasz
  /// 1974).
  ///
  /// Each is a sum of squares over its degrees of freedom; 1 by definition where there is none within. The
  /// value is scikit-learn's. Nil where ``daviesBouldin`` is.
  public let calinskiHarabasz: Double?

  /// The memory that measuring takes besides rows and labels: the means, and a tile of products.
  public static func memoryBytes(clusterCount: Int, dimension: Int) -> Int {
    8 * (clusterCount * (dimension + 5) + 2 * ClusterMeans.side * (dimension + ClusterMeans.side))
  }

  /// Measures clusters.
  ///
  /// - Parameter checkpoint: called now and then; what it throws ends the work.
  /// - Complexity: O(n·d + k²·d) time for k clusters; ``memoryBytes(clusterCount:dimension:)``.
  public init(_ rows: Rows, _ labels: Labels, checkpoint: () throws -> Void) rethrows {
    precondition(rows.count == labels.values.count)
    let clusters = ClusterMeans(rows, labels)
    var squares = [Double](repeating: 0, count: labels.clusterCount)
    var distances = squares
    for (row, label) in labels.values.enumerated() where label != Labels.noise {
      if row % 4096 == 0 { try checkpoint() }
      let squared = clusters.squaredDistance(rows, row, toMeanOf: Int(label))
      squares[Int(label)] += squared
      distances[Int(label)] += squared.squareRoot()
    }
    inertia = squares.reduce(0, +)
    let (rowCount, clusterCount) = (clusters.sizes.reduce(0, +), clusters.sizes.count)
    distortion = rowCount == 0 ? 0 : distances.reduce(0, +) / Double(rowCount)
    guard clusterCount > 1, clusterCount < rowCount else {
      (daviesBouldin, calinskiHarabasz) = (nil, nil)
      return
    }
    let spreads = zip(distances, clusters.sizes).map { $0 / Double($1) }
    daviesBouldin =
      try clusters.worstOverlaps(spreads, checkpoint).reduce(0, +) / Double(clusterCount)
    calinskiHarabasz =
      inertia == 0
      ? 1
      : clusters.squaresBetween() * Double(rowCount - clusterCount)
        / (inertia * Double(clusterCount - 1))
  }
}

/// The means of clusters.
private struct ClusterMeans {
  /// Means on each side of a product.
  static let side = 256

  let sizes: [Int]
  /// The mean of all clustered rows.
  let center: [Double]
  let means: Matrix

  init(_ rows: Rows, _ labels: Labels) {
    let dimension = rows.dimension
    var sizes = [Int](repeating: 0, count: labels.clusterCount)
    var means = Matrix(rowCount: labels.clusterCount, columnCount: dimension)
    for (row, label) in labels.values.enumerated() where label != Labels.noise {
      sizes[Int(label)] += 1
      let (start, mean) = (row * dimension, Int(label) * dimension)
      for column in 0..<dimension {
        means.values[mean + column] += Double(rows.values[start + column])
      }
    }
    let rowCount = Double(max(1, sizes.reduce(0, +)))
    var center = [Double](repeating: 0, count: dimension)
    for cluster in sizes.indices {
      for column in 0..<dimension {
        center[column] += means[cluster, column] / rowCount
        means[cluster, column] /= Double(sizes[cluster])
      }
    }
    (self.sizes, self.center, self.means) = (sizes, center, means)
  }

  func squaredDistance(_ rows: Rows, _ row: Int, toMeanOf cluster: Int) -> Double {
    let (start, mean) = (row * rows.dimension, cluster * rows.dimension)
    var sum = 0.0
    for column in 0..<rows.dimension {
      let difference = Double(rows.values[start + column]) - means.values[mean + column]
      sum += difference * difference
    }
    return sum
  }

  /// The squared distance of each mean to the mean of all.
  private func squaredNorms() -> [Double] {
    sizes.indices.map { centered($0).reduce(0) { $0 + $1 * $1 } }
  }

  /// A cluster's mean less the mean of all: small numbers, whose products lose little.
  private func centered(_ cluster: Int) -> [Double] {
    zip(means[row: cluster], center).map { $0 - $1 }
  }

  /// The sum over clustered rows of the squared distance of their cluster's mean to the mean of all.
  func squaresBetween() -> Double {
    zip(squaredNorms(), sizes).reduce(0) { $0 + $1.0 * Double($1.1) }
  }

  /// For each cluster the largest of both spreads over the distance of the means, over all others.
  func worstOverlaps(
    _ spreads: [Double], _ checkpoint: () throws -> Void
  ) rethrows -> [Double] {
    let norms = squaredNorms()
    var worst = [Double](repeating: 0, count: sizes.count)
    for first in stride(from: 0, to: sizes.count, by: Self.side) {
      for second in stride(from: first, to: sizes.count, by: Self.side) {
        try checkpoint()
        let products = block(first).times(block(second), otherTransposed: true)
        for row in 0..<products.rowCount {
          for column in 0..<products.columnCount where first + row < second + column {
            let (one, other) = (first + row, second + column)
            let squared = norms[one] + norms[other] - 2 * products[row, column]
            guard squared > 0 else { continue }
            let overlap = (spreads[one] + spreads[other]) / squared.squareRoot()
            worst[one] = max(worst[one], overlap)
            worst[other] = max(worst[other], overlap)
          }
        }
      }
    }
    return worst
  }

  private func block(_ start: Int) -> Matrix {
    let end = min(sizes.count, start + Self.side)
    return Matrix(
      rowCount: end - start, columnCount: center.count,
      values: (start..<end).flatMap { centered($0) })
  }
}
