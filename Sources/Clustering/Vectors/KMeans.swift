import LinearAlgebra

/// k-means: clusters around means, such that the squared distances to them are small in sum.
///
/// The first centers are drawn by k-means++, far from each other (Arthur and Vassilvitskii 2007), the
/// best of a few draws for each, and swapped for better ones (Lattanzi and Sohler 2019). Lloyd's
/// iteration (1982) then moves each center to the mean of the rows that it is nearest to, with bounds
/// that tell for most rows that their center is still the nearest (Hamerly 2010). A center that no row
/// is nearest to moves to the row farthest from its own.
///
/// The same seed gives the same bits on every processor: what the products of single precision leave
/// open is measured.
public struct KMeans: Sendable {
  /// How the centers move.
  public enum Steps: Equatable, Sendable {
    /// To the means of all rows.
    case all
    /// Towards the rows of small samples (Sculley 2010): for more rows than time, at the price of a few
    /// percent of inertia. 1,024 rows are usual.
    case samples(rowCount: Int)
  }

  /// Clusters to find, from 1 to the number of rows.
  public var clusterCount: Int
  /// What the draws start from.
  public var seed: UInt64
  /// How often it starts again, with other draws; the result of least inertia counts, the first of
  /// equal ones.
  public var restartCount = 1
  /// How the centers move.
  public var steps = Steps.all
  /// Iterations at most; of samples, those that are as many rows as there are.
  public var iterationLimit = 300
  /// What ends the iteration, as a part of the mean variance of a component.
  ///
  /// It ends where the squared distances that centers move add up to at most this, or where no row
  /// changes its cluster. Samples take no part: they end when their inertia has not improved ten times
  /// in a row.
  public var tolerance = 1e-4

  /// Settings, the usual ones where nothing is said.
  public init(clusterCount: Int, seed: UInt64) {
    self.clusterCount = clusterCount
    self.seed = seed
  }

  /// The memory that ``cluster(_:checkpoint:)`` takes besides the rows.
  ///
  /// - Returns: bytes, about 100 for each row, 48 for each component of a center, and some blocks.
  public static func memoryBytes(rowCount: Int, dimension: Int, clusterCount: Int) -> Int {
    100 * rowCount + (48 * dimension + 2048) * clusterCount + 16_384 * dimension
  }

  /// Clusters `rows`.
  ///
  /// - Parameter checkpoint: called for every few hundred rows; what it throws ends the work.
  /// - Returns: as many clusters as asked for, or as there are different rows, if that is fewer.
  /// - Precondition: at least as many rows as clusters.
  /// - Complexity: O(n·k·d) time a pass at most, far less where bounds hold;
  ///   `memoryBytes(rowCount:dimension:clusterCount:)`.
  public func cluster(
    _ rows: Rows, checkpoint: () throws -> Void
  ) rethrows -> KMeansResult {
    precondition(
      (1...max(1, rows.count)).contains(clusterCount),
      "\(clusterCount) clusters of \(rows.count) rows")
    precondition(restartCount > 0)
    var generator = SeededGenerator(seed: seed)
    let squaredNorms = rows.squaredNorms()
    var best: KMeansResult?
    for _ in 0..<restartCount {
      let result: KMeansResult
      switch steps {
      case .all:
        let centers = try KMeansSeeding.centers(
          of: rows, count: clusterCount, generator: &generator, checkpoint: checkpoint)
        result = try lloyd(rows, squaredNorms, from: centers, checkpoint: checkpoint)
      case .samples(let count):
        var sampled = try SampledKMeans(
          rows: rows, squaredNorms: squaredNorms, clusterCount: clusterCount, sampleCount: count,
          generator: &generator, checkpoint: checkpoint)
        result = try sampled.run(
          iterationLimit: iterationLimit, generator: &generator, checkpoint: checkpoint)
      }
      if result.inertia < best?.inertia ?? .infinity { best = result }
    }
    guard let best else { preconditionFailure("an inertia that is no number") }
    return best
  }

  /// Clusters `rows` around centers that start from given rows, whatever ``steps`` and
  /// ``restartCount`` say.
  public func cluster(
    _ rows: Rows, from centers: Rows, checkpoint: () throws -> Void
  ) rethrows -> KMeansResult {
    precondition(centers.count == clusterCount && centers.dimension == rows.dimension)
    return try lloyd(rows, rows.squaredNorms(), from: centers, checkpoint: checkpoint)
  }

  private func lloyd(
    _ rows: Rows, _ squaredNorms: [Double], from centers: Rows, checkpoint: () throws -> Void
  ) rethrows -> KMeansResult {
    var lloyd = Lloyd(rows: rows, squaredNorms: squaredNorms, centers: centers)
    let iterationCount = try lloyd.run(
      iterationLimit: iterationLimit, shiftLimit: tolerance * rows.meanVariance(),
      checkpoint: checkpoint)
    return KMeansResult(
      rows: rows, centers: lloyd.centers, nearest: lloyd.nearest, iterationCount: iterationCount)
  }
}

extension Rows {
  /// The variance of a component, in the mean over components.
  fileprivate func meanVariance() -> Double {
    var means = [Double](repeating: 0, count: dimension)
    var squares = means
    for row in 0..<count { addRow(row, scale: 1 / Double(count), to: &means) }
    unsafe values.withUnsafeBufferPointer { values in
      for row in 0..<count {
        for component in 0..<dimension {
          let difference = unsafe Double(values[row * dimension + component]) - means[component]
          squares[component] += difference * difference
        }
      }
    }
    return squares.reduce(0, +) / Double(max(1, count) * dimension)
  }
}
