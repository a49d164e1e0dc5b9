import Clustering
import Foundation
import LinearAlgebra
import Testing

@Suite struct DistanceSampleTests {
  @Test func `few pairs are taken all, and once`() {
    let pairs = DistanceSample.pairs(rowCount: 4, count: 6, seed: 1)
    #expect(
      pairs.map { [$0.first, $0.second] } == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]])
    #expect(DistanceSample.pairs(rowCount: 1, count: 6, seed: 1).isEmpty)
    #expect(DistanceSample.pairs(rowCount: 0, count: 6, seed: 1).isEmpty)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `many pairs are drawn, each as likely`(seed: UInt64) {
    let count = 27
    let pairs = DistanceSample.pairs(rowCount: 8, count: count, seed: seed)
    #expect(pairs.count == count)
    #expect(pairs.allSatisfy { 0 <= $0.first && $0.first < $0.second && $0.second < 8 })
    // Ten rows make 45 pairs: 44 draws of each of 450 seeds meet a pair 440 times in the mean, with a
    // standard deviation of 21.
    var met: [Int: Int] = [:]
    for round in 0..<450 as Range<UInt64> {
      let pairs = DistanceSample.pairs(rowCount: 10, count: 44, seed: 450 * seed + round)
      for pair in pairs { met[pair.first * 10 + pair.second, default: 0] += 1 }
    }
    #expect(met.count == 45 && met.values.allSatisfy { (340...540).contains($0) })
  }

  @Test func `a p-value counts the pairs as near or nearer, and itself`() {
    let sample = DistanceSample([3, 1, 2, 2])
    #expect([0.5, 1, 2, 2.5, 3, 9].map(sample.pValue) == [0.2, 0.4, 0.8, 0.8, 1, 1])
  }

  @Test func `corrected p-values keep the order and never fall`() {
    #expect(
      DistanceSample.benjaminiHochberg([0.04, 0.01, 0.5, 0.03]) == [0.16 / 3, 0.04, 0.5, 0.16 / 3])
    #expect(DistanceSample.benjaminiHochberg([]).isEmpty)
  }

  /// Quantiles of a distribution stand for a sample of it.
  private func quantiles(_ value: (Double) -> Double) -> DistanceSample {
    DistanceSample((0..<999).map { value((Double($0) + 0.5) / 999) })
  }

  @Test func `the family that fits best is the one that distances come of`() throws {
    let weibull = quantiles { 3 * pow(-log(1 - $0), 1 / 1.7) }
    let exponential = quantiles { exp(sin(.pi * ($0 - 0.5)) + 0.2 * $0) }
    let fit = try #require(DistanceDistribution(bestFitTo: weibull))
    #expect(fit.family == .weibull)
    #expect(abs(fit.first - 1.7) < 0.01 && abs(fit.second - 3) < 0.01)
    for sample in [weibull, exponential] {
      let best = try #require(DistanceDistribution(bestFitTo: sample))
      for family in DistanceDistribution.Family.allCases {
        let fit = try #require(DistanceDistribution(family, fittedTo: sample))
        #expect(best.largestDifference <= fit.largestDifference)
      }
    }
  }

  @Test(arguments: DistanceDistribution.Family.allCases)
  func `copies count in p-values and not in the fit`(
    family: DistanceDistribution.Family
  ) throws {
    let positive = quantiles { 1 + $0 }
    let plain = try #require(DistanceDistribution(family, fittedTo: positive))
    let copies = [Double](repeating: 0, count: 333)
    let fit = try #require(
      DistanceDistribution(family, fittedTo: DistanceSample(positive.distances + copies)))
    #expect((fit.first, fit.second) == (plain.first, plain.second))
    #expect(fit.zeroShare == 0.25 && plain.zeroShare == 0)
    #expect(abs(fit.pValue(1.5) - (0.25 + 0.75 * plain.pValue(1.5))) < 1e-15)
    #expect(fit.pValue(0) >= 0.25 && fit.pValue(0) < 0.26)
  }

  @Test func `nothing fits distances that are all equal`() {
    #expect(DistanceDistribution(bestFitTo: DistanceSample([])) == nil)
    #expect(DistanceDistribution(bestFitTo: DistanceSample([0, 0])) == nil)
    #expect(DistanceDistribution(bestFitTo: DistanceSample([0, 2, 2])) == nil)
  }
}
