import LinearAlgebra

/// Mini-batch k-means (Sculley 2010): each center is the mean of the rows of all samples that it was the
/// nearest to.
struct SampledKMeans {
  /// Samples in a row without a better inertia that end the work, as scikit-learn ends it.
  private static let patience = 10
  /// A center with fewer rows than this part of the largest center's starts again at a row of a sample.
  private static let leastShare = 0.01

  private let rows: Rows
  private let squaredNorms: [Double]
  private let sampleCount: Int
  private var centers: Rows
  private var sums: [Double]
  private var counts: [Int]

  /// Draws the first centers among three samples' rows.
  init(
    rows: Rows, squaredNorms: [Double], clusterCount: Int, sampleCount: Int,
    generator: inout SeededGenerator, checkpoint: () throws -> Void
  ) rethrows {
    precondition(sampleCount > 0)
    self.rows = rows
    self.squaredNorms = squaredNorms
    self.sampleCount = min(sampleCount, rows.count)
    let seedCount = min(rows.count, 3 * max(sampleCount, clusterCount))
    let seeds = rows.gathered(Self.distinct(seedCount, of: rows.count, generator: &generator))
    centers = try KMeansSeeding.centers(
      of: seeds, count: clusterCount, generator: &generator,
      checkpoint: checkpoint)
    sums = Array(repeating: 0, count: centers.values.count)
    counts = Array(repeating: 0, count: clusterCount)
  }

  /// Takes samples until their inertia does not improve.
  mutating func run(
    iterationLimit: Int, generator: inout SeededGenerator, checkpoint: () throws -> Void
  ) rethrows -> KMeansResult {
    let weight = min(1, 2 * Double(sampleCount) / Double(rows.count + 1))
    let limit = max(1, iterationLimit * rows.count / sampleCount)
    var (mean, best) = (Double?.none, Double.infinity)
    var (idle, sinceRestart, stepCount) = (0, 0, 0)
    while stepCount < limit, idle < Self.patience {
      let sample = (0..<sampleCount).map { _ in generator.below(rows.count) }.sorted()
      let inertia = try step(sample, checkpoint)
      stepCount += 1
      sinceRestart += sampleCount
      if counts.contains(0) || sinceRestart >= 10 * counts.count {
        restartSmall(sample, generator: &generator)
        sinceRestart = 0
      }
      // The first sample meets centers that have seen no row.
      guard stepCount > 1 else { continue }
      let smoothed = mean.map { $0 * (1 - weight) + inertia * weight } ?? inertia
      mean = smoothed
      idle = smoothed < best ? 0 : idle + 1
      best = min(best, smoothed)
    }
    var nearest = [Int](repeating: 0, count: rows.count)
    var search = NearestCenters(centers)
    try search.find(
      Array(0..<rows.count), of: rows, squaredNorms: squaredNorms, checkpoint: checkpoint
    ) { nearest[$0.row] = $0.center }
    return KMeansResult(
      rows: rows, centers: centers, nearest: nearest,
      iterationCount: (stepCount * sampleCount + rows.count - 1) / rows.count)
  }

  /// Moves centers towards a sample's rows.
  ///
  /// - Returns: the sample's inertia before that, in the mean over its rows.
  private mutating func step(
    _ sample: [Int], _ checkpoint: () throws -> Void
  ) rethrows -> Double {
    let dimension = rows.dimension
    let old = centers
    var inertia = 0.0
    var isMoved = [Bool](repeating: false, count: counts.count)
    var search = NearestCenters(old)
    try search.find(sample, of: rows, squaredNorms: squaredNorms, checkpoint: checkpoint) {
      rows.addRow($0.row, scale: 1, to: &sums, at: $0.center * dimension)
      counts[$0.center] += 1
      isMoved[$0.center] = true
      inertia += rows.squaredDistance($0.row, old, $0.center)
    }
    for center in counts.indices where isMoved[center] {
      for index in center * dimension..<(center + 1) * dimension {
        centers.values[index] = Float(sums[index] / Double(counts[center]))
      }
    }
    return inertia / Double(sample.count)
  }

  /// Lets centers with few rows start again, at different rows of a sample, at most half of them.
  private mutating func restartSmall(_ sample: [Int], generator: inout SeededGenerator) {
    let least = Self.leastShare * Double(counts.max() ?? 0)
    let small = counts.indices.filter { Double(counts[$0]) < least }
      .sorted { (counts[$0], $0) < (counts[$1], $1) }
      .prefix(sample.count / 2)
    guard !small.isEmpty else { return }
    let kept = Set(counts.indices).subtracting(small).map { counts[$0] }.min() ?? 1
    let places = Self.distinct(small.count, of: sample.count, generator: &generator)
    for (center, place) in zip(small, places) {
      let range = center * rows.dimension..<(center + 1) * rows.dimension
      let row = rows[sample[place]]
      centers.values.replaceSubrange(range, with: row)
      sums.replaceSubrange(range, with: row.map { Double($0) * Double(kept) })
      counts[center] = kept
    }
  }

  /// Different numbers below a bound, ascending (Knuth's selection sampling).
  private static func distinct(
    _ count: Int, of bound: Int, generator: inout SeededGenerator
  ) -> [Int] {
    var chosen: [Int] = []
    for number in 0..<bound where generator.below(bound - number) < count - chosen.count {
      chosen.append(number)
    }
    return chosen
  }
}
