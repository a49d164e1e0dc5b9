import Clustering
import Foundation
import LinearAlgebra
import Testing

@Suite struct GaussianMixtureTests {
  @Test(arguments: GaussianMixture.Covariance.allCases)
  func `separate groups are found, and the same seed finds the same`(
    covariance: GaussianMixture.Covariance
  ) throws {
    let (rows, groups) = separateGroups(count: 250, seed: 4)
    var method = GaussianMixture(componentCount: 5, seed: 2)
    method.covariance = covariance
    method.restartCount = 3
    let found = try method.cluster(rows, checkpoint: {})
    #expect(found.labels == Labels(groups))
    #expect(found.isConverged)
    #expect(found.assign(rows, checkpoint: {}) == found.labels.values)
    #expect(
      try method.cluster(rows, checkpoint: {}).logProbabilities == found.logProbabilities)
    for component in found.components { #expect(abs(component.weight - 0.2) < 0.05) }
  }

  @Test(arguments: GaussianMixture.Covariance.allCases)
  func `one component has the mean and the covariance of the rows`(
    covariance: GaussianMixture.Covariance
  ) throws {
    let rows = Rows(count: 4, dimension: 2, values: [1, 1, 1, 3, 5, 3, 5, 5])
    var method = GaussianMixture(componentCount: 1, seed: 0)
    method.covariance = covariance
    method.regularization = 0.5
    let found = try method.cluster(rows, checkpoint: {})
    let component = found.components[0]
    let beside: Double = covariance == .full ? 2 : 0
    #expect(component.mean == [3, 3])
    #expect(component.weight == 1)
    for (value, expected) in zip(component.covariance.values, [4.5, beside, beside, 2.5]) {
      #expect(abs(value - expected) < 1e-12)
    }
    // The density of the first row by its formula, with (2, 2) as its distance from the mean.
    let determinant = 4.5 * 2.5 - beside * beside
    let square = (4 * 2.5 - 2 * 4 * beside + 4 * 4.5) / determinant
    let expected = -log(2 * .pi) - log(determinant) / 2 - square / 2
    #expect(abs(found.logProbabilities[0] - expected) < 1e-12)
    let parameterCount: Double = covariance == .full ? 5 : 4
    #expect(
      abs(found.bayesianInformation - parameterCount * log(4) + 8 * found.meanLogProbability)
        < 1e-9)
  }

  @Test(arguments: GaussianMixture.Covariance.allCases)
  func `a mixture far from the origin is the one at the origin, elsewhere`(
    covariance: GaussianMixture.Covariance
  ) throws {
    let near = coarseRows(count: 120, dimension: 3, seed: 5)
    // Single precision holds these sums of whole numbers.
    let far = Rows(count: 120, dimension: 3, values: near.values.map { $0 + 0x1p20 })
    let start = Labels((0..<120).map { Int32($0 % 4) })
    var method = GaussianMixture(componentCount: 4, seed: 0)
    method.covariance = covariance
    let expected = try method.fit(near, from: start, checkpoint: {})
    let found = try method.fit(far, from: start, checkpoint: {})
    #expect(found.labels == expected.labels)
    for (value, other) in zip(found.logProbabilities, expected.logProbabilities) {
      #expect(abs(value - other) < 1e-6)
    }
  }

  @Test func `a covariance that stays singular is an error`() {
    let rows = Rows(count: 6, dimension: 2, values: [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    var method = GaussianMixture(componentCount: 1, seed: 0)
    method.regularization = 0
    let failure = #expect(throws: GaussianMixture.Failure.self) {
      try method.cluster(rows, checkpoint: {})
    }
    #expect(
      failure?.description
        == "a covariance of the Gaussian mixture is singular; raise its regularization, 0.0, or ask"
        + " for fewer components")
  }

  @Test func `what a checkpoint throws ends the work`() {
    let (rows, _) = separateGroups(count: 600, seed: 1)
    for limit in [0, 3, 6] {
      var count = 0
      #expect(throws: Stop.self) {
        try GaussianMixture(componentCount: 3, seed: 1).cluster(rows) {
          count += 1
          if count > limit { throw Stop() }
        }
      }
    }
  }
}
