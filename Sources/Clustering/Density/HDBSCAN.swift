import LinearAlgebra

/// Clusters of any density (HDBSCAN).
///
/// By Campello, Moulavi and Sander (2013), McInnes and Healy (2017). Two rows are as far apart as
/// their distance or either one's distance to its `minimumSamples`-th neighbour, whatever is
/// largest (mutual reachability). Of the single-linkage tree of that only splits count that leave
/// `minimumClusterSize` rows on both sides, and of the clusters that this makes, each inside
/// another, those are taken that last. Rows that leave before are noise. These are the labels of
/// the package hdbscan, except for rows that are equally far from two clusters.
public struct HDBSCAN: Equatable, Sendable {
  /// Which of the clusters inside each other are taken.
  public enum Selection: String, CaseIterable, Sendable {
    /// Those that hold most rows over the longest range of densities, together.
    case excessOfMass
    /// Those with none inside.
    case leaves
  }

  /// The fewest rows of a cluster.
  public let minimumClusterSize: Int
  /// Which neighbour says how dense it is around a row, the row itself not counted. (scikit-learn
  /// counts it: there this is one more.)
  public let minimumSamples: Int
  /// Which clusters are taken.
  public let selection: Selection
  /// Clusters that part at a smaller distance than this stay one.
  public let minimumSplitDistance: Double

  /// Makes the method.
  ///
  /// - Precondition: `minimumClusterSize` is at least 2, `minimumSamples` at least 1.
  public init(
    minimumClusterSize: Int, minimumSamples: Int? = nil, selection: Selection = .excessOfMass,
    minimumSplitDistance: Double = 0
  ) {
    let samples = minimumSamples ?? minimumClusterSize
    precondition(
      minimumClusterSize > 1 && samples > 0, "clusters of \(minimumClusterSize), \(samples) samples"
    )
    self.minimumClusterSize = minimumClusterSize
    self.minimumSamples = samples
    self.selection = selection
    self.minimumSplitDistance = minimumSplitDistance
  }

  /// Clusters, noise, and how sure they are.
  public struct Result: Equatable, Sendable {
    /// The cluster of each row, or noise.
    public let labels: Labels
    /// How much of its cluster's range of densities each row stays in it, from 0 to 1; 0 for noise.
    public let probabilities: [Double]
    /// How much of the whole range of densities each cluster lasts, on the mean of its rows, from 0
    /// to 1; 1 where equal rows make that range infinite.
    public let persistences: [Double]
  }

  /// The memory that `cluster(_:checkpoint:)` takes besides its argument.
  ///
  /// - Returns: bytes; no distances are stored.
  public static func memoryBytes(rowCount: Int, dimension: Int) -> Int {
    SpanningTree.memoryBytes(rowCount: rowCount, dimension: dimension) + 160 * rowCount
  }

  /// Clusters rows under Euclidean distance.
  ///
  /// - Parameter checkpoint: called some times a second at least; what it throws ends the work.
  /// - Complexity: O(n²d) time; `memoryBytes(rowCount:dimension:)`. The same on every machine.
  public func cluster(_ rows: Rows, checkpoint: () throws -> Void) rethrows -> Result {
    let edges = try SpanningTree.edges(
      of: rows, squaredFloors: try squaredCoreDistances(of: rows, checkpoint: checkpoint),
      checkpoint: checkpoint)
    return cluster(Dendrogram(count: rows.count, ascending: edges))
  }

  /// Clusters rows of which only the nearest neighbours are known.
  ///
  /// Rows that no chain of neighbours joins are infinitely far apart.
  ///
  /// - Precondition: at least `minimumSamples` neighbours of each row.
  /// - Complexity: O(m log m) time and 24 bytes for each of m neighbours.
  public func cluster(_ neighbors: NearestNeighbors) -> Result {
    precondition(
      neighbors.count >= minimumSamples,
      "\(neighbors.count) neighbours, \(minimumSamples) samples")
    let count = neighbors.indices.count / neighbors.count
    let floor = { (row: UInt32) in
      neighbors.squaredDistances[Int(row) * neighbors.count + minimumSamples - 1]
    }
    var edges = neighbors.indices.enumerated().map { place, other in
      let row = UInt32(place / neighbors.count)
      let squared = max(neighbors.squaredDistances[place], floor(row), floor(other))
      return Edge(row, other, weight: squared.squareRoot())
    }
    edges.sort()
    return cluster(Dendrogram(count: count, ascending: edges))
  }

  /// Clusters what any single-linkage tree has, such as that of a run's links.
  ///
  /// - Complexity: O(n) time, 120 bytes a row.
  public func cluster(_ tree: Dendrogram) -> Result {
    let condensed = CondensedTree(tree, minimumClusterSize: minimumClusterSize)
    return condensed.result(
      selecting: condensed.selected(selection, minimumSplitDistance: minimumSplitDistance))
  }

  /// The squared distance of each row to its neighbour of rank `minimumSamples`, or the last there
  /// is.
  private func squaredCoreDistances(
    of rows: Rows, checkpoint: () throws -> Void
  ) rethrows -> [Double] {
    // A row is a neighbour of its own, at distance 0.
    let count = min(minimumSamples + 1, rows.count)
    var distances: [Double] = []
    distances.reserveCapacity(rows.count)
    for start in stride(from: 0, to: rows.count, by: 256) {
      try checkpoint()
      let range = start..<min(rows.count, start + 256)
      let found = NearestNeighbors(of: rows.gathered(range), among: rows, count: count)
      distances += range.indices.map { found.squaredDistances[($0 - start + 1) * count - 1] }
    }
    return distances
  }
}
