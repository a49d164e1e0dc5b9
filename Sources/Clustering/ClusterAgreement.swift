import Foundation

/// How well clusters agree with the groups of a truth, as one partition with another.
///
/// All scores are 1 for equal partitions. Entropies are in nats; only their ratios are shown.
public struct ClusterAgreement: Hashable, Sendable {
  /// Precision, recall, F1 and adjusted Rand index.
  public let pairs: PairCounts
  /// How much a cluster tells of the group, 0 to 1: 1 when no cluster has images of two groups.
  public let homogeneity: Double
  /// How much a group tells of the cluster, 0 to 1: 1 when no group is in two clusters.
  public let completeness: Double
  /// The mutual information corrected for chance, at most 1, about 0 for clusters drawn at random, over
  /// the arithmetic mean of both entropies (Vinh, Epps and Bailey 2010).
  public let adjustedMutualInformation: Double

  /// The harmonic mean of homogeneity and completeness, 0 to 1 (Rosenberg and Hirschberg 2007).
  public var vMeasure: Double {
    let sum = homogeneity + completeness
    return sum == 0 ? 0 : 2 * homogeneity * completeness / sum
  }

  /// Compares two partitions.
  ///
  /// - Parameters:
  ///   - groups: the group of each image, any numbers.
  ///   - clusters: the cluster of each image in the same order, any numbers; an outlier's is its own.
  /// - Complexity: O(n) for the tables, and for chance O(the smaller size, summed over all pairs of a
  ///   distinct group size and a distinct cluster size), at most O(n√n); 8 bytes an image besides tables.
  public init(groups: [UInt32], clusters: [UInt32]) {
    let table = ContingencyTable(rows: groups, columns: clusters)
    pairs = table.pairs
    let information = table.mutualInformation
    let (groupEntropy, clusterEntropy) = (
      table.entropy(of: table.rowSizes), table.entropy(of: table.columnSizes)
    )
    // Exactly 1 where it is, whatever rounding makes of the entropies.
    let isHomogeneous = pairs.sameCluster == pairs.sameBoth
    let isComplete = pairs.sameGroup == pairs.sameBoth
    homogeneity = isHomogeneous ? 1 : min(1, information / groupEntropy)
    completeness = isComplete ? 1 : min(1, information / clusterEntropy)
    if isHomogeneous, isComplete {
      adjustedMutualInformation = 1
    } else {
      let chance = table.mutualInformationByChance()
      adjustedMutualInformation =
        (information - chance) / ((groupEntropy + clusterEntropy) / 2 - chance)
    }
  }
}

/// How many images each group shares with each cluster.
private struct ContingencyTable {
  let imageCount: Int
  let rowSizes: [UInt32: Int]
  let columnSizes: [UInt32: Int]
  /// By row in the upper half of the key and column in the lower; no entry is 0.
  private let shared: [UInt64: Int]

  init(rows: [UInt32], columns: [UInt32]) {
    precondition(rows.count == columns.count, "\(rows.count) rows, \(columns.count) columns")
    imageCount = rows.count
    var (rowSizes, columnSizes) = ([UInt32: Int](), [UInt32: Int]())
    var shared: [UInt64: Int] = [:]
    for (row, column) in zip(rows, columns) {
      rowSizes[row, default: 0] += 1
      columnSizes[column, default: 0] += 1
      shared[UInt64(row) << 32 | UInt64(column), default: 0] += 1
    }
    (self.rowSizes, self.columnSizes, self.shared) = (rowSizes, columnSizes, shared)
  }

  var pairs: PairCounts {
    func pairs(_ sizes: some Sequence<Int>) -> Int {
      sizes.reduce(0) { $0 + PairCounts.pairs(of: $1) }
    }
    return PairCounts(
      imageCount: imageCount, sameGroup: pairs(rowSizes.values),
      sameCluster: pairs(columnSizes.values), sameBoth: pairs(shared.values))
  }

  func entropy(of sizes: [UInt32: Int]) -> Double {
    guard sizes.count > 1 else { return 0 }
    // Sorted, because a sum in the order of a dictionary differs from run to run.
    let sum = sizes.values.sorted().reduce(0) { $0 + Double($1) * log(Double($1)) }
    return log(Double(imageCount)) - sum / Double(imageCount)
  }

  /// At least 0: rounding may take it below.
  var mutualInformation: Double {
    let terms = shared.sorted { $0.key < $1.key }.map { key, count in
      let expected =
        Double(rowSizes[UInt32(key >> 32)] ?? 0) / Double(imageCount)
        * Double(columnSizes[UInt32(truncatingIfNeeded: key)] ?? 0)
      return Double(count) * log(Double(count) / expected)
    }
    return max(0, terms.reduce(0, +) / Double(max(1, imageCount)))
  }

  /// The mean mutual information of random partitions with these sizes: of each group size with each
  /// cluster size, over the hypergeometric distribution of what they share.
  func mutualInformationByChance() -> Double {
    let logFactorials = Self.logFactorials(upTo: imageCount)
    let (rows, columns) = (Self.multiplicities(rowSizes), Self.multiplicities(columnSizes))
    var sum = 0.0
    for (row, rowCount) in rows {
      for (column, columnCount) in columns {
        sum += Double(rowCount * columnCount) * term(row, column, logFactorials)
      }
    }
    return sum / Double(imageCount)
  }

  private func term(_ row: Int, _ column: Int, _ logFactorials: [Double]) -> Double {
    let expected = Double(row) / Double(imageCount) * Double(column)
    let fixed =
      logFactorials[row] + logFactorials[column] + logFactorials[imageCount - row]
      + logFactorials[imageCount - column] - logFactorials[imageCount]
    var sum = 0.0
    for count in stride(
      from: max(1, row + column - imageCount), through: min(row, column), by: 1)
    {
      let logProbability =
        fixed - logFactorials[count] - logFactorials[row - count] - logFactorials[column - count]
        - logFactorials[imageCount - row - column + count]
      sum += Double(count) * log(Double(count) / expected) * exp(logProbability)
    }
    return sum
  }

  /// The sizes that occur, ascending, and how often each does.
  private static func multiplicities(_ sizes: [UInt32: Int]) -> [(size: Int, count: Int)] {
    Dictionary(grouping: sizes.values) { $0 }.map { ($0.key, $0.value.count) }
      .sorted { $0.0 < $1.0 }
  }

  /// The logarithms of 0!, 1!, 2! and so on.
  ///
  /// Summed with Neumaier's correction: over a million terms the plain sum would lose five digits.
  private static func logFactorials(upTo count: Int) -> [Double] {
    var (sum, correction) = (0.0, 0.0)
    var values = [0.0]
    values.reserveCapacity(count + 1)
    for number in stride(from: 1, through: count, by: 1) {
      let next = log(Double(number))
      let total = sum + next
      correction += sum >= next ? (sum - total) + next : (next - total) + sum
      sum = total
      values.append(sum + correction)
    }
    return values
  }
}
