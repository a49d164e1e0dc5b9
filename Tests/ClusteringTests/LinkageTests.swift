import TestImages
import Testing

@testable import Clustering

/// A symmetric matrix of distances from 0 to 8, so that ties are the rule.
private func coarseDistances(count: Int, seed: UInt64) -> [[Int]] {
  var generator = SplitMix(seed: seed)
  var matrix = Array(repeating: Array(repeating: 0, count: count), count: count)
  for first in 0..<count {
    for second in (first + 1)..<max(count, first + 1) {
      matrix[first][second] = Int.random(in: 0...8, using: &generator)
      matrix[second][first] = matrix[first][second]
    }
  }
  return matrix
}

/// Agglomeration by its definition: all pairs of clusters afresh after each merge, in `Link`'s order.
private func plainClusters(
  _ linkage: Linkage, _ distances: [[Int]], scale: Int, threshold: Double
) -> Set<[UInt32]> {
  var clusters = distances.indices.map { [$0] }
  while true {
    var best: (link: Link, first: Int, second: Int)?
    for first in clusters.indices {
      for second in clusters.indices.dropFirst(first + 1) {
        let pairs = clusters[first].flatMap { a in clusters[second].map { distances[a][$0] } }
        let distance =
          switch linkage {
          case .single: Double(pairs.min() ?? 0) / Double(scale)
          case .complete: Double(pairs.max() ?? 0) / Double(scale)
          case .average: Double(pairs.reduce(0, +)) / Double(scale * pairs.count)
          }
        let lowest = [first, second].map { UInt32(clusters[$0].min() ?? 0) }
        let link = Link(lowest[0], lowest[1], similarity: 1 - distance)
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
  /// A scale of 42 takes similarities that no binary fraction holds.
  @Test(arguments: Linkage.allCases, UInt64(0)..<30)
  func `clusters are those of the definition, ties by lowest numbers`(
    linkage: Linkage, seed: UInt64
  ) {
    let distances = coarseDistances(count: 14, seed: seed)
    for scale in [8, 42] {
      for threshold in (0...16).map({ 1 - Double($0) / Double(2 * scale) }) {
        let refined = linkage.refine(
          Array(0..<14), threshold: threshold, scale: scale, checkpoint: {}
        ) {
          distances[$0][$1]
        }
        let expected = plainClusters(linkage, distances, scale: scale, threshold: threshold)
        #expect(Set(refined) == expected, "of \(scale) at \(threshold)")
      }
    }
  }

  @Test(arguments: [42, 196, 256])
  func `images that are all at the threshold are one cluster under every linkage`(scale: Int) {
    for distance in 0...scale {
      let threshold = 1 - Double(distance) / Double(scale)
      for (linkage, count) in zip(Linkage.allCases + Linkage.allCases, [3, 3, 3, 7, 7, 7]) {
        let members = (0..<UInt32(count)).map { $0 }
        let refined = linkage.refine(members, threshold: threshold, scale: scale, checkpoint: {}) {
          _, _ in
          distance
        }
        #expect(refined == [members], "\(linkage) at \(threshold)")
      }
    }
  }

  @Test func `means that are equal are a tie, whatever they are the means of`() {
    // 0 and 1 merge first; 2 is at 2 bits of both, 3 at 1 and 3: in both cases the mean is 2.
    let distances = [[0, 0, 2, 3], [0, 0, 2, 1], [2, 2, 0, 9], [3, 1, 9, 0]]
    let threshold = 1 - Double(2) / 42
    let refined = Linkage.average.refine(
      [0, 1, 2, 3], threshold: threshold, scale: 42, checkpoint: {}
    ) {
      distances[$0][$1]
    }
    #expect(refined == [[0, 1, 2], [3]])
  }

  @Test(arguments: [Linkage.average, .complete], UInt64(0)..<20)
  func `every linkage refines single linkage at the same threshold`(
    linkage: Linkage, seed: UInt64
  ) {
    let distances = coarseDistances(count: 30, seed: seed)
    var links: [Link] = []
    for a in 0..<30 {
      // Far pairs are made rare, else one component holds all.
      for b in (a + 1)..<30 where (a * 31 + b) % 11 == 0 {
        links.append(Link(UInt32(a), UInt32(b), similarity: 1 - Double(distances[a][b]) / 8))
      }
    }
    let distance = { (a: UInt32, b: UInt32) in
      (min(a, b) * 31 + max(a, b)) % 11 == 0 ? distances[Int(a)][Int(b)] : 8
    }
    let forest = SpanningForest(merging: [links], imageCount: 30)
    for threshold in coarseThresholds.dropFirst() {
      let single = forest.partition(threshold: threshold)
      let refined = single.refined(by: linkage, threshold: threshold, scale: 8, checkpoint: {}) {
        members in
        { distance(members[$0], members[$1]) }
      }
      #expect((refined.members + refined.outliers).sorted() == Array(0..<30))
      for part in refined.asSets {
        #expect(single.asSets.contains { part.isSubset(of: $0) }, "\(part) at \(threshold)")
      }
      checkWeakest(of: refined, in: forest)
    }
  }

  @Test(arguments: UInt64(0)..<10)
  func `under complete linkage all members are at or above the threshold`(seed: UInt64) {
    let distances = coarseDistances(count: 40, seed: seed)
    let clusters = Linkage.complete.refine(Array(0..<40), threshold: 0.5, scale: 8, checkpoint: {})
    {
      distances[$0][$1]
    }
    #expect(clusters.contains { $0.count > 2 })
    for cluster in clusters {
      for a in cluster {
        for b in cluster { #expect(distances[Int(a)][Int(b)] <= 4) }
      }
    }
  }

  @Test(arguments: [0, 3, 45])
  func `a refinement ends where its checkpoint throws`(callCount: Int) {
    struct Stop: Error {}
    let distances = coarseDistances(count: 40, seed: 1)
    var calls = 0
    #expect(throws: Stop.self) {
      try Linkage.average.refine(
        Array(0..<40), threshold: 0.5, scale: 8,
        checkpoint: {
          if calls == callCount { throw Stop() }
          calls += 1
        }, distance: { distances[$0][$1] })
    }
    #expect(calls == callCount)
  }

  @Test func `the memory of a refinement is stated before it is taken`() {
    #expect(Linkage.memoryBytes(memberCount: 0) == 0)
    #expect(Linkage.memoryBytes(memberCount: 10_000) == 4 * 10_000 * 9_999 + 10_000 * 16)
  }

  @Test func `ties go by rank where numbers do not tell the order`() {
    // 0 and 1, and 1 and 2, are equally near; 0 and 2 are far.
    let links = [Link(0, 1, similarity: 0.9), Link(1, 2, similarity: 0.9)]
    let single = SpanningForest(sortedLinks: links, imageCount: 5).partition(threshold: 0.9)
    func refined(_ rank: [UInt32]?) -> Partition {
      single.refined(by: .complete, threshold: 0.9, scale: 10, rank: rank, checkpoint: {}) {
        members in
        { abs(Int(members[$0]) - Int(members[$1])) == 1 ? 1 : 10 }
      }
    }
    #expect(refined(nil).members == [0, 1])
    #expect(refined([2, 1, 0, 3, 4]).members == [1, 2])
    #expect(refined([2, 1, 0, 3, 4]).outliers == [0, 3, 4])
  }

  @Test func `clusters of one size can be ordered by the member of lowest rank`() {
    let links = [(0, 1), (2, 3), (4, 5), (5, 6)].map {
      Link(UInt32($0.0), UInt32($0.1), similarity: 1)
    }
    let partition = SpanningForest(sortedLinks: links, imageCount: 7).partition(threshold: 1)
    let ordered = partition.ordered(byFirst: [6, 5, 4, 0, 1, 2, 3])
    #expect((0..<3).map { Array(ordered.cluster($0)) } == [[4, 5, 6], [2, 3], [0, 1]])
  }
}
