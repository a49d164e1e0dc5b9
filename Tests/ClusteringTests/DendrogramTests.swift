import Clustering
import LinearAlgebra
import TestImages
import Testing

@Suite struct DendrogramTests {
  @Test(arguments: UInt64(0)..<20)
  func `a forest's tree cut at a height is its components at that threshold`(seed: UInt64) {
    let links = randomLinks(imageCount: 60, count: 55, seed: seed)
    let forest = SpanningForest(merging: [links], imageCount: 60)
    let tree = Dendrogram(forest: forest)
    #expect(tree.rootCount == forest.partition(threshold: 0).asSets.count)
    for threshold in coarseThresholds {
      let clusters = tree.labels(cutAt: 1 - threshold).members().map { Set($0.map(UInt32.init)) }
      #expect(Set(clusters) == forest.partition(threshold: threshold).asSets, "\(threshold)")
    }
  }

  @Test(arguments: AgglomerativeLinkage.allCases)
  func `a cut by count has as many clusters, and more only split them`(
    linkage: AgglomerativeLinkage
  ) {
    let rows = randomRows(50, dimension: 3, steps: 6, seed: 1)
    let tree = Agglomerative(linkage: linkage).dendrogram(of: rows) {}
    var coarser = tree.labels(clusterCount: 1)
    for count in 1...50 {
      let labels = tree.labels(clusterCount: count)
      #expect(labels.clusterCount == count && labels.noiseCount == 0)
      #expect(Set(zip(labels.values, coarser.values).map { [$0, $1] }).count == count)
      coarser = labels
    }
  }

  @Test func `a cut by height takes a merge over a lower one for as high as that`() {
    let tree = Dendrogram(
      count: 4,
      merges: [
        .init(a: 0, b: 1, height: 2, size: 2), .init(a: 2, b: 4, height: 1, size: 3),
        .init(a: 3, b: 5, height: 3, size: 4),
      ])
    #expect(tree.labels(cutAt: 1).values == [0, 1, 2, 3])
    #expect(tree.labels(cutAt: 2).values == [0, 0, 0, 1])
    #expect(tree.labels(clusterCount: 3).values == [0, 0, 1, 2])
  }

  @Test func `the suggested count is where heights jump`() {
    // Three groups of four at distance 1 inside, 10 and 14 between.
    let points: [Float] = [0, 1, 2, 3, 13, 14, 15, 16, 30, 31, 32, 33]
    let rows = Rows(count: 12, dimension: 1, values: points)
    let tree = Agglomerative(linkage: .single).dendrogram(of: rows) {}
    #expect(tree.suggestedClusterCount() == 3)
    #expect(tree.suggestedClusterCount(atMost: 2) == 2)
    #expect(Dendrogram(count: 3, merges: []).suggestedClusterCount() == nil)
  }

  @Test(arguments: UInt64(0)..<10)
  func `no branches cross, and pairs have the height of their lowest merge`(seed: UInt64) {
    let count = 30
    let forest = SpanningForest(
      merging: [randomLinks(imageCount: count, count: 25, seed: seed)], imageCount: count)
    let tree = Dendrogram(forest: forest)
    let order = tree.leafOrder()
    #expect(order.sorted() == Array(0..<count))
    var rows = (0..<count).map { [$0] }
    var heights = [[Int]: Double]()
    for merge in tree.merges {
      let (left, right) = (rows[Int(merge.a)], rows[Int(merge.b)])
      rows.append(left + right)
      #expect(order.contains(left + right), "the rows of a merge are apart")
      for first in left {
        for second in right { heights[[min(first, second), max(first, second)]] = merge.height }
      }
    }
    var pairs: [Double] = []
    for row in 0..<count {
      for other in (row + 1)..<max(row + 1, count) {
        pairs.append(heights[[row, other]] ?? .infinity)
      }
    }
    #expect(tree.copheneticDistances {} == pairs)
  }
}
