import Testing

@testable import Clustering

/// A symmetric matrix of similarities in steps of 1/8, so that ties are the rule.
private func coarseSimilarities(count: Int, seed: UInt64) -> [[Double]] {
  var generator = SeededGenerator(seed: seed)
  var matrix = Array(repeating: Array(repeating: 1.0, count: count), count: count)
  for first in 0..<count {
    for second in (first + 1)..<max(count, first + 1) {
      matrix[first][second] = Double(Int.random(in: 0...8, using: &generator)) / 8
      matrix[second][first] = matrix[first][second]
    }
  }
  return matrix
}

/// Agglomeration by its definition: all pairs of clusters afresh after each merge, in `Link`'s order.
private func plainClusters(
  _ linkage: Linkage, _ similarities: [[Double]], threshold: Double
) -> Set<[UInt32]> {
  var clusters = similarities.indices.map { [$0] }
  while true {
    var best: (link: Link, first: Int, second: Int)?
    for first in clusters.indices {
      for second in clusters.indices.dropFirst(first + 1) {
        let pairs = clusters[first].flatMap { a in clusters[second].map { similarities[a][$0] } }
        let similarity =
          switch linkage {
          case .single: pairs.max() ?? 0
          case .complete: pairs.min() ?? 0
          // In eighths the sum is exact.
          case .average: pairs.reduce(0, +) / Double(pairs.count)
          }
        let lowest = [first, second].map { UInt32(clusters[$0].min() ?? 0) }
        let link = Link(lowest[0], lowest[1], similarity: similarity)
        if best.map({ link < $0.link }) ?? true { best = (link, first, second) }
      }
    }
    guard let merge = best, merge.link.similarity >= threshold else { break }
    clusters[merge.first] += clusters[merge.second]
    clusters.remove(at: merge.second)
  }
  return Set(clusters.map { $0.map { UInt32($0) }.sorted() })
}

@Suite struct LinkageTests {
  @Test(arguments: Linkage.allCases, UInt64(0)..<30)
  func `clusters are those of the definition, ties by lowest numbers`(
    linkage: Linkage, seed: UInt64
  ) {
    let similarities = coarseSimilarities(count: 14, seed: seed)
    for threshold in coarseThresholds {
      let refined = linkage.refine(Array(0..<14), threshold: threshold) { similarities[$0][$1] }
      #expect(
        Set(refined.map(\.members)) == plainClusters(linkage, similarities, threshold: threshold),
        "at \(threshold)")
    }
  }

  @Test(arguments: Linkage.allCases, UInt64(0)..<20)
  func `clusters do not depend on the order of members`(linkage: Linkage, seed: UInt64) {
    let similarities = coarseSimilarities(count: 20, seed: seed)
    var generator = SeededGenerator(seed: seed)
    let members = (0..<UInt32(20)).map { $0 * 3 + 5 }
    let expected = linkage.refine(members, threshold: 0.5) { similarities[$0][$1] }
    for _ in 0..<4 {
      let order = Array(0..<20).shuffled(using: &generator)
      let refined = linkage.refine(order.map { members[$0] }, threshold: 0.5) {
        similarities[order[$0]][order[$1]]
      }
      #expect(refined == expected)
    }
  }

  @Test(arguments: [Linkage.average, .complete], UInt64(0)..<20)
  func `every linkage refines single linkage at the same threshold`(
    linkage: Linkage, seed: UInt64
  ) {
    let similarities = coarseSimilarities(count: 30, seed: seed)
    var links: [Link] = []
    for a in 0..<30 {
      // Far pairs are made rare, else one component holds all.
      for b in (a + 1)..<30 where (a * 31 + b) % 11 == 0 {
        links.append(Link(UInt32(a), UInt32(b), similarity: similarities[a][b]))
      }
    }
    let similarity = { (a: UInt32, b: UInt32) in
      (min(a, b) * 31 + max(a, b)) % 11 == 0 ? similarities[Int(a)][Int(b)] : 0
    }
    let forest = SpanningForest(merging: [links], imageCount: 30)
    for threshold in coarseThresholds.dropFirst() {
      let single = forest.partition(threshold: threshold)
      let refined = single.refined(by: linkage, threshold: threshold, similarity: similarity)
      #expect((refined.members + refined.outliers).sorted() == Array(0..<30))
      for part in refined.asSets {
        #expect(single.asSets.contains { part.isSubset(of: $0) }, "\(part) at \(threshold)")
      }
      #expect(refined.weakestLinks.allSatisfy { $0.similarity >= threshold })
      #expect(refined.weakestLinks.count == refined.clusterCount)
    }
  }

  @Test(arguments: UInt64(0)..<10)
  func `under complete linkage all members are at or above the threshold`(seed: UInt64) {
    let similarities = coarseSimilarities(count: 40, seed: seed)
    let clusters = Linkage.complete.refine(Array(0..<40), threshold: 0.5) { similarities[$0][$1] }
    #expect(clusters.contains { $0.members.count > 2 })
    for cluster in clusters {
      for (a, b) in zip(cluster.members, cluster.members.dropFirst()) {
        #expect(similarities[Int(a)][Int(b)] >= 0.5)
      }
    }
  }

  @Test func `the memory of a refinement is stated before it is taken`() {
    #expect(Linkage.memoryBytes(memberCount: 0) == 0)
    #expect(Linkage.memoryBytes(memberCount: 10_000) == 4 * 10_000 * 9_999 + 10_000 * 16)
  }
}
