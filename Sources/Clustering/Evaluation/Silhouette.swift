import LinearAlgebra

/// How much nearer rows are to their own cluster than to the next (Rousseeuw 1987).
///
/// With a the mean Euclidean distance of a row to the others of its cluster, and b the least of its mean
/// distances to the rows of another, its value is (b - a) / max(a, b), -1 to 1; a row alone in its
/// cluster has 0. Rows of noise take no part. The values are scikit-learn's `silhouette_samples`.
public struct Silhouette: Equatable, Sendable {
  /// The rows that were measured, ascending: all that are in a cluster, or a sample of them.
  public let rows: [Int]
  /// The value of each of ``rows``.
  public let values: [Double]
  /// How many rows are in a cluster.
  public let clusteredCount: Int

  /// Whether ``rows`` are a sample.
  public var isSampled: Bool { rows.count < clusteredCount }
  /// The mean value: that of the clustering, or an estimate without bias where rows were sampled.
  public var mean: Double { values.reduce(0, +) / Double(values.count) }
  /// How far ``mean`` is off, as one standard deviation: 0 where no row was left out.
  public var standardError: Double {
    guard isSampled, values.count > 1 else { return 0 }
    let mean = mean
    let variance =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    let leftOut = 1 - Double(rows.count) / Double(clusteredCount)
    return (variance / Double(values.count) * leftOut).squareRoot()
  }

  /// The memory that measuring takes: a copy of the rows, and a tile of distances.
  public static func memoryBytes(rowCount: Int, dimension: Int, sampleCount: Int = .max) -> Int {
    let measured = min(rowCount, sampleCount)
    return 4 * dimension * (rowCount + (measured < rowCount ? measured : 0)) + 24 * rowCount + 96
      * measured
      + DistanceTile.memoryBytes(rowCount: measured, otherCount: rowCount, dimension: dimension)
  }

  /// Measures rows against all rows of all clusters.
  ///
  /// - Parameters:
  ///   - sampleCount: how many rows to measure at most. Of more than that a sample is drawn, each row
  ///     as likely; each of it is measured exactly, against all rows and not the sample.
  ///   - checkpoint: called for each tile of distances; what it throws ends the work.
  /// - Returns: nil for fewer than two clusters, or as many as there are rows in them.
  /// - Complexity: O(m·n·d) time for m rows measured of n; ``memoryBytes(rowCount:dimension:sampleCount:)``.
  public init?(
    _ rows: Rows, _ labels: Labels, sampleCount: Int = .max, seed: UInt64 = 0,
    checkpoint: () throws -> Void
  ) rethrows {
    precondition(rows.count == labels.values.count && sampleCount > 0)
    let members = labels.members()
    let byCluster = members.flatMap { $0 }
    guard members.count > 1, members.count < byCluster.count else { return nil }
    clusteredCount = byCluster.count
    let sample = Self.sample(byCluster.count, sampleCount, seed)
    var sums = SilhouetteSums(
      rows.gathered(byCluster), sizes: members.map(\.count), measured: sample)
    let measured = try zip(sample.map { byCluster[$0] }, sums.values(checkpoint: checkpoint))
      .sorted { $0.0 < $1.0 }
    self.rows = measured.map(\.0)
    values = measured.map(\.1)
  }

  /// As many of the numbers below `count` as asked for, ascending (Knuth's algorithm S).
  private static func sample(_ count: Int, _ sampleCount: Int, _ seed: UInt64) -> [Int] {
    guard sampleCount < count else { return Array(0..<count) }
    var generator = SeededGenerator(seed: seed)
    var sample: [Int] = []
    for number in 0..<count where generator.below(count - number) < sampleCount - sample.count {
      sample.append(number)
    }
    return sample
  }
}

