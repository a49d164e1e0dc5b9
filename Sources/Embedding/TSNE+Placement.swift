import LinearAlgebra

extension TSNE {
  /// Perplexity of new rows: fewer neighbours, so that a row that lies between groups goes to one of them.
  private static let placedPerplexity = 5.0
  private static let placedIterationCount = 250

  /// The memory that ``placing(_:beside:at:checkpoint:)`` takes besides the rows.
  ///
  /// - Returns: bytes.
  public static func placementMemoryBytes(newCount: Int, rowCount: Int) -> Int {
    let neighborCount = Affinities.neighborCount(
      perplexity: placedPerplexity, rowCount: rowCount)
    return newCount * (32 * neighborCount + 160) + PlaneTree.memoryBytes(pointCount: rowCount)
  }

  /// Places new rows into a layout whose points stay.
  ///
  /// A new row starts at that one of its neighbours' points that is nearest to all of them, weighted by
  /// their affinities, and goes down the divergence of its affinities to all rows from those of its point
  /// to all points (as in openTSNE: Poličar, Stražar and Zupan 2019). New rows do not see each other: where
  /// one goes depends hardly on what others come with it (far points are taken together by eight).
  ///
  /// - Parameters:
  ///   - new: of the dimension of `rows`.
  ///   - rows: those that were laid out; at least one.
  ///   - embedding: where they lie.
  ///   - checkpoint: called at every step; what it throws ends the work.
  /// - Complexity: O(m·n·d) time for m new rows, then O(m·log n) for each of 250 steps.
  public func placing(
    _ new: Rows, beside rows: Rows, at embedding: PlaneEmbedding,
    checkpoint: () throws -> Void
  ) rethrows -> PlaneEmbedding {
    precondition(rows.count == embedding.count && rows.count > 0, "\(rows.count) rows")
    let perplexity = min(Self.placedPerplexity, Double(rows.count))
    let count = Affinities.neighborCount(perplexity: perplexity, rowCount: rows.count)
    let neighbors = try NearestNeighbors(
      of: new, among: rows, count: count, checkpoint: checkpoint)
    let affinities = try Affinities(neighbors, perplexity: perplexity, checkpoint: checkpoint)
    let pulling = SparseMatrix(
      starts: (0...new.count).map { $0 * count }, columns: neighbors.indices,
      values: affinities.values)
    var descent = Descent(Self.medoids(of: pulling, in: embedding))
    let tree = PlaneTree(embedding.values, theta: Float(theta))
    let order = PlaneTree(descent.points, theta: 0).order
    var kernel = PlaneTree.KernelSums(queryCount: new.count)
    var gradient = descent.points
    for _ in 0..<Self.placedIterationCount {
      try checkpoint()
      pulling.pulls(of: descent.points, to: embedding.values, into: &gradient)
      tree.addUp(for: descent.points, order: order, into: &kernel)
      for index in gradient.indices {
        gradient[index] = 2 * (gradient[index] - kernel.pushes[index] / kernel.sums[index / 2])
      }
      descent.step(along: gradient, rate: 1, momentum: 0.8)
    }
    return PlaneEmbedding(descent.points)
  }

  /// For each row of `weights` that one of its columns' points from which the others are nearest.
  static func medoids(of weights: SparseMatrix, in embedding: PlaneEmbedding) -> [Float] {
    var points: [Float] = []
    for row in 0..<weights.rowCount {
      let entries = weights.starts[row]..<weights.starts[row + 1]
      var (best, least) = (SIMD2<Float>(), Float.infinity)
      for entry in entries {
        let point = embedding[Int(weights.columns[entry])]
        let sum = entries.reduce(Float(0)) { sum, other in
          let difference = embedding[Int(weights.columns[other])] - point
          return sum + weights.values[other] * (difference * difference).sum().squareRoot()
        }
        if sum < least { (best, least) = (point, sum) }
      }
      points += [best.x, best.y]
    }
    return points
  }
}
