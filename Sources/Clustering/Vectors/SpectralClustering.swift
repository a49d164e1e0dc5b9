import LinearAlgebra

/// Spectral clustering: k-means on the leading eigenvectors of the normalised Laplacian of a graph
/// (Shi and Malik 2000; von Luxburg 2007).
///
/// It finds clusters of any shape that hang together, and needs their number. Products of double
/// precision round as the processor likes, so that a row on the border of two clusters may fall to
/// another one on another processor.
public struct SpectralClustering: Sendable {
  /// The eigenvectors could not be found.
  public struct Failure: Error, CustomStringConvertible {
    /// One line for a person.
    public let description: String
  }

  /// Up to as many rows the matrix is taken as a whole; 1,000 take a third of a second.
  private static let wholeLimit = 1000

  /// Clusters to find, from 1 to the number of rows.
  public var clusterCount: Int
  /// What the draws start from.
  public var seed: UInt64
  /// The nearest rows that a row is joined with, itself among them, as scikit-learn counts.
  public var neighborCount = 10
  /// How often k-means starts again.
  public var restartCount = 10

  /// Settings, the usual ones where nothing is said.
  public init(clusterCount: Int, seed: UInt64) {
    self.clusterCount = clusterCount
    self.seed = seed
  }

  /// The memory that ``cluster(_:checkpoint:)`` takes besides the rows: linear in their number.
  public static func memoryBytes(
    rowCount: Int, dimension: Int, clusterCount: Int, neighborCount: Int = 10
  ) -> Int {
    48 * rowCount * neighborCount + 4096 * dimension
      + memoryBytes(rowCount: rowCount, clusterCount: clusterCount)
  }

  /// The memory that ``cluster(similarities:checkpoint:)`` takes besides the matrix of 8 n² bytes.
  public static func memoryBytes(similarityCount rowCount: Int, clusterCount: Int) -> Int {
    8 * rowCount * rowCount + memoryBytes(rowCount: rowCount, clusterCount: clusterCount)
  }

  private static func memoryBytes(rowCount: Int, clusterCount: Int) -> Int {
    let whole = min(rowCount, wholeLimit)
    return 24 * whole * whole
      + FilteredEigenvectors.memoryBytes(size: rowCount, count: clusterCount)
      + KMeans.memoryBytes(rowCount: rowCount, dimension: clusterCount, clusterCount: clusterCount)
  }

  /// Clusters the graph in which each row is joined with its nearest ones: with weight 1 where each is
  /// among the other's, 1/2 where one is.
  ///
  /// Where more parts than clusters do not hang together, the largest are clusters, and k-means brings
  /// the others to one of them.
  ///
  /// - Parameter checkpoint: called for each product with the graph; what it throws ends the work. The
  ///   search for neighbours before is one piece of O(n²·d).
  /// - Throws: `Failure` where the iteration does not find the eigenvectors.
  /// - Complexity: O(n²·d + n·(neighbours + clusters²)·iterations) time;
  ///   `memoryBytes(rowCount:dimension:clusterCount:neighborCount:)`.
  public func cluster(
    _ rows: Rows, checkpoint: () throws -> Void
  ) throws -> SpectralResult {
    check(rows.count)
    try checkpoint()
    let graph = NeighborGraph(rows, neighborCount: neighborCount - 1)
    let degrees = graph.degrees
    let factors = degrees.map { $0 == 0 ? 1 : 1 / $0.squareRoot() }
    let parts = graph.parts()
    if parts.clusterCount >= clusterCount {
      return try cluster(
        parts.largest(clusterCount, weights: degrees), factors,
        values: Array(repeating: 1, count: clusterCount), checkpoint)
    }
    return try cluster(factors, checkpoint) { graph.times($0, factors: factors) }
  }

