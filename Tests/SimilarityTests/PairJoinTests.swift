import Clustering
import TestImages
import Testing

@testable import Similarity

@Suite struct PairJoinTests {
  @Test(arguments: PairMeasure.allCases, [0, 0.3, 0.6, 0.95])
  func `every kernel finds the forest and counts of the plain double loop`(
    measure: PairMeasure, floor: Double
  ) throws {
    let rows = seededSets(measure, count: 150, seed: 3)
    let images = gappyImages(count: rows.count, seed: 3)
    let expected = plainJoin(measure, rows: rows, images: images, floor: floor)
    #expect(expected.counts.reduce(0, +) > 10)
    for kernel in RasterKernel.supported {
      let join = PairJoin(measure, rows: rows, images: images, floor: floor, kernel: kernel)
      #expect(try join.result() == expected, "\(kernel)")
    }
  }

  @Test(arguments: PairMeasure.allCases, [1, 7, 64, 100])
  func `the result does not depend on the size of blocks`(
    measure: PairMeasure, blockSize: Int
  ) throws {
    let count = blockSize == 1 ? 40 : 130
    let rows = seededSets(measure, count: count, seed: 8)
    let images = gappyImages(count: count, seed: 8)
    let whole = PairJoin(measure, rows: rows, images: images, floor: 0.2)
    let parts = PairJoin(measure, rows: rows, images: images, floor: 0.2, blockSize: blockSize)
    #expect(parts.tileCount > 1 && whole.tileCount == 1)
    #expect(try parts.result() == whole.result())
  }

  @Test(arguments: PairMeasure.allCases)
  func `tiles in any order, each on its own, add up to the whole`(measure: PairMeasure) throws {
    let rows = seededSets(measure, count: 120, seed: 5)
    let images = gappyImages(count: 120, seed: 5)
    let join = PairJoin(measure, rows: rows, images: images, floor: 0.3, blockSize: 30)
    var generator = SplitMix(seed: 5)
    let results = try (0..<join.tileCount).shuffled(using: &generator).map(join.tile)
    let forest = SpanningForest(merging: results.map(\.links), imageCount: Int(images[119]) + 1)
    let expected = plainJoin(measure, rows: rows, images: images, floor: 0.3)
    #expect(forest.links == expected.links)
    for count in expected.counts.indices {
      #expect(results.map { $0.counts[count] }.reduce(0, +) == expected.counts[count])
    }
  }

  @Test(arguments: PairMeasure.allCases, RasterKernel.supported)
  func `a pair at the floor is a link, one just under it is none`(
    measure: PairMeasure, kernel: RasterKernel
  ) throws {
    let rows = seededSets(measure, count: 40, seed: 9)
    var similarities: Set<Double> = []
    for column in 1..<40 {
      let similarity = measure.similarity(rows[0], rows[column])
      if similarity == 0 || similarity == 1 { continue }
      similarities.insert(similarity)
      var pair = ByteStrings()
      for row in [0, column] { pair.append(rows[row]) }
      let found = try [similarity, similarity.nextUp].map { floor in
        try PairJoin(measure, rows: pair, images: [4, 9], floor: floor, kernel: kernel)
          .result().links
      }
      #expect(found == [[Link(4, 9, similarity: similarity)], []], "\(column)")
    }
    #expect(similarities.count > 2)
  }

  @Test(arguments: PairMeasure.allCases, [0, 1, 2, 3])
  func `the smallest inputs, and equal rows in one block or in two`(
    measure: PairMeasure, count: Int
  ) throws {
    let row = seededSets(measure, count: 1, seed: 2)[0]
    var rows = ByteStrings()
    for _ in 0..<count { rows.append(row) }
    let images = (0..<UInt32(count)).map { $0 * 9 }
    for blockSize in [1, 2, 8] {
      let join = PairJoin(
        measure, rows: rows, images: images, floor: 0.999, blockSize: blockSize)
      let links = images.dropFirst().map { Link(0, $0, similarity: 1) }
      let pairCount = UInt64(count * max(count - 1, 0) / 2)
      #expect(try join.result() == TileResult(links: links, counts: [pairCount, 0]))
    }
  }

  @Test func `rows that cannot be read fail the tile that needs them`() throws {
    struct Unread: Error {}
    let row = seededSets(.cropHash, count: 1, seed: 1)[0]
    let join = PairJoin(
      measure: .cropHash, candidates: .all, images: Array(0..<20), floor: 0.5, blockSize: 10
    ) { range in
      if range.contains(15) { throw Unread() }
      var rows = ByteStrings()
      for _ in range { rows.append(row) }
      return rows
    }
    #expect(try join.tile(0).links.count == 9)
    #expect(throws: Unread.self) { try join.tile(1) }
  }
}
