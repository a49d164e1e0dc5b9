import Foundation

/// A distribution fitted to distances by maximum likelihood.
///
/// Distances of 0 are set aside: copies say nothing of how far different images are apart, and three of
/// the families have no place for them. They count again in ``pValue(_:)``.
public struct DistanceDistribution: Hashable, Sendable {
  /// What shapes are fitted, none of them shifted.
  public enum Family: String, CaseIterable, Sendable {
    /// Of mean `first` and standard deviation `second`.
    case normal
    /// The logarithm is normal, of mean `first` and standard deviation `second`.
    case logNormal = "log-normal"
    /// Of shape `first` and scale `second`.
    case gamma
    /// Of shape `first` and scale `second`.
    case weibull
  }

  /// The shape.
  public let family: Family
  /// Its first parameter.
  public let first: Double
  /// Its second parameter.
  public let second: Double
  /// The largest difference to the distribution of the positive distances (Kolmogorov and Smirnov).
  public let largestDifference: Double
  /// The share of distances that are 0.
  public let zeroShare: Double

  /// Fits one family; nil where the positive distances are all equal, or there are none.
  ///
  /// - Complexity: O(m) time for m distances.
  public init?(_ family: Family, fittedTo sample: DistanceSample) {
    let positive = sample.distances.drop { $0 <= 0 }
    guard let lowest = positive.first, let highest = positive.last, lowest < highest else {
      return nil
    }
    self.family = family
    switch family {
    case .normal: (first, second) = Self.meanAndDeviation(positive)
    case .logNormal: (first, second) = Self.meanAndDeviation(positive.map { log($0) })
    case .gamma: (first, second) = Self.gamma(positive)
    case .weibull: (first, second) = Self.weibull(positive, largest: highest)
    }
    zeroShare = 1 - Double(positive.count) / Double(sample.distances.count)
    let (family, first, second) = (family, first, second)
    let step = 1 / Double(positive.count)
    largestDifference = positive.enumerated().reduce(0) { largest, entry in
      let expected = Self.cumulative(family, first, second, entry.element)
      let below = Double(entry.offset) * step
      return max(largest, expected - below, below + step - expected)
    }
  }

  /// Fits all families and keeps the one of the smallest ``largestDifference``, the earlier of equal ones.
  public init?(bestFitTo sample: DistanceSample) {
    let fits = Family.allCases.compactMap { DistanceDistribution($0, fittedTo: sample) }
    guard let best = fits.min(by: { $0.largestDifference < $1.largestDifference }) else {
      return nil
    }
    self = best
  }

  /// The p-value of a distance: how likely a pair is as near or nearer.
  public func pValue(_ distance: Double) -> Double {
    guard distance >= 0 else { return 0 }
    return zeroShare + (1 - zeroShare) * Self.cumulative(family, first, second, distance)
  }

  private static func cumulative(
    _ family: Family, _ first: Double, _ second: Double, _ distance: Double
  ) -> Double {
    switch family {
    case .normal: erfc((first - distance) / (second * 2.0.squareRoot())) / 2
    case .logNormal: erfc((first - log(distance)) / (second * 2.0.squareRoot())) / 2
    case .gamma: GammaFunction.regularizedLower(first, distance / second)
    case .weibull: -expm1(-pow(distance / second, first))
    }
  }

  private static func meanAndDeviation(_ values: some Collection<Double>) -> (Double, Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count)).squareRoot())
  }

  /// Shape and scale: the shape k solves log k - ψ(k) = log(mean) - mean(log).
  ///
  /// Newton's method from an approximation good to 1.5 % (Minka 2002).
  private static func gamma(_ values: ArraySlice<Double>) -> (Double, Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let s = log(mean) - values.reduce(0) { $0 + log($1) } / Double(values.count)
    var shape = (3 - s + ((s - 3) * (s - 3) + 24 * s).squareRoot()) / (12 * s)
    for _ in 0..<20 {
      let value = log(shape) - GammaFunction.digamma(shape) - s
      let step = value / (1 / shape - GammaFunction.trigamma(shape))
      shape -= step
      if abs(step) < 1e-13 * shape { break }
    }
    return (shape, mean / shape)
  }

  /// Shape and scale: the shape k solves Σ xᵏ log x / Σ xᵏ - 1 / k = mean(log x).
  ///
  /// Newton's method from the deviation of the logarithms, which is π / (k √6); the left side grows with
  /// k. Values are taken over `largest`, so that no power is too large.
  private static func weibull(
    _ values: ArraySlice<Double>, largest: Double
  ) -> (Double, Double) {
    let logs = values.map { log($0 / largest) }
    let (mean, deviation) = meanAndDeviation(logs)
    var shape = .pi / (deviation * 6.0.squareRoot())
    var powers = 0.0
    for _ in 0..<100 {
      var (weighted, squares) = (0.0, 0.0)
      powers = 0
      for value in logs {
        let power = exp(shape * value)
        powers += power
        weighted += power * value
        squares += power * value * value
      }
      let ratio = weighted / powers
      let step =
        (ratio - 1 / shape - mean) / (squares / powers - ratio * ratio + 1 / (shape * shape))
      if abs(step) < 1e-13 * shape { break }
      shape = max(shape - step, shape / 2)
    }
    return (shape, largest * pow(powers / Double(logs.count), 1 / shape))
  }
}
