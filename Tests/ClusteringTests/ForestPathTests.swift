import Testing

@testable import Clustering

@Suite struct ForestPathTests {
  @Test(arguments: UInt64(0)..<20)
  func `a path's weakest link is where the two images part`(seed: UInt64) throws {
    let links = randomLinks(imageCount: 30, count: 34, seed: seed)
    let forest = SpanningForest(merging: [links], imageCount: 30)
    for (start, end) in [(0, 1), (3, 17), (29, 4), (12, 13)] as [(UInt32, UInt32)] {
      let joinedAt = coarseThresholds.last { threshold in
        floodedComponents(of: links, imageCount: 30, threshold: threshold)
          .contains { $0.isSuperset(of: [start, end]) }
      }
      let path = forest.path(from: start, to: end)
      #expect(path?.weakestLink?.similarity == joinedAt)
      guard let path else { continue }
      #expect(path.images.first == start && path.images.last == end)
      #expect(Set(path.images).count == path.images.count)
      #expect(path.links.allSatisfy { forest.links.contains($0) })
      for (step, link) in path.links.enumerated() {
        #expect([link.a, link.b] == path.images[step...step + 1].sorted())
      }
    }
  }

  @Test func `the path from an image to itself is that image`() {
    let forest = SpanningForest(merging: [[Link(0, 1, similarity: 1)]], imageCount: 2)
    #expect(forest.path(from: 1, to: 1) == ForestPath(images: [1], links: []))
    #expect(forest.path(from: 1, to: 1)?.weakestLink == nil)
  }
}

@Suite struct RepresentativeRuleTests {
  private let pixels: [UInt32: Int] = [2: 40, 5: 90, 6: 90, 9: 10]

  private func representative(
    _ rule: RepresentativeRule, of members: [UInt32],
    distance: @escaping (UInt32, UInt32) -> Int = { _, _ in 0 }
  ) -> UInt32 {
    rule.representative(of: members, pixelCount: { pixels[$0] ?? 0 }) { members in
      { distance(members[$0], members[$1]) }
    }
  }

  @Test func `ties go to the lower number`() {
    #expect(representative(.first, of: [2, 5, 6, 9]) == 2)
    #expect(representative(.largest, of: [2, 5, 6, 9]) == 5)
    #expect(representative(.medoid, of: [2, 5, 6, 9]) { _, _ in 4 } == 2)
  }

  @Test func `the medoid is most similar to all others`() {
    // On a line: the middle one.
    let distance = { (a: UInt32, b: UInt32) in abs(Int(a) - Int(b)) }
    #expect(representative(.medoid, of: [1, 2, 3, 30, 50, 51, 52], distance: distance) == 30)
    #expect(representative(.medoid, of: [7], distance: distance) == 7)
  }

  @Test func `the medoid of a large cluster asks for a bounded number of distances`() {
    let limit = RepresentativeRule.medoidMemberLimit
    let members = (0..<UInt32(10 * limit)).map { $0 }
    var asked = 0
    let medoid = representative(.medoid, of: members) { a, b in
      asked += 1
      return abs(Int(a) - Int(b))
    }
    #expect(asked == limit * (limit - 1) / 2)
    #expect(abs(Int(medoid) - members.count / 2) <= 10)
  }
}
