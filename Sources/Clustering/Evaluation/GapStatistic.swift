import Foundation
import LinearAlgebra

/// How much smaller clusters are than the same method makes of rows without any (Tibshirani, Walther and
/// Hastie 2001).
///
/// The gap at k clusters is the mean of log W over reference sets less that of the data, W being the
/// inertia; a reference is as many rows drawn uniformly from the data's bounding box.
public struct GapStatistic: Equatable, Sendable {
  /// The cluster counts that were tried, ascending.
  public let clusterCounts: [Int]
  /// The gap at each; nil where the data or a reference has inertia 0, whose logarithm is none.
  public let gaps: [Double?]
  /// The standard deviation over references at each, times √(1 + 1 / references); nil where the gap is.
  public let errors: [Double?]

  /// The memory that it takes besides the clustering's: one reference set.
  public static func memoryBytes(rowCount: Int, dimension: Int) -> Int { 4 * rowCount * dimension }

  /// Clusters reference sets.
  ///
  /// - Parameters:
  ///   - clusterCounts: ascending.
  ///   - inertias: the inertia of the data's clustering at each of them.
  ///   - seed: of the references, which are the same for every count.
  ///   - cluster: clusters rows into so many clusters, as the data were; what it throws ends the work.
  /// - Complexity: that of `referenceCount` clusterings at every count.
  public init(
    of rows: Rows, clusterCounts: [Int], inertias: [Double], referenceCount: Int = 10, seed: UInt64,
    cluster: (Rows, Int) throws -> Labels
  ) rethrows {
    precondition(clusterCounts.count == inertias.count && referenceCount > 0)
    var logs = [[Double]](repeating: [], count: clusterCounts.count)
    var generator = SeededGenerator(seed: seed)
    let box = BoundingBox(rows)
    for _ in 0..<referenceCount {
      let reference = box.uniformRows(rows.count, &generator)
      for (position, count) in clusterCounts.enumerated() {
        let labels = try cluster(reference, count)
        logs[position].append(log(Dispersion(reference, labels, checkpoint: {}).inertia))
      }
    }
    self.clusterCounts = clusterCounts
    let means = logs.map { $0.reduce(0, +) / Double(referenceCount) }
    gaps = zip(means, inertias).map { mean, inertia in
      let gap = mean - log(inertia)
      return gap.isFinite ? gap : nil
    }
    errors = zip(logs, means).enumerated().map { [gaps] position, references in
      guard gaps[position] != nil else { return nil }
      let (logs, mean) = references
      let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(referenceCount)
      return (variance * (1 + 1 / Double(referenceCount))).squareRoot()
    }
  }

  /// The count that the one-standard-error rule suggests; nil where there is no gap.
  public var suggestedCount: Int? {
    Self.suggested(gaps: gaps, errors: errors).map { clusterCounts[$0] }
  }

  /// The first position whose gap is no less than the next one's less its error.
  ///
  /// The last position where there is none such; positions without a gap are passed over.
  static func suggested(gaps: [Double?], errors: [Double?]) -> Int? {
    let known = gaps.indices.compactMap { position in
      gaps[position].map { (position: position, gap: $0, error: errors[position] ?? 0) }
    }
    let found = zip(known, known.dropFirst()).first { $0.gap >= $1.gap - $1.error }
    return found?.0.position ?? known.last?.position
  }
}

/// The least box along the axes that holds all rows.
private struct BoundingBox {
  var lowest: [Float]
  var highest: [Float]

  init(_ rows: Rows) {
    lowest = Array(repeating: .infinity, count: rows.dimension)
    highest = Array(repeating: -.infinity, count: rows.dimension)
    for row in 0..<rows.count {
      for (column, value) in rows[row].enumerated() {
        lowest[column] = min(lowest[column], value)
        highest[column] = max(highest[column], value)
      }
    }
  }

  func uniformRows(_ count: Int, _ generator: inout SeededGenerator) -> Rows {
    var values: [Float] = []
    values.reserveCapacity(count * lowest.count)
    for _ in 0..<count {
      for column in lowest.indices {
        let (low, high) = (Double(lowest[column]), Double(highest[column]))
        values.append(Float(low + generator.uniform() * (high - low)))
      }
    }
    return Rows(count: count, dimension: lowest.count, values: values)
  }
}
