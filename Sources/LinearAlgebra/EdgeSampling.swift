import COpenBLAS

/// Gradient steps along the edges of a graph whose rows are points of the plane, edges sampled as often
/// as their weights say, with pushes from random points (McInnes, Healy and Melville 2018).
public struct EdgeSampling {
  /// The curve 1 / (1 + a·d^2b) by which nearness of two points falls with their distance d.
  public struct Curve: Equatable, Sendable {
    /// How soon it falls.
    public let a: Float
    /// How steeply.
    public let b: Float

    /// A curve of these parameters.
    public init(a: Float, b: Float) { (self.a, self.b) = (a, b) }
  }

  private let edges: [copenblas_edge]
  private var schedules: [copenblas_schedule]
  private let curve: Curve
  private let pushesPerPull: Float
  private var randomState: UInt64
  /// How many points there are at least.
  private let headBound: Int
  private let tailBound: Int

  /// Edges from `heads` to `tails`.
  ///
  /// - Parameters:
  ///   - periods: epochs from one pull along an edge to the next, at least 1.
  ///   - pushesPerPull: random points that push a head for each pull, 1 to 6.
  /// - Complexity: O(edges); 20 bytes an edge.
  public init(
    heads: [UInt32], tails: [UInt32], periods: [Float], curve: Curve, pushesPerPull: Int,
    seed: UInt64
  ) {
    precondition(heads.count == tails.count && tails.count == periods.count)
    precondition((1...6).contains(pushesPerPull) && periods.allSatisfy { $0 >= 1 })
    edges = heads.indices.map {
      copenblas_edge(head: heads[$0], tail: tails[$0], period: periods[$0])
    }
    self.pushesPerPull = Float(pushesPerPull)
    schedules = periods.map {
      copenblas_schedule(next: $0, next_negative: $0 / Float(pushesPerPull))
    }
    self.curve = curve
    randomState = seed
    headBound = heads.max().map { Int($0) + 1 } ?? 0
    tailBound = tails.max().map { Int($0) + 1 } ?? 0
  }

  /// One epoch among points that all move: x and y of each.
  ///
  /// - Parameters:
  ///   - epoch: from 0, one more each time.
  ///   - rate: the length of steps.
  public mutating func run(epoch: Int, rate: Float, moving points: inout [Float]) {
    let count = points.count / 2
    precondition(count >= max(headBound, tailBound))
    unsafe points.withUnsafeMutableBufferPointer { points in
      guard let points = points.baseAddress else { return }
      unsafe copenblas_sampling_epoch(
        edges.count, edges, &schedules, Float(epoch), rate, curve.a, curve.b, pushesPerPull,
        points, points, count, 1, &randomState)
    }
  }

  /// One epoch in which heads move among tails that are fixed.
  public mutating func run(
    epoch: Int, rate: Float, moving points: inout [Float], among fixed: [Float]
  ) {
    precondition(points.count >= 2 * headBound && fixed.count >= 2 * tailBound)
    var fixed = fixed
    unsafe copenblas_sampling_epoch(
      edges.count, edges, &schedules, Float(epoch), rate, curve.a, curve.b, pushesPerPull, &points,
      &fixed, fixed.count / 2, 0, &randomState)
  }
}
