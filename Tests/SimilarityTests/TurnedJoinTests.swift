import Clustering
import TestImages
import Testing

@testable import Similarity

@Suite struct TurnedJoinTests {
  private static let variants = TurnedJoin.orientationCount

  /// Pictures of eight bit strings each, near and far: half of them are others with a few bits flipped,
  /// their orientations in another order, as those of a turned copy are.
  private func pictures(count: Int, bitCount: Int, seed: UInt64) throws -> ByteRows {
    let byteCount = (bitCount + 7) / 8
    let rows = clusteredRows(
      count: count * Self.variants, bitCount: bitCount, centreCount: count * 2, flipCount: 9,
      seed: seed)
    var generator = SplitMix(seed: seed)
    var pictures: [[[UInt8]]] = []
    for picture in 0..<count {
      if picture % 2 == 1 {
        pictures.append(pictures[picture - 1].shuffled(using: &generator))
        continue
      }
      pictures.append(
        try (0..<Self.variants).map { variant in
          let row = picture * Self.variants + variant
          let words = Array(try rows.words(of: row..<row + 1))
          return (0..<byteCount).map { UInt8(words[$0 / 8] >> (8 * ($0 % 8)) & 0xFF) }
        })
    }
    return ByteRows(
      byteCount: byteCount * Self.variants, bytes: pictures.flatMap { $0.flatMap { $0 } })
  }

  private func plainDistance(
    _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>
  ) -> Int {
    let byteCount = first.count / Self.variants
    func bits(_ row: ArraySlice<UInt8>, _ variant: Int) -> ArraySlice<UInt8> {
      row.dropFirst(variant * byteCount).prefix(byteCount)
    }
    func distance(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
      zip(a, b).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    }
    return (0..<Self.variants).flatMap {
      [distance(bits(first, 0), bits(second, $0)), distance(bits(first, $0), bits(second, 0))]
    }.min() ?? 0
  }

  @Test(arguments: [64, 196, 256, 1024], [0.5, 0.9, 1])
  func `links and counts are those of the plain double loop, for any size of blocks`(
    bitCount: Int, floor: Double
  ) throws {
    let rows = try pictures(count: 60, bitCount: bitCount, seed: 4)
    let images = gappyImages(count: rows.count, seed: 4)
    var links: [Link] = []
    let steps = SimilaritySteps(floor: floor)
    var counts = [UInt64](repeating: 0, count: steps.count)
    for second in 0..<rows.count {
      for first in 0..<second {
        let distance = plainDistance(rows[first], rows[second])
        #expect(
          TurnedJoin.distance(rows[first], rows[second], bitCount: bitCount) == distance)
        let similarity = 1 - Double(distance) / Double(bitCount)
        guard similarity >= floor else { continue }
        links.append(Link(images[first], images[second], similarity: similarity))
        counts[steps.step(of: similarity)] += 1
      }
    }
    #expect(links.count >= rows.count / 2)
    let forest = SpanningForest(merging: [links], imageCount: Int(images[rows.count - 1]) + 1)
    for blockSize in [1, 7, 59, 60, 100] {
      let join = TurnedJoin(
        bitCount: bitCount, images: images, floor: floor, blockSize: blockSize
      ) { range in
        let bytes = range.lowerBound * rows.byteCount..<range.upperBound * rows.byteCount
        return ByteRows(byteCount: rows.byteCount, bytes: Array(rows.bytes[bytes]))
      }
      let result = try join.result()
      #expect(result.counts == counts, "blocks of \(blockSize)")
      #expect(result.links == forest.links, "blocks of \(blockSize)")
    }
  }

  @Test func `equal pictures are linked in a star, counted as pairs`() throws {
    let row = try pictures(count: 1, bitCount: 64, seed: 2).bytes
    let images: [UInt32] = [3, 4, 9, 12]
    for blockSize in [1, 3, 4] {
      let join = TurnedJoin(bitCount: 64, images: images, floor: 0.9, blockSize: blockSize) {
        ByteRows(byteCount: row.count, bytes: $0.flatMap { _ in row })
      }
      let result = try join.result()
      #expect(result.links == [4, 9, 12].map { Link(3, $0, similarity: 1) }, "\(blockSize)")
      #expect(result.counts[0] == 6)
    }
  }
}
