import LinearAlgebra

/// Distances of pairs of an archive: what a distance is compared with, to say whether it is unusually
/// small.
public struct DistanceSample: Equatable, Sendable {
  /// The distances, ascending.
  public let distances: [Double]

  /// Takes distances, in any order.
  public init(_ distances: [Double]) {
    self.distances = distances.sorted()
  }

  /// Pairs of different rows, drawn with replacement and each as likely; all pairs, once each, where there
  /// are no more than `count`.
  ///
  /// - Returns: the lower row first, ascending, so that features are read in their order.
  /// - Complexity: O(count · log count); 16 bytes a pair.
  public static func pairs(
    rowCount: Int, count: Int, seed: UInt64
  ) -> [(first: Int, second: Int)] {
    if PairCounts.pairs(of: rowCount) <= count {
      return (0..<rowCount).flatMap { first in (first + 1..<rowCount).map { (first, $0) } }
    }
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let first = generator.below(rowCount)
      let second = generator.below(rowCount - 1)
      return second < first ? (second, first) : (first, second + 1)
    }.sorted { $0 < $1 }
  }

  /// Measures pairs of rows by their Euclidean distance.
  public init(of rows: Rows, count: Int, seed: UInt64) {
    self.init(
      Self.pairs(rowCount: rows.count, count: count, seed: seed).map {
        rows.squaredDistance($0.first, $0.second).squareRoot()
      })
  }

  /// The p-value of a distance: the share of pairs as near or nearer, (r + 1) / (m + 1) of m with r that
  /// are, so that it is never 0 (North, Curtis and Sham 2002).
  public func pValue(_ distance: Double) -> Double {
    var (low, high) = (0, distances.count)
    while low < high {
      let middle = (low + high) / 2
      if distances[middle] <= distance { low = middle + 1 } else { high = middle }
    }
    return Double(low + 1) / Double(distances.count + 1)
  }

  /// P-values corrected for being many: the largest is the least level at which all would be found, with
  /// no more than that share of false ones among the found (Benjamini and Hochberg 1995).
  ///
  /// - Returns: in the order of `pValues`, each at least its p-value and at most 1.
  public static func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
    var corrected = pValues
    var least = 1.0
    let descending = pValues.indices.sorted { pValues[$0] > pValues[$1] }
    for (position, index) in descending.enumerated() {
      let rank = Double(pValues.count - position)
      least = min(least, pValues[index] * Double(pValues.count) / rank)
      corrected[index] = least
    }
    return corrected
  }
}
