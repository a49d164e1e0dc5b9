import LinearAlgebra
import TestImages
import Testing

@testable import Clustering

@Suite struct KMeansSeedingTests {
  @Test(arguments: UInt64(0)..<5)
  func `what a row would change as a center is what it changes`(seed: UInt64) throws {
    let rows = coarseRows(count: 41, dimension: 11, seed: seed)
    var generator = SeededGenerator(seed: seed)
    var reach = CenterReach(rows: rows)
    for row in [3, 20, 17, 38, 4] {
      reach.measure([row, 30], {})
      reach.add(0)
    }
    for _ in 0..<6 {
      let (centers, candidates) = (reach.centers, reach.draw(5, generator: &generator))
      reach.measure(candidates, {})
      let (trials, losses) = (reach.trials(), reach.losses())
      let sum = rows.squaredDistances(toNearestOf: centers)
      for (index, candidate) in candidates.enumerated() {
        #expect(
          trials.gains[index] == sum - rows.squaredDistances(toNearestOf: centers + [candidate]))
        for center in centers.indices {
          var swapped = centers
          swapped[center] = candidate
          let fall = trials.gains[index] + trials.reliefs[index, center] - losses[center]
          #expect(fall == sum - rows.squaredDistances(toNearestOf: swapped))
        }
      }
      // Not the best, so that there are some to take.
      reach.replace(generator.below(centers.count), by: generator.below(candidates.count), {})
    }
  }

  /// Without swaps nine of these ten leave two groups with one center.
  @Test(arguments: UInt64(0)..<10)
  func `one start finds each of thirty groups`(seed: UInt64) {
    var numbers = SplitMix(seed: seed)
    let groups = (0..<300).map { Int32($0 % 30) }
    let middles = (0..<30 * 16).map { _ in Float.random(in: -3...3, using: &numbers) }
    let values = groups.flatMap { group in
      (0..<16).map { middles[Int(group) * 16 + $0] + Float.random(in: -1...1, using: &numbers) }
    }
    let rows = Rows(count: 300, dimension: 16, values: values)
    let found = KMeans(clusterCount: 30, seed: seed).cluster(rows, checkpoint: {})
    let adjustedRand = ClusterAgreement(
      groups: groups.map(UInt32.init), clusters: found.labels.values.map(UInt32.init)
    ).pairs.adjustedRand
    #expect(adjustedRand == 1)
  }
}

extension Rows {
  fileprivate func squaredDistances(toNearestOf centers: [Int]) -> Double {
    (0..<count).reduce(0) { sum, row in
      sum + (centers.map { squaredDistance(row, $0) }.min() ?? 0)
    }
  }
}
