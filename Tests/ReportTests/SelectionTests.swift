import Catalog
import Testing

@testable import Report

@Suite struct SelectionTests {
  @Test(arguments: UInt32(0)..<30)
  func `the members chosen while they stream by are those that sorting would choose`(seed: UInt32) {
    let members = (0..<UInt32(40)).map { image in
      // Coarse values, so that ties occur.
      ClusterMember.plain(
        image, ArchivePath("\(100 + image)"),
        weakest: Double((image &* 2_654_435_761 &+ seed &* 40_503) >> 24 & 7) / 8)
    }
    let representative = seed % 40
    var selection = MemberSelection(
      heading: .plain(1, imageCount: 40, representative: representative), limit: 6)
    for member in members { selection.append(member) }
    let shown = selection.shown

    let byPath = shown.filter { $0.pathRank != nil }
    let expected = Array(0..<UInt32(6)) + (representative < 6 ? [] : [representative])
    #expect(byPath.map(\.member.image.rawValue) == expected)
    #expect(byPath.compactMap(\.pathRank) == Array(0..<expected.count))
    let weakest = shown.filter { $0.weakestRank != nil }
      .sorted { ($0.weakestRank ?? 0) < ($1.weakestRank ?? 0) }.map(\.member.image)
    let sorted = members.sorted {
      ($0.weakestSimilarity ?? 1, $0.image) < ($1.weakestSimilarity ?? 1, $1.image)
    }
    #expect(weakest == sorted.prefix(6).map(\.image))
    #expect(Set(shown.map(\.member.image)).count == shown.count)
    #expect(shown.filter(\.isRepresentative).map(\.member.image.rawValue) == [representative])
  }

  @Test(arguments: UInt64(0)..<20)
  func `a sample holds different numbers of the range, and the same for the same seed`(
    seed: UInt64
  ) {
    let numbers = sample(50, of: 51...1000, seed: seed)
    #expect(numbers.count == 50)
    #expect(Set(numbers).count == 50)
    #expect(numbers == numbers.sorted())
    #expect(numbers.allSatisfy { (51...1000).contains($0) })
    #expect(numbers == sample(50, of: 51...1000, seed: seed))
    #expect(numbers != sample(50, of: 51...1000, seed: seed + 1))
  }

  @Test func `each number is about as likely to be drawn`() {
    var counts = [Int](repeating: 0, count: 20)
    for seed in UInt64(0)..<4000 {
      for number in sample(5, of: 1...20, seed: seed) { counts[number - 1] += 1 }
    }
    // 4000 draws of probability 1/4: a standard deviation of 27; five of them.
    #expect(counts.allSatisfy { abs($0 - 1000) < 137 }, "\(counts)")
  }

  @Test func `a sample of all or more is all`() {
    #expect(sample(5, of: 3...5, seed: 1) == [3, 4, 5])
    #expect(sample(3, of: 3...5, seed: 1) == [3, 4, 5])
    #expect(sample(0, of: 3...5, seed: 1) == [])
  }
}
