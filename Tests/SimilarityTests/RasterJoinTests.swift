import Clustering
import TestImages
import Testing

@testable import Similarity

@Suite struct RasterJoinTests {
  @Test(arguments: RasterMeasure.allCases, [0, 0.5, 0.9, 0.98])
  func `every kernel finds the forest and counts of the plain double loop`(
    measure: RasterMeasure, floor: Double
  ) throws {
    let rows = clusteredRasters(measure, count: rowCount(measure, 150), centreCount: 12, seed: 3)
    let images = gappyImages(count: rows.count, seed: 3)
    let expected = plainJoin(measure, rows: rows, images: images, floor: floor)
    #expect(expected.counts.reduce(0, +) > rows.count / 4)
    for kernel in RasterKernel.supported {
      let join = RasterJoin(
        measure: measure, rows: rows, images: images, floor: floor, kernel: kernel)
      #expect(try join.result() == expected, "\(kernel)")
    }
  }

  @Test(arguments: RasterMeasure.allCases, [1, 7, 25, 100])
  func `the result does not depend on the size of blocks`(
    measure: RasterMeasure, blockSize: Int
  ) throws {
    let count = rowCount(measure, blockSize == 1 ? 40 : 130)
    let rows = clusteredRasters(measure, count: count, centreCount: 5, seed: 8)
    let images = gappyImages(count: count, seed: 8)
    let whole = RasterJoin(measure: measure, rows: rows, images: images, floor: 0.8)
    let parts = RasterJoin(
      measure: measure, rows: rows, images: images, floor: 0.8, blockSize: blockSize)
    #expect((parts.tileCount > 1 || blockSize > count) && whole.tileCount == 1)
    #expect(try parts.result() == whole.result())
  }

  @Test(arguments: RasterMeasure.allCases)
  func `tiles in any order, each on its own, add up to the whole`(measure: RasterMeasure) throws {
    let count = rowCount(measure, 120)
    let rows = clusteredRasters(measure, count: count, centreCount: 4, seed: 5)
    let images = gappyImages(count: count, seed: 5)
    let join = RasterJoin(
      measure: measure, rows: rows, images: images, floor: 0.85, blockSize: count / 4)
    var generator = SplitMix(seed: 5)
    let results = try (0..<join.tileCount).shuffled(using: &generator).map(join.tile)
    let imageCount = Int(images[count - 1]) + 1
    let forest = SpanningForest(merging: results.map(\.links), imageCount: imageCount)
    let expected = plainJoin(measure, rows: rows, images: images, floor: 0.85)
    #expect(forest.links == expected.links)
    for count in expected.counts.indices {
      #expect(results.map { $0.counts[count] }.reduce(0, +) == expected.counts[count])
    }
  }

  @Test(arguments: RasterMeasure.allCases, RasterKernel.supported)
  func `a pair at the floor is a link, one just under it is none`(
    measure: RasterMeasure, kernel: RasterKernel
  ) throws {
    let count = rowCount(measure, 40)
    let rows = clusteredRasters(measure, count: count, centreCount: 3, seed: 9)
    let images = (0..<UInt32(count)).map { $0 }
    for column in 1..<count {
      let similarity = measure.similarity(rows[0], rows[column])
      if similarity == 0 || similarity == 1 { continue }
      let pair = ByteRows(byteCount: measure.byteCount, bytes: Array(rows[0] + rows[column]))
      let found = try [similarity, similarity.nextUp].map { floor in
        try RasterJoin(
          measure: measure, rows: pair, images: [4, 9], floor: floor, kernel: kernel
        ).result().links
      }
      #expect(found == [[Link(4, 9, similarity: similarity)], []], "\(column)")
      let all = try RasterJoin(
        measure: measure, rows: rows, images: images, floor: similarity, kernel: kernel
      ).result()
      #expect(
        all == plainJoin(measure, rows: rows, images: images, floor: similarity), "\(column)")
    }
  }

  @Test(arguments: RasterMeasure.allCases, [0, 1, 2, 3])
  func `the smallest inputs, and equal rows in one block or in two`(
    measure: RasterMeasure, count: Int
  ) throws {
    let bytes = [UInt8](repeating: 7, count: measure.byteCount * count)
    let images = (0..<UInt32(count)).map { $0 * 9 }
    for blockSize in [1, 2, 8] {
      let join = RasterJoin(
        measure: measure, rows: ByteRows(byteCount: measure.byteCount, bytes: bytes),
        images: images, floor: 0.999, blockSize: blockSize)
      let links = images.dropFirst().map { Link(0, $0, similarity: 1) }
      let pairCount = UInt64(count * max(count - 1, 0) / 2)
      #expect(try join.result() == TileResult(links: links, counts: [pairCount, 0]))
    }
  }

  /// Fewer of the larger rasters, which take as long in the plain double loop.
  private func rowCount(_ measure: RasterMeasure, _ count: Int) -> Int {
    measure.side > 64 ? count / 4 : count
  }

  @Test func `rows that cannot be read fail the tile that needs them`() throws {
    struct Unread: Error {}
    let join = RasterJoin(
      measure: .structural, images: Array(0..<20), floor: 0.5, blockSize: 10
    ) { rows in
      if rows.contains(15) { throw Unread() }
      return ByteRows(byteCount: 4096, bytes: Array(repeating: 3, count: 4096 * rows.count))
    }
    #expect(try join.tile(0).links.count == 9)
    #expect(throws: Unread.self) { try join.tile(1) }
  }
}