  /// Clusters rows of which all similarities are known.
  ///
  /// - Parameters:
  ///   - similarities: symmetric, none negative; the diagonal counts for nothing.
  ///   - checkpoint: called for each product with the matrix; what it throws ends the work.
  /// - Throws: `Failure` where the iteration does not find the eigenvectors.
  /// - Complexity: O(n²·clusters·iterations) time;
  ///   `memoryBytes(similarityCount:clusterCount:)`.
  public func cluster(
    similarities: consuming Matrix, checkpoint: () throws -> Void
  ) throws -> SpectralResult {
    precondition(similarities.rowCount == similarities.columnCount)
    check(similarities.rowCount)
    let size = similarities.rowCount
    var matrix = similarities
    for row in 0..<size { matrix[row, row] = 0 }
    let degrees = (0..<size).map { matrix[row: $0].reduce(0, +) }
    let factors = degrees.map { $0 == 0 ? 1 : 1 / $0.squareRoot() }
    for row in 0..<size {
      for column in 0..<size { matrix[row, column] *= factors[row] * factors[column] }
      if degrees[row] == 0 { matrix[row, row] = 1 }
    }
    let scaled = matrix
    return try cluster(factors, checkpoint) { scaled.times($0) }
  }

  private func check(_ rowCount: Int) {
    precondition(
      (1...max(1, rowCount)).contains(clusterCount), "\(clusterCount) clusters of \(rowCount) rows")
    precondition(neighborCount > 0)
  }

  private func cluster(
    _ factors: [Double], _ checkpoint: () throws -> Void, product: (Matrix) -> Matrix
  ) throws -> SpectralResult {
    let size = factors.count
    if size <= Self.wholeLimit {
      let eigen = try Eigenvectors(of: product(.identity(size)))
      return try cluster(
        eigen.leading(clusterCount).transposed(), factors,
        values: Array(eigen.values.prefix(clusterCount)), checkpoint)
    }
    let found = try FilteredEigenvectors(
      size: size, count: clusterCount, seed: seed, checkpoint: checkpoint, product: product)
    return try cluster(found.vectors, factors, values: found.values, checkpoint)
  }

  private func cluster(
    _ vectors: Matrix, _ factors: [Double], values: [Double], _ checkpoint: () throws -> Void
  ) throws -> SpectralResult {
    let embedding = Rows(
      count: vectors.rowCount, dimension: clusterCount,
      values: vectors.values.enumerated().map { Float($1 * factors[$0 / clusterCount]) })
    var kMeans = KMeans(clusterCount: clusterCount, seed: seed)
    kMeans.restartCount = restartCount
    return SpectralResult(
      labels: try kMeans.cluster(embedding, checkpoint: checkpoint).labels, embedding: embedding,
      eigenvalues: values)
  }
}

/// Clusters of a graph, and where its rows lie by its leading eigenvectors.
public struct SpectralResult: Sendable {
  /// The cluster of each row; none is noise.
  public let labels: Labels
  /// The eigenvectors over the roots of the degrees, as many as clusters, a row for each row.
  public let embedding: Rows
  /// The eigenvalues of the normalised similarities, the largest first, at most 1: how often 1 occurs
  /// is how many parts of the graph do not hang together.
  public let eigenvalues: [Double]
}

extension Labels {
  /// The eigenvectors of eigenvalue 1 that parts of a graph have, a column for each of the parts of
  /// largest weight, the first of equal ones.
  fileprivate func largest(_ count: Int, weights: [Double]) -> Matrix {
    var sums = [Double](repeating: 0, count: clusterCount)
    // A row that is joined with none weighs less than any other, and not nothing.
    let weights = weights.map { $0 == 0 ? 0.25 : $0 }
    for (label, weight) in zip(values, weights) { sums[Int(label)] += weight }
    let order = sums.indices.sorted { (-sums[$0], $0) < (-sums[$1], $1) }.prefix(count)
    var columns = [Int?](repeating: nil, count: clusterCount)
    for (column, part) in order.enumerated() { columns[part] = column }
    var vectors = Matrix(rowCount: values.count, columnCount: count)
    for (row, label) in values.enumerated() {
      guard let column = columns[Int(label)] else { continue }
      vectors[row, column] = (weights[row] / sums[Int(label)]).squareRoot()
    }
    return vectors
  }
}

extension Matrix {
  fileprivate static func identity(_ size: Int) -> Matrix {
    var result = Matrix(rowCount: size, columnCount: size)
    for index in 0..<size { result[index, index] = 1 }
    return result
  }
}
