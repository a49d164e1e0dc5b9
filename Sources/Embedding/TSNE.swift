import LinearAlgebra

/// t-distributed stochastic neighbour embedding (van der Maaten and Hinton 2008), with far points taken
/// together as Barnes and Hut do (van der Maaten 2014).
///
/// Neighbours are exact. Points start at the rows' two principal components, with a little noise from the
/// seed, so that distances between groups mean something too (Kobak and Berens 2019). The same rows and
/// settings give the same points on the same machine; elsewhere OpenBLAS may round the principal
/// components otherwise.
public struct TSNE: Sendable {
  /// How many neighbours a row has, in effect; rows less one where there are not so many, and then all
  /// others are its neighbours alike and the layout says nothing: a third of the rows is a good limit.
  public var perplexity: Double
  /// A cell is taken as one point where its side is less than this part of its distance: 0 for exact sums.
  public var theta: Double
  /// Steps, of which the first quarter, at most 250, exaggerate.
  public var iterationCount: Int
  /// How many times stronger neighbours pull each other at first.
  public var exaggeration: Double
  /// Decides the noise of the start.
  public var seed: UInt64

  /// Settings: scikit-learn's, if none is given.
  ///
  /// - Precondition: `perplexity` is at least 1, `theta` and `iterationCount` at least 0.
  public init(
    perplexity: Double = 30, theta: Double = 0.5, iterationCount: Int = 1_000,
    exaggeration: Double = 12, seed: UInt64 = 0
  ) {
    precondition(perplexity >= 1 && theta >= 0 && iterationCount >= 0 && exaggeration > 0)
    self.perplexity = perplexity
    self.theta = theta
    self.iterationCount = iterationCount
    self.exaggeration = exaggeration
    self.seed = seed
  }

  /// The memory that ``embedding(of:checkpoint:)`` takes besides the rows.
  ///
  /// - Returns: bytes: at most 48 for each of three times perplexity neighbours of a row, and what the
  ///   principal components take.
  public func memoryBytes(rowCount: Int, dimension: Int) -> Int {
    let neighborCount = Affinities.neighborCount(perplexity: perplexity, rowCount: rowCount)
    return 48 * rowCount * neighborCount + PlaneTree.memoryBytes(pointCount: rowCount)
      + 64 * rowCount
      + PrincipalComponents.planeMemoryBytes(rowCount: rowCount, dimension: dimension)
  }

  /// Lays rows out in the plane, those that are near each other next to each other.
  ///
  /// - Parameter checkpoint: called at every step, and every few blocks of rows before that; what it throws
  ///   ends the work.
  /// - Throws: `Eigenvectors.Failure`, or what `checkpoint` throws.
  /// - Complexity: O(n²·d) time for neighbours, then O(n·log n + n·perplexity) a step;
  ///   ``memoryBytes(rowCount:dimension:)``.
  public func embedding(
    of rows: Rows, checkpoint: () throws -> Void
  ) throws -> PlaneEmbedding {
    guard rows.count > 1 else {
      return PlaneEmbedding(Array(repeating: 0, count: 2 * rows.count))
    }
    let affinities = try jointAffinities(rows, checkpoint)
    let plane = try PrincipalComponents.plane(of: rows, checkpoint: checkpoint)
    var descent = Descent(start(PlaneEmbedding(of: rows, in: plane)))
    var kernel = PlaneTree.KernelSums(queryCount: rows.count)
    var gradient = descent.points
    let exaggeratedCount = min(250, iterationCount / 4)
    let rate = Float(max(Double(rows.count) / exaggeration / 4, 50))
    for iteration in 0..<iterationCount {
      try checkpoint()
      let isExaggerated = iteration < exaggeratedCount
      affinities.pulls(of: descent.points, to: descent.points, into: &gradient)
      let tree = PlaneTree(descent.points, theta: Float(theta))
      tree.addUp(for: descent.points, order: tree.order, into: &kernel)
      // Each point is one of those that it is compared with, and the sums are in single precision.
      let count = Double(rows.count)
      let total = max(kernel.sums.reduce(0) { $0 + Double($1) } - count, count * 1e-7)
      let pull = 4 * Float(isExaggerated ? exaggeration : 1)
      let push = Float(4 / total)
      for index in gradient.indices {
        gradient[index] = pull * gradient[index] - push * kernel.pushes[index]
      }
      descent.step(along: gradient, rate: rate, momentum: isExaggerated ? 0.5 : 0.8)
    }
    return PlaneEmbedding(descent.points)
  }

  /// The probability of each pair of neighbours; all add up to 1.
  private func jointAffinities(
    _ rows: Rows, _ checkpoint: () throws -> Void
  ) rethrows -> SparseMatrix {
    let perplexity = min(perplexity, Double(rows.count - 1))
    let count = Affinities.neighborCount(perplexity: perplexity, rowCount: rows.count - 1)
    let neighbors = try NearestNeighbors(
      of: rows, among: rows, count: count, excludingSelf: true, checkpoint: checkpoint)
    let conditional = try Affinities(neighbors, perplexity: perplexity, checkpoint: checkpoint)
    let share = 1 / Float(2 * rows.count)
    return SparseMatrix(
      neighbors: neighbors.indices, weights: conditional.values, count: count
    ) { ($0 + $1) * share }
  }

  /// Points with a spread of 1e-4, and noise of a hundredth of that, which parts equal rows and leaves no
  /// line.
  private func start(_ plane: PlaneEmbedding) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    let count = Double(plane.count)
    let squares = (0..<plane.count).reduce(0) { $0 + Double(plane[$1].x * plane[$1].x) }
    let spread = (squares / count).squareRoot()
    let scale = spread > 0 ? 1e-4 / spread : 0
    return plane.values.map { Float(Double($0) * scale + generator.normal() * 1e-6) }
  }
}
