import Foundation
import LinearAlgebra

/// A mixture of Gaussian distributions, fitted by expectation and maximisation (Dempster, Laird and Rubin
/// 1977).
///
/// It starts from the clusters of `KMeans`. Everything is computed in double precision, by products whose
/// rounding depends on the processor: there a log-probability may differ in its last digits.
public struct GaussianMixture: Sendable {
  /// What the covariance of a component may be.
  public enum Covariance: String, CaseIterable, Sendable {
    /// Any.
    case full
    /// That of components that do not depend on each other.
    case diagonal
  }

  /// The mixture could not be fitted.
  public struct Failure: Error, CustomStringConvertible {
    /// One line for a person.
    public let description: String
  }

  /// Components to fit, from 1 to the number of rows.
  public var componentCount: Int
  /// What k-means starts from.
  public var seed: UInt64
  /// What the covariances may be.
  public var covariance = Covariance.full
  /// How often it starts again from other clusters; the result of largest log-probability counts.
  public var restartCount = 1
  /// Passes over the rows at most.
  public var iterationLimit = 100
  /// It ends where the mean log-probability of a row grows by less.
  public var tolerance = 1e-3
  /// What is added to each variance, so that none is 0.
  public var regularization = 1e-6

  /// Settings, the usual ones where nothing is said.
  public init(componentCount: Int, seed: UInt64) {
    self.componentCount = componentCount
    self.seed = seed
  }

  /// The memory that ``cluster(_:checkpoint:)`` takes besides the rows.
  ///
  /// - Returns: bytes: as k-means takes, and for full covariances 24 d² for each component, for
  ///   diagonal ones 80 d.
  public static func memoryBytes(
    rowCount: Int, dimension: Int, componentCount: Int, covariance: Covariance
  ) -> Int {
    let shape = covariance == .full ? 24 * dimension * dimension : 80 * dimension
    return KMeans.memoryBytes(
      rowCount: rowCount, dimension: dimension, clusterCount: componentCount)
      + componentCount * (shape + 16 * GaussianRows.blockSize)
      + 32 * GaussianRows.blockSize * (dimension + 1)
  }

  /// Fits the mixture to `rows`; a row's cluster is the component that it most likely comes from.
  ///
  /// - Parameter checkpoint: called for every few hundred rows; what it throws ends the work.
  /// - Returns: as many components as asked for, or as there are different rows, if that is fewer.
  /// - Throws: `Failure` where a covariance stays singular: its rows lie in a plane, and
  ///   `regularization` is too small beside their variance.
  /// - Complexity: a pass takes O(n·k·d²) time with full covariances, O(n·k·d) with diagonal ones;
  ///   `memoryBytes(rowCount:dimension:componentCount:covariance:)`.
  public func cluster(
    _ rows: Rows, checkpoint: () throws -> Void
  ) throws -> GaussianMixtureResult {
    precondition(restartCount > 0 && iterationLimit > 0 && regularization >= 0)
    var generator = SeededGenerator(seed: seed)
    var best: GaussianMixtureResult?
    for _ in 0..<restartCount {
      let kMeans = KMeans(clusterCount: componentCount, seed: generator.next())
      let start = try kMeans.cluster(rows, checkpoint: checkpoint)
      let result = try fit(rows, from: start.labels, checkpoint: checkpoint)
      if result.meanLogProbability > best?.meanLogProbability ?? -.infinity { best = result }
    }
    guard let best else { throw Failure(description: "a log-probability that is no number") }
    return best
  }

  /// Fits a mixture to `rows` that starts from given clusters, a component each, whatever
  /// ``componentCount`` and ``restartCount`` say.
  ///
  /// - Precondition: no row is noise.
  public func fit(
    _ rows: Rows, from start: Labels, checkpoint: () throws -> Void
  ) throws -> GaussianMixtureResult {
    precondition(start.values.count == rows.count && start.noiseCount == 0)
    let blocks = GaussianRows(rows: rows)
    var moments = covariance.moments(around: rows.means(of: start))
    try blocks.forEach(checkpoint) { block, range in
      var certain = Matrix(rowCount: range.count, columnCount: start.clusterCount)
      for (offset, row) in range.enumerated() { certain[offset, Int(start.values[row])] = 1 }
      moments.add(block, responsibilities: certain)
    }
    var components = try moments.components(regularization: regularization)
    var (mean, iterationCount, isConverged) = (-Double.infinity, 0, false)
    while iterationCount < iterationLimit, !isConverged {
      var sum = 0.0
      let densities = GaussianDensities(components)
      moments = covariance.moments(around: components.means)
      try blocks.forEach(checkpoint) { block, _ in
        var likelihoods = densities.jointLogProbabilities(of: block)
        sum += likelihoods.normalizeRows().reduce(0, +)
        moments.add(block, responsibilities: likelihoods)
      }
      components = try moments.components(regularization: regularization)
      let last = mean
      mean = sum / Double(rows.count)
      iterationCount += 1
      isConverged = abs(mean - last) < tolerance
    }
    return try GaussianMixtureResult(
      rows: rows, components: components, iterationCount: iterationCount,
      isConverged: isConverged, checkpoint)
  }
}

extension Rows {
  /// The mean of each cluster, a row each.
  fileprivate func means(of labels: Labels) -> Matrix {
    var means = Matrix(rowCount: labels.clusterCount, columnCount: dimension)
    let sizes = labels.members().map(\.count)
    for (row, label) in labels.values.enumerated() {
      let cluster = Int(label)
      addRow(row, scale: 1 / Double(sizes[cluster]), to: &means.values, at: cluster * dimension)
    }
    return means
  }
}
