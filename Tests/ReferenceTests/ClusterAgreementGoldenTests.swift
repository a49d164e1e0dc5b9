import Clustering
import Foundation
import TestImages
import Testing

/// One line of `Golden/cluster-agreement.txt`.
struct GoldenAgreement {
  let imageCount: Int
  let groupCount: Int
  let clusterCount: Int
  let noise: Int
  let seed: UInt64
  /// Pairs in both, in one group only, in one cluster only.
  let pairs: [Int]
  /// Adjusted Rand, adjusted mutual information, homogeneity, completeness, V-measure.
  let scores: [Double]

  static func all() throws -> [GoldenAgreement] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/cluster-agreement.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { line in
        let fields = line.split(separator: " ").map(String.init)
        let counts = try fields[..<8].map { try #require(Int($0)) }
        return GoldenAgreement(
          imageCount: counts[0], groupCount: counts[1], clusterCount: counts[2], noise: counts[3],
          seed: UInt64(counts[4]), pairs: Array(counts[5...]),
          scores: try fields[8...].map { try #require(Double($0)) })
      }
  }

  /// The partitions that `Makers/cluster_agreement.py` makes from the same seed.
  func partitions() -> (groups: [UInt32], clusters: [UInt32]) {
    var numbers = SplitMix(seed: seed)
    var (groups, clusters) = ([UInt32](), [UInt32]())
    for _ in 0..<imageCount {
      let group = numbers.next() % UInt64(groupCount)
      let isWrong = numbers.next() % 16 < UInt64(noise)
      let place = numbers.next()
      groups.append(UInt32(group))
      clusters.append(UInt32((isWrong ? place : group) % UInt64(clusterCount)))
    }
    return (groups, clusters)
  }
}

@Suite struct ClusterAgreementGoldenTests {
  /// Sums of up to 20,000 logarithms, in another order than scikit-learn's; and what is left of the
  /// subtraction of chance where the scores are about 0.
  static let tolerance = 1e-9

  @Test func `scores of partitions are scikit-learn's`() throws {
    let golden = try GoldenAgreement.all()
    #expect(golden.count == 29)
    for line in golden {
      let (groups, clusters) = line.partitions()
      let agreement = ClusterAgreement(groups: groups, clusters: clusters)
      let pairs = agreement.pairs
      #expect(
        [pairs.sameBoth, pairs.sameGroup - pairs.sameBoth, pairs.sameCluster - pairs.sameBoth]
          == line.pairs, "\(line)")
      let scores = [
        pairs.adjustedRand, agreement.adjustedMutualInformation, agreement.homogeneity,
        agreement.completeness, agreement.vMeasure,
      ]
      for (ours, theirs) in zip(scores, line.scores) {
        #expect(abs(ours - theirs) < Self.tolerance, "\(line): \(scores)")
      }
    }
  }
}
