import Foundation
import LinearAlgebra

/// Uniform manifold approximation and projection (McInnes, Healy and Melville 2018).
///
/// Neighbours are exact. Points start at the spectral layout of the graph of neighbours or, where the graph
/// has parts with no tie between them, which have no layout in common, at the rows' two principal
/// components. Steps follow one another on one thread: the same rows, settings and seed give the same points
/// on the same machine; elsewhere OpenBLAS may round the start otherwise.
public struct UMAP: Sendable {
  /// Neighbours of a row that count, itself among them: few show detail, many the whole.
  public var neighborCount: Int
  /// How near each other points may lie.
  public var minimumDistance: Double
  /// The scale of the layout.
  public var spread: Double
  /// Epochs of sampling; nil for 500, or 200 for more than 10,000 rows.
  public var epochCount: Int?
  /// Decides the start, and which points push each other.
  public var seed: UInt64

  /// Settings: umap-learn's, if none is given.
  ///
  /// - Precondition: `neighborCount` is at least 2, `spread` over 0, `minimumDistance` from 0 to it.
  public init(
    neighborCount: Int = 15, minimumDistance: Double = 0.1, spread: Double = 1,
    epochCount: Int? = nil, seed: UInt64 = 0
  ) {
    precondition(neighborCount >= 2 && spread > 0 && (0...spread).contains(minimumDistance))
    precondition(epochCount ?? 0 >= 0)
    self.neighborCount = neighborCount
    self.minimumDistance = minimumDistance
    self.spread = spread
    self.epochCount = epochCount
    self.seed = seed
  }

  /// Random points that push for each neighbour that pulls.
  static let pushesPerPull = 5

  /// The memory that ``embedding(of:checkpoint:)`` takes besides the rows.
  ///
  /// - Returns: bytes: at most 104 for each neighbour of a row, some hundred a row, and what the principal
  ///   components take.
  public func memoryBytes(rowCount: Int, dimension: Int) -> Int {
    104 * rowCount * (min(neighborCount, rowCount) - 1)
      + SpectralLayout.memoryBytes(rowCount: rowCount)
      + PrincipalComponents.planeMemoryBytes(rowCount: rowCount, dimension: dimension)
  }

  /// Lays rows out in the plane, those that are near each other next to each other.
  ///
  /// - Parameter checkpoint: called at every epoch, and every few blocks of rows before that; what it
  ///   throws ends the work.
  /// - Throws: `Eigenvectors.Failure`, or what `checkpoint` throws.
  /// - Complexity: O(n²·d) time for neighbours, then O(n·neighborCount) an epoch;
  ///   ``memoryBytes(rowCount:dimension:)``.
  public func embedding(
    of rows: Rows, checkpoint: () throws -> Void
  ) throws -> PlaneEmbedding {
    guard rows.count > 1 else {
      return PlaneEmbedding(Array(repeating: 0, count: 2 * rows.count))
    }
    let count = min(neighborCount, rows.count)
    let neighbors = try NearestNeighbors(
      of: rows, among: rows, count: count - 1, excludingSelf: true, checkpoint: checkpoint)
    let memberships = try Memberships(
      neighbors, total: log2(Double(count)), checkpoint: checkpoint)
    let graph = SparseMatrix(fuzzyUnionOf: memberships, neighbors)
    var points = try start(rows, graph, checkpoint)
    let epochCount = epochCount ?? (rows.count <= 10_000 ? 500 : 200)
    var sampling = sampling(along: graph, epochCount: epochCount)
    for epoch in 0..<epochCount {
      try checkpoint()
      let rate = 1 - Float(epoch) / Float(epochCount)
      sampling.run(epoch: epoch, rate: rate, moving: &points)
    }
    return PlaneEmbedding(points)
  }

  /// Each entry of the graph sampled as often as it weighs, those that would not be sampled left out.
  func sampling(along graph: SparseMatrix, epochCount: Int) -> EdgeSampling {
    let largest = graph.values.max() ?? 0
    var (heads, tails, periods) = ([UInt32](), [UInt32](), [Float]())
    heads.reserveCapacity(graph.columns.count)
    tails.reserveCapacity(graph.columns.count)
    periods.reserveCapacity(graph.columns.count)
    for row in 0..<graph.rowCount {
      for entry in graph.starts[row]..<graph.starts[row + 1]
      where graph.values[entry] * Float(epochCount) >= largest && graph.values[entry] > 0 {
        heads.append(UInt32(row))
        tails.append(graph.columns[entry])
        periods.append(largest / graph.values[entry])
      }
    }
    return EdgeSampling(
      heads: heads, tails: tails, periods: periods,
      curve: EdgeSampling.Curve(minimumDistance: minimumDistance, spread: spread),
      pushesPerPull: Self.pushesPerPull, seed: seed)
  }

  /// Where points start, in a square of side 10, with noise that parts equal rows.
  private func start(
    _ rows: Rows, _ graph: SparseMatrix, _ checkpoint: () throws -> Void
  ) throws -> [Float] {
    var points: [Double]
    if graph.isConnected {
      points = try SpectralLayout(graph).points(seed: seed, checkpoint: checkpoint)
    } else {
      let plane = try PrincipalComponents.plane(of: rows, checkpoint: checkpoint)
      points = PlaneEmbedding(of: rows, in: plane).values.map(Double.init)
    }
    var generator = SeededGenerator(seed: seed)
    let farthest = points.reduce(0) { max($0, abs($1)) }
    let scale = farthest > 0 ? 10 / farthest : 0
    for index in points.indices {
      points[index] = points[index] * scale + generator.normal() * 1e-4
    }
    for axis in 0..<2 {
      let values = stride(from: axis, to: points.count, by: 2).map { points[$0] }
      guard let low = values.min(), let high = values.max(), high > low else { continue }
      for index in stride(from: axis, to: points.count, by: 2) {
        points[index] = (points[index] - low) / (high - low) * 10
      }
    }
    return points.map(Float.init)
  }
}