/// The sums of distances of some rows to each cluster, of which only the own and the least mean of
/// another are kept.
private struct SilhouetteSums {
  /// The cluster of each row, ascending; rows of one lie side by side.
  private let labels: [Int]
  /// Where each cluster's rows end.
  private let ends: [Int]
  private let sizes: [Int]
  /// The cluster of each measured row.
  private let clusters: [Int]
  /// Whether all rows are measured: then a distance of two is made once, for both.
  private let isWhole: Bool
  private var tile: DistanceTile
  private var sums = [Double](repeating: 0, count: DistanceTile.side)

  /// Of each measured row the sum over its cluster, the least mean over another, and the sum so far over
  /// a cluster that the end of a tile has cut in two.
  private var own: [Double]
  private var least: [Double]
  private var begun: [Double]

  init(_ rows: Rows, sizes: [Int], measured: [Int]) {
    self.sizes = sizes
    labels = sizes.indices.flatMap { Array(repeating: $0, count: sizes[$0]) }
    var end = 0
    ends = sizes.map { size in
      end += size
      return end
    }
    clusters = measured.map { [labels] in labels[$0] }
    isWhole = measured.count == rows.count
    tile = DistanceTile(isWhole ? rows : rows.gathered(measured), rows)
    own = Array(repeating: 0, count: measured.count)
    least = Array(repeating: .infinity, count: measured.count)
    begun = own
  }

  /// The value of each measured row.
  mutating func values(checkpoint: () throws -> Void) rethrows -> [Double] {
    let side = DistanceTile.side
    for start in stride(from: 0, to: clusters.count, by: side) {
      let block = start..<min(clusters.count, start + side)
      for other in stride(from: isWhole ? start : 0, to: labels.count, by: side) {
        try checkpoint()
        let columns = other..<min(labels.count, other + side)
        tile.measure(block, columns)
        addToRows(block, columns)
        if isWhole, other > start { addToColumns(block, columns) }
      }
    }
    return clusters.indices.map { row in
      let size = sizes[clusters[row]]
      guard size > 1 else { return 0 }
      let mean = own[row] / Double(size - 1)
      let larger = max(mean, least[row])
      return larger == 0 ? 0 : (least[row] - mean) / larger
    }
  }

  /// Adds a tile to the sums of its rows.
  private mutating func addToRows(_ block: Range<Int>, _ columns: Range<Int>) {
    let first = labels[columns.lowerBound]
    let runEnds = runEnds(in: columns)
    for row in block {
      tile.sum(row: row - block.lowerBound, runsEndingAt: runEnds, into: &sums)
      for run in runEnds.indices {
        add(sums[run], to: row, over: first + run, through: columns.upperBound)
      }
    }
  }

  /// Adds a tile to the sums of its columns, which are measured rows, too.
  private mutating func addToColumns(_ block: Range<Int>, _ columns: Range<Int>) {
    let first = labels[block.lowerBound]
    var start = 0
    for (run, runEnd) in runEnds(in: block).enumerated() {
      tile.sumColumns(start..<Int(runEnd), into: &sums)
      start = Int(runEnd)
      for column in columns {
        add(
          sums[column - columns.lowerBound], to: column, over: first + run,
          through: block.upperBound)
      }
    }
  }

  /// Adds to a row's sum over a cluster what was found up to a place among all rows.
  ///
  /// A row meets clusters in their order, so that one sum is begun at a time.
  private mutating func add(_ sum: Double, to row: Int, over cluster: Int, through end: Int) {
    let total = begun[row] + sum
    begun[row] = 0
    if ends[cluster] > end {
      begun[row] = total
    } else if cluster == clusters[row] {
      own[row] = total
    } else {
      least[row] = min(least[row], total / Double(sizes[cluster]))
    }
  }

  /// Where the clusters of rows in a range end, counted from its start.
  private func runEnds(in range: Range<Int>) -> [UInt32] {
    (labels[range.lowerBound]...labels[range.upperBound - 1]).map { cluster in
      UInt32(min(ends[cluster], range.upperBound) - range.lowerBound)
    }
  }
}
