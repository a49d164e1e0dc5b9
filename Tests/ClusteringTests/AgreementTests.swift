import Clustering
import TestImages
import Testing

/// Two partitions of the same images, drawn at random.
private struct TwoPartitions {
  let groups: [UInt32]
  let clusters: [UInt32]

  init(imageCount: Int, groupCount: UInt32, clusterCount: UInt32, seed: UInt64) {
    var random = SplitMix(seed: seed)
    groups = (0..<imageCount).map { _ in .random(in: 0..<groupCount, using: &random) }
    clusters = (0..<imageCount).map { _ in .random(in: 0..<clusterCount, using: &random) }
  }
}

/// Counts by looking at every pair.
private func plainCounts(_ groups: [UInt32], _ clusters: [UInt32]) -> PairCounts {
  var (sameGroup, sameCluster, sameBoth) = (0, 0, 0)
  for b in groups.indices {
    for a in 0..<b {
      let (group, cluster) = (groups[a] == groups[b], clusters[a] == clusters[b])
      sameGroup += group ? 1 : 0
      sameCluster += cluster ? 1 : 0
      sameBoth += group && cluster ? 1 : 0
    }
  }
  return PairCounts(
    imageCount: groups.count, sameGroup: sameGroup, sameCluster: sameCluster, sameBoth: sameBoth)
}

@Suite struct AgreementTests {
  @Test(arguments: UInt64(0)..<40)
  func `pairs are those of a plain double loop`(seed: UInt64) {
    let count = Int(seed) * 3
    let drawn = TwoPartitions(
      imageCount: count, groupCount: UInt32(seed % 7) + 1, clusterCount: UInt32(seed % 5) + 1,
      seed: seed)
    let agreement = ClusterAgreement(groups: drawn.groups, clusters: drawn.clusters)
    #expect(agreement.pairs == plainCounts(drawn.groups, drawn.clusters))
  }

  @Test func `scores of pairs are those of their definitions`() {
    // Images of groups 0 0 0 1 1 in clusters 0 0 1 1 1.
    let pairs = ClusterAgreement(groups: [0, 0, 0, 1, 1], clusters: [0, 0, 1, 1, 1]).pairs
    #expect(pairs == PairCounts(imageCount: 5, sameGroup: 4, sameCluster: 4, sameBoth: 2))
    #expect(pairs.precision == 0.5 && pairs.recall == 0.5 && pairs.f1 == 0.5)
    // Hubert and Arabie: (2 - 4·4/10) / ((4 + 4)/2 - 4·4/10).
    #expect(abs(pairs.adjustedRand - 0.4 / 2.4) < 1e-15)
  }

  @Test(arguments: [
    [UInt32](), [7], [1, 1, 1, 1], [3, 1, 2, 0], [0, 0, 1, 1, 2],
  ]) func `equal partitions score 1 in everything, whatever their numbers`(groups: [UInt32]) {
    let agreement = ClusterAgreement(groups: groups, clusters: groups.map { 90 - 3 * $0 })
    #expect(agreement.pairs.precision == 1 && agreement.pairs.recall == 1)
    #expect(agreement.pairs.f1 == 1 && agreement.pairs.adjustedRand == 1)
    #expect(agreement.homogeneity == 1 && agreement.completeness == 1)
    #expect(agreement.vMeasure == 1 && agreement.adjustedMutualInformation == 1)
  }

