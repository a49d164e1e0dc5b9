import Imaging
import Testing

@testable import Features

@Suite struct CornerMinHashTests {
  @Test func `the corner of a rectangle is in the cell under it`() throws {
    var pixels = [UInt8](repeating: 40, count: 320 * 96)
    for y in 48..<96 {
      for x in 200..<320 { pixels[y * 320 + x] = 220 }
    }
    let cells = try CornerMinHash.cells(of: Raster(gray: pixels, width: 320))
    // Ten columns and three rows of pixels to a cell; the response is largest beside the corner.
    #expect(cells.contains(16 * 32 + 20))
    #expect(cells.allSatisfy { (15...16).contains($0 / 32) && (19...20).contains($0 % 32) })
  }

  @Test func `every slot holds a permutation: single cells never share a rank`() {
    var ranks = [Set<UInt16>](repeating: [], count: CornerMinHash.slotCount)
    for cell in 0..<1024 {
      for (slot, rank) in CornerMinHash.slots(of: [cell]).enumerated() { ranks[slot].insert(rank) }
    }
    #expect(ranks.allSatisfy { $0.count == 1024 && $0.max() == 1023 })
  }

  @Test func `the slots of a union are the lesser of the slots`() {
    let (first, second) = ([3, 700, 41], [1023, 41, 0, 512])
    let least = zip(CornerMinHash.slots(of: first), CornerMinHash.slots(of: second)).map(min)
    #expect(CornerMinHash.slots(of: first + second) == least)
  }

  @Test func `the permutations are those of this version`() {
    // Stored features hold ranks under them: whoever changes the drawing raises the version.
    #expect(CornerMinHash.slots(of: [0]).prefix(4) == [314, 779, 222, 222])
    var permutations = SeededPermutations(seed: 1)
    #expect(permutations.next(count: 8).sorted() == Array(0..<8))
    #expect(permutations.next(count: 1) == [0])
  }
}
