/// What each threshold from the floor up would give.
public struct ThresholdCurve: Hashable, Sendable {
  /// What one threshold gives.
  public struct Point: Hashable, Sendable {
    /// From 0 to 1.
    public let threshold: Double
    /// Pairs compared whose similarity is at or above the threshold.
    public let linkCount: Int
    /// Clusters of two or more images.
    public let clusterCount: Int
    /// Images in clusters.
    public let clusteredImageCount: Int
    /// Images in the largest cluster, or 0 when there is none.
    public let largestClusterImageCount: Int

    /// Makes a point of its parts.
    public init(
      threshold: Double, linkCount: Int, clusterCount: Int, clusteredImageCount: Int,
      largestClusterImageCount: Int
    ) {
      self.threshold = threshold
      self.linkCount = linkCount
      self.clusterCount = clusterCount
      self.clusteredImageCount = clusteredImageCount
      self.largestClusterImageCount = largestClusterImageCount
    }
  }

  /// The points, by rising threshold; may be empty.
  public let points: [Point]
  /// The threshold that the result at hand is cut at.
  public let currentThreshold: Double

  /// Makes a curve; the thresholds of `points` must rise.
  public init(points: [Point], currentThreshold: Double) {
    for (lower, higher) in zip(points, points.dropFirst()) {
      precondition(
        lower.threshold < higher.threshold,
        "threshold \(higher.threshold) after \(lower.threshold)")
    }
    self.points = points
    self.currentThreshold = currentThreshold
  }

  /// What the given threshold gives: the first point at or above it, or nil above the last.
  ///
  /// The curve is a step function: it holds its value down to the next lower similarity that occurs.
  func point(at threshold: Double) -> Point? {
    points.first { $0.threshold >= threshold }
  }
}

/// One of the four curves: what it counts, and how it is drawn.
enum CurveSeries: CaseIterable {
  case links, clusters, clusteredImages, largestCluster

  var title: String {
    switch self {
    case .links: "Links"
    case .clusters: "Clusters"
    case .clusteredImages: "Images in clusters"
    case .largestCluster: "Largest cluster"
    }
  }

  /// Links grow with the square of a cluster and one cluster can swallow an archive: both are drawn
  /// on a logarithmic axis, else only the lowest thresholds would show.
  var isLogarithmic: Bool { self == .links || self == .largestCluster }

  func count(of point: ThresholdCurve.Point) -> Int {
    switch self {
    case .links: point.linkCount
    case .clusters: point.clusterCount
    case .clusteredImages: point.clusteredImageCount
    case .largestCluster: point.largestClusterImageCount
    }
  }
}

/// Where counts lie on a vertical axis from 0 to 1.
struct CountAxis {
  /// The count at the top: a round number at or above the largest count.
  let top: Int
  let isLogarithmic: Bool

  init(largest: Int, isLogarithmic: Bool) {
    self.isLogarithmic = isLogarithmic
    var power = 1
    while power < largest, power < Int.max / 100 { power *= 10 }
    let rounds = isLogarithmic || power < 10 ? [] : [2, 3, 4, 5, 6, 8].map { power / 10 * $0 }
    top = rounds.first { $0 >= largest } ?? power
  }

  /// The height of a count, from 0 to 1; on a logarithmic axis 0 and 1 are both at the bottom.
  func height(of count: Int) -> Double {
    guard count > 0 else { return 0 }
    guard isLogarithmic else { return Double(count) / Double(top) }
    return top == 1 ? 1 : log10OfInteger(count) / log10OfInteger(top)
  }

  /// Counts to label, from the bottom up.
  var ticks: [Int] {
    guard isLogarithmic else { return top >= 2 ? [0, top / 2, top] : [0, top] }
    var powers = [1]
    while let last = powers.last, last < top { powers.append(last * 10) }
    let step = (powers.count + 3) / 4
    return stride(from: powers.count - 1, through: 0, by: -step).map { powers[$0] }.reversed()
  }
}

/// The decimal logarithm of a positive count to about four decimals, which is all that a chart needs.
///
/// Made of comparisons, multiplications and divisions, which IEEE 754 defines to the last bit, where
/// the C library's `log10` may differ between machines and with it the bytes of a chart.
func log10OfInteger(_ count: Int) -> Double {
  var mantissa = Double(count)
  var result = 0.0
  while mantissa >= 10 {
    mantissa /= 10
    result += 1
  }
  var bit = 0.5
  for _ in 0..<14 {
    mantissa *= mantissa
    if mantissa >= 10 {
      mantissa /= 10
      result += bit
    }
    bit /= 2
  }
  return result
}
