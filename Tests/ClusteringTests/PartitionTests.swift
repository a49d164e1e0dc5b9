import Testing

@testable import Clustering

@Suite struct PartitionTests {
  @Test(arguments: UInt64(0)..<40)
  func `raising the threshold only splits clusters`(seed: UInt64) {
    let links = randomLinks(imageCount: 60, count: 90, seed: seed)
    let forest = SpanningForest(merging: [links], imageCount: 60)
    for (lower, higher) in zip(coarseThresholds, coarseThresholds.dropFirst()) {
      let coarse = forest.partition(threshold: lower).asSets
      for part in forest.partition(threshold: higher).asSets {
        #expect(coarse.contains { part.isSubset(of: $0) }, "\(part) at \(higher)")
      }
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func `every image that takes part is in one cluster or an outlier`(seed: UInt64) {
    // The last ten images take no part, and have no links.
    let links = randomLinks(imageCount: 50, count: 60, seed: seed)
    let forest = SpanningForest(merging: [links], imageCount: 60)
    for threshold in coarseThresholds {
      let partition = forest.partition(threshold: threshold) { $0 < 50 }
      #expect((partition.members + partition.outliers).sorted() == Array(0..<50))
      #expect(partition.offsets.first == 0)
      #expect(partition.offsets.last == partition.members.count)
      #expect(partition.offsets.count == partition.clusterCount + 1)
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func `clusters come by size, then lowest image, members and outliers ascend`(seed: UInt64) {
    let links = randomLinks(imageCount: 200, count: 120, seed: seed)
    let partition = SpanningForest(merging: [links], imageCount: 200).partition(threshold: 0.5)
    #expect(partition.clusterCount > 2)
    let clusters = (0..<partition.clusterCount).map { Array(partition.cluster($0)) }
    let expected = clusters.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0[0] < $1[0]
    }
    #expect(clusters == expected)
    #expect(clusters.allSatisfy { $0 == $0.sorted() && $0.count > 1 })
    #expect(partition.outliers == partition.outliers.sorted())
  }

  @Test(arguments: UInt64(0)..<20)
  func `a cluster's weakest link is the forest's inside it`(seed: UInt64) {
    let links = randomLinks(imageCount: 50, count: 90, seed: seed)
    let forest = SpanningForest(merging: [links], imageCount: 50)
    for threshold in coarseThresholds {
      let partition = forest.partition(threshold: threshold)
      checkWeakest(of: partition, in: forest)
      // Under single linkage the forest's links join all members.
      #expect(forest.weakestSimilarities(in: partition).allSatisfy { $0 ?? 0 >= threshold })
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func `the curve counts what a cut at each of its points gives`(seed: UInt64) throws {
    let links = randomLinks(imageCount: 60, count: 80, seed: seed)
    let forest = SpanningForest(merging: [links], imageCount: 60)
    let curve = ThresholdCurve(forest)
    #expect(curve.points.map(\.similarity) == Set(forest.links.map(\.similarity)).sorted(by: >))
    for threshold in coarseThresholds {
      let partition = forest.partition(threshold: threshold)
      guard let point = curve.point(at: threshold) else {
        #expect(partition.clusterCount == 0)
        continue
      }
      #expect(point.clusterCount == partition.clusterCount)
      #expect(point.clusteredImageCount == partition.members.count)
      #expect(point.largestClusterSize == partition.largestClusterSize)
      #expect(point.forestLinkCount == forest.linkCount(atOrAbove: threshold))
      #expect(
        point.forestLinkCount == 60 - partition.clusterCount - partition.outliers.count)
    }
  }

  @Test func `an image that is linked and takes no part is a bug`() async {
    await #expect(processExitsWith: .failure) {
      let forest = SpanningForest(merging: [[Link(1, 2, similarity: 0.5)]], imageCount: 3)
      _ = forest.partition(threshold: 0.5) { $0 != 2 }
    }
  }
}
