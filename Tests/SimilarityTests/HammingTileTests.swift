import Clustering
import TestImages
import Testing

@testable import Similarity

@Suite struct HammingTileTests {
  @Test(arguments: UInt64(0)..<4)
  func `tiles in any order, each on its own, add up to the whole`(seed: UInt64) throws {
    let rows = clusteredRows(
      count: 500, bitCount: 64, centreCount: 20, flipCount: 8, seed: seed)
    let images = gappyImages(count: 500, seed: seed)
    let join = try HammingJoin(rows: rows, images: images, maximumDistance: 12, blockSize: 60)
    var generator = SplitMix(seed: seed)
    let results = try (0..<join.tileCount).shuffled(using: &generator).map(join.tile)
    let imageCount = Int(images[499]) + 1
    let forest = SpanningForest(
      merging: results.map(\.links) + [join.equalRows().links], imageCount: imageCount)
    let expected = plainJoin(rows: rows, images: images, maximumDistance: 12)
    #expect(forest.links == expected.links)
    for distance in 0...12 {
      let count = results.map { $0.counts[distance] }.reduce(join.equalRows().counts[distance], +)
      #expect(count == expected.counts[distance], "at distance \(distance)")
    }
    #expect(try join.tile(3) == join.tile(3))
  }

  @Test func `images added later leave the numbers of tiles alone`() throws {
    let rows = clusteredRows(count: 400, bitCount: 256, centreCount: 9, flipCount: 30, seed: 1)
    var more = rows
    more.append(
      contentsOf: clusteredRows(count: 90, bitCount: 256, centreCount: 9, flipCount: 30, seed: 2))
    let images = gappyImages(count: 490, seed: 1)
    let before = try HammingJoin(
      rows: rows, images: Array(images[..<400]), maximumDistance: 64, blockSize: 50)
    let after = try HammingJoin(rows: more, images: images, maximumDistance: 64, blockSize: 50)
    // The last column of tiles was not full.
    for tile in 0..<before.tileCount - 8 { #expect(try after.tile(tile) == before.tile(tile)) }
  }

  @Test(arguments: HammingKernel.supported)
  func `more hits than the buffer holds are reduced on the way`(kernel: HammingKernel) throws {
    // Nearly all pairs within 24 bits, and enough rows for bands.
    let rows = clusteredRows(count: 1100, bitCount: 256, centreCount: 2, flipCount: 12, seed: 3)
    let images = gappyImages(count: 1100, seed: 3)
    let join = try HammingJoin(rows: rows, images: images, maximumDistance: 64, kernel: kernel)
    let all = 0..<join.distinctCount
    let whole = try HammingTile(join, rows: all, columns: nil).run()
    #expect(whole.counts.reduce(0, +) > 290_000)
    #expect(try HammingTile(join, rows: all, columns: nil, hitCapacity: 10_000).run() == whole)
    // Blocks of 300 need no bands: another way to the same forest.
    let parts = try HammingJoin(rows: rows, images: images, maximumDistance: 64, blockSize: 300)
    #expect(try parts.result() == join.result())
  }

  @Test(arguments: [0, 1, 2])
  func `the smallest inputs`(count: Int) throws {
    let rows = BitRows(bitCount: 64, bytes: [UInt8](repeating: 7, count: 8 * count))
    let join = try HammingJoin(
      rows: rows, images: (0..<UInt32(count)).map { $0 * 9 }, maximumDistance: 4)
    #expect(join.tileCount == 0)
    let links = count == 2 ? [Link(0, 9, similarity: 1)] : []
    #expect(
      try join.result() == TileResult(links: links, counts: [count == 2 ? 1 : 0, 0, 0, 0, 0]))
  }
}

@Suite struct BitRowsTests {
  @Test func `rows are read from bytes, whatever the width`() {
    var rows = BitRows(bitCount: 42, bytes: [1, 2, 3, 4, 5, 1, 0, 0, 0, 0, 0, 2])
    #expect(rows.count == 2)
    #expect(rows.words == [0x1_05_04_03_02_01, 0x2_00_00_00_00_00])
    #expect(rows.distance(0, 1) == 9)
    rows.append([0, 0, 0, 0, 0, 2])
    #expect(rows.similarity(1, 2) == 1)
    #expect(rows.similarity(0, 2) == 1 - 9.0 / 42)
  }

  @Test(arguments: [8, 42, 64, 196, 256, 1024])
  func `the floor and the largest distance mean the same pairs`(bitCount: Int) {
    let rows = BitRows(bitCount: bitCount)
    for floor in (0...100).map({ Double($0) / 100 }) {
      let distance = rows.maximumDistance(floor: floor)
      #expect(rows.similarity(ofDistance: distance) >= floor)
      if distance < bitCount { #expect(rows.similarity(ofDistance: distance + 1) < floor) }
    }
  }
}
