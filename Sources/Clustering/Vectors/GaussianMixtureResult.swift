import Foundation
import LinearAlgebra

/// A mixture of Gaussian distributions, and the clusters that it makes of the rows.
public struct GaussianMixtureResult: Sendable {
  /// The component that each row most likely comes from.
  public let labels: Labels
  /// The components, in the order of the labels' numbers; those that no row most likely comes from are
  /// the last.
  public let components: [GaussianComponent]
  /// The natural logarithm of the mixture's density at each row.
  public let logProbabilities: [Double]
  /// How often the components were fitted.
  public let iterationCount: Int
  /// Whether it ended because the log-probability did not grow.
  public let isConverged: Bool

  /// The mean of ``logProbabilities``, which fitting makes large.
  public var meanLogProbability: Double {
    logProbabilities.reduce(0, +) / Double(max(1, logProbabilities.count))
  }

  /// The Bayesian information criterion (Schwarz 1978): of models of the same rows, the one of the
  /// lowest is the most plausible.
  public var bayesianInformation: Double {
    let parameterCount = components.reduce(-1) { $0 + 1 + $1.parameterCount }
    return Double(parameterCount) * log(Double(max(1, logProbabilities.count)))
      - 2 * logProbabilities.reduce(0, +)
  }

  init(
    rows: Rows, components: [GaussianComponent], iterationCount: Int, isConverged: Bool,
    _ checkpoint: () throws -> Void
  ) throws {
    let (nearest, logProbabilities) = try components.assign(rows, checkpoint)
    labels = Labels(nearest)
    var order = [Int](repeating: -1, count: labels.clusterCount)
    for (component, label) in zip(nearest, labels.values) { order[Int(label)] = Int(component) }
    order += Set(components.indices).subtracting(order).sorted()
    self.components = order.map { components[$0] }
    self.logProbabilities = logProbabilities
    self.iterationCount = iterationCount
    self.isConverged = isConverged
  }

  /// The component that each row of other rows most likely comes from: the number of a cluster of
  /// ``labels`` where it is below its cluster count.
  ///
  /// - Complexity: as a pass of the fit.
  public func assign(_ rows: Rows, checkpoint: () throws -> Void) rethrows -> [Int32] {
    try components.assign(rows, checkpoint).nearest
  }
}

extension [GaussianComponent] {
  /// The component that each row most likely comes from, the first of equal ones, and the log-density
  /// of the mixture there.
  fileprivate func assign(
    _ rows: Rows, _ checkpoint: () throws -> Void
  ) rethrows -> (nearest: [Int32], logProbabilities: [Double]) {
    var (nearest, logProbabilities) = ([Int32](), [Double]())
    let densities = GaussianDensities(self)
    try GaussianRows(rows: rows).forEach(checkpoint) { block, _ in
      var likelihoods = densities.jointLogProbabilities(of: block)
      for row in 0..<block.rowCount {
        let best = indices.max { likelihoods[row, $0] < likelihoods[row, $1] } ?? 0
        nearest.append(Int32(best))
      }
      logProbabilities += likelihoods.normalizeRows()
    }
    return (nearest, logProbabilities)
  }
}
