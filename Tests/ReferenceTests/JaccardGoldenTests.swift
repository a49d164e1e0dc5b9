import Foundation
import TestImages
import Testing

@testable import Features

/// One line of `Golden/jaccard.txt`: two sets of cells, drawn as `Makers/jaccard.py` draws them.
struct GoldenJaccard {
  let first: Set<Int>
  let second: Set<Int>
  let exact: Double
  let datasketch: Double

  init(line: Substring) throws {
    let fields = line.split(separator: " ").map(String.init)
    let count = try #require(Int(fields[0]))
    let shared = try #require(Int(fields[1]))
    var random = SplitMix(seed: try #require(UInt64(fields[2])))
    var (first, second): (Set<Int>, Set<Int>) = ([], [])
    for _ in 0..<count {
      let cell = random.below(1024)
      first.insert(cell)
      second.insert(random.below(16) < shared ? cell : random.below(1024))
    }
    (self.first, self.second) = (first, second)
    exact = Double(first.intersection(second).count) / Double(first.union(second).count)
    let golden = try #require(Double(fields[3])) / #require(Double(fields[4]))
    try #require(exact == golden, "\(line)")
    datasketch = try #require(Double(fields[5]))
  }

  /// Equal slots over all.
  var estimate: Double {
    let slots = zip(CornerMinHash.slots(of: Array(first)), CornerMinHash.slots(of: Array(second)))
    return Double(slots.count { $0 == $1 }) / Double(CornerMinHash.slotCount)
  }
}

@Suite struct JaccardGoldenTests {
  @Test func `slots estimate Jaccard's similarity as well as datasketch's do`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/jaccard.txt")
    let golden = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }.map(GoldenJaccard.init)
    #expect(golden.count == 224)
    var (ourSum, theirSum, expected, bias) = (0.0, 0.0, 0.0, 0.0)
    for pair in golden {
      // A slot agrees with the probability of the similarity: 128 of them are binomial.
      let variance = pair.exact * (1 - pair.exact) / 128
      // Over 4.5 deviations once in 150,000 pairs; a slot more for those with next to none.
      #expect(abs(pair.estimate - pair.exact) <= 4.5 * variance.squareRoot() + 1.0 / 128)
      ourSum += (pair.estimate - pair.exact) * (pair.estimate - pair.exact)
      theirSum += (pair.datasketch - pair.exact) * (pair.datasketch - pair.exact)
      expected += variance
      bias += pair.estimate - pair.exact
    }
    // A sum of 224 squares is within a third of what is expected.
    #expect(ourSum < expected * 4 / 3 && ourSum > expected * 2 / 3)
    #expect(theirSum < expected * 4 / 3 && theirSum > expected * 2 / 3)
    #expect(abs(bias) < 3 * expected.squareRoot())
  }
}