  @Test func `all alone is homogeneous, all in one complete, and neither better than chance`() {
    let groups: [UInt32] = [0, 0, 0, 1, 1, 2]
    let alone = ClusterAgreement(groups: groups, clusters: [0, 1, 2, 3, 4, 5])
    #expect(alone.homogeneity == 1 && alone.completeness < 1)
    #expect(alone.pairs.precision == 1 && alone.pairs.recall == 0)
    let one = ClusterAgreement(groups: groups, clusters: [4, 4, 4, 4, 4, 4])
    #expect(one.completeness == 1 && one.homogeneity == 0 && one.vMeasure == 0)
    #expect(one.pairs.recall == 1 && one.pairs.precision < 1)
    for agreement in [alone, one] {
      #expect(abs(agreement.pairs.adjustedRand) < 1e-15)
      #expect(abs(agreement.adjustedMutualInformation) < 1e-14)
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func `scores do not depend on which partition is called the truth, nor on the order`(
    seed: UInt64
  ) {
    let drawn = TwoPartitions(imageCount: 50, groupCount: 9, clusterCount: 14, seed: seed)
    let one = ClusterAgreement(groups: drawn.groups, clusters: drawn.clusters)
    let other = ClusterAgreement(
      groups: drawn.clusters.reversed(), clusters: drawn.groups.reversed())
    #expect(one.pairs.sameBoth == other.pairs.sameBoth)
    #expect(one.pairs.precision == other.pairs.recall)
    #expect(abs(one.homogeneity - other.completeness) < 1e-14)
    #expect(
      abs(one.adjustedMutualInformation - other.adjustedMutualInformation) < 1e-13)
    #expect(one.pairs.adjustedRand == other.pairs.adjustedRand)
  }

  @Test(arguments: UInt64(0)..<40)
  func `a point of the curve is what a cut at its threshold gives, and only changes are points`(
    seed: UInt64
  ) {
    let count = 40
    var random = SplitMix(seed: seed)
    let forest = SpanningForest(
      merging: [randomLinks(imageCount: count, count: 55, seed: seed)], imageCount: count)
    // A quarter is not judged, and joins others all the same.
    let groups = (0..<count).map { _ in
      UInt32.random(in: 0..<4, using: &random) == 0
        ? AgreementCurve.noGroup : UInt32.random(in: 0..<8, using: &random)
    }
    let judged = groups.indices.filter { groups[$0] != AgreementCurve.noGroup }
    let curve = AgreementCurve(forest, groupOfImage: groups)
    for threshold in coarseThresholds {
      var clusters = forest.partition(threshold: threshold).clusterOfImage(imageCount: count)
      for image in clusters.indices where clusters[image] == .max {
        clusters[image] = UInt32(1000 + image)
      }
      let expected = plainCounts(judged.map { groups[$0] }, judged.map { clusters[$0] })
      #expect(curve.pairs(at: threshold) == expected, "\(threshold)")
    }
    #expect(curve.pairs(at: 1.5) == curve.none && curve.none.sameCluster == 0)
    let counts = [curve.none] + curve.points.map(\.pairs)
    #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 != $1 })
    #expect(curve.points.map(\.similarity) == Set(curve.points.map(\.similarity)).sorted(by: >))
    #expect(Set(curve.points.map(\.similarity)).isSubset(of: Set(forest.links.map(\.similarity))))
  }

  @Test func `the best point has the largest F1, the strict one is the lowest that is precise`() {
    // Groups 0 1 2 3 | 4 | 5: 0-1 at 0.9, then 2-3, then a wrong 3-4, then 1-2 joins all of the group.
    let links: [(UInt32, UInt32, Double)] = [
      (0, 1, 0.9), (2, 3, 0.8), (3, 4, 0.7), (1, 2, 0.6), (4, 5, 0.5),
    ]
    let forest = SpanningForest(
      merging: [links.map { Link($0.0, $0.1, similarity: $0.2) }], imageCount: 6)
    let curve = AgreementCurve(forest, groupOfImage: [0, 0, 0, 0, 1, 2])
    #expect(curve.points.map(\.pairs.sameCluster) == [1, 2, 4, 10, 15])
    #expect(curve.points.map(\.pairs.sameBoth) == [1, 2, 2, 6, 6])
    #expect(curve.best?.similarity == 0.6)
    #expect(curve.lowest(withPrecision: 0.99)?.similarity == 0.8)
    #expect(curve.lowest(withPrecision: 0.6)?.similarity == 0.6)
  }

  @Test func `of equal F1 the higher threshold is the best, and without links there is none`() {
    // One right pair of one, of two in the groups: 2/3. Then two right pairs of four: 4/6.
    let links = [
      Link(0, 1, similarity: 0.9), Link(2, 3, similarity: 0.8), Link(4, 5, similarity: 0.8),
      Link(6, 7, similarity: 0.8),
    ]
    let curve = AgreementCurve(
      SpanningForest(merging: [links], imageCount: 8), groupOfImage: [0, 0, 1, 1, 2, 3, 4, 5])
    #expect(curve.points.map(\.pairs.f1) == [2.0 / 3, 2.0 / 3] && curve.best?.similarity == 0.9)
    let none = AgreementCurve(
      SpanningForest(merging: [], imageCount: 4), groupOfImage: [0, 0, 1, 2])
    #expect(none.best == nil && none.points.isEmpty && none.none.sameGroup == 1)
    #expect(none.lowest(withPrecision: 0.5) == nil)
  }
}
