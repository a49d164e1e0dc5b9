import TestImages
import Testing

@testable import Similarity

@Suite struct SimilarityTransformTests {
  /// ORB records with random descriptors, and copies of some of them under a transform, others elsewhere.
  private func pictures(
    scale: Double, degrees: Double, seed: UInt64, strayCount: Int
  ) -> (first: [UInt8], second: [UInt8]) {
    var generator = SplitMix(seed: seed)
    let turn = Turn(degrees: degrees)
    var (first, second): ([UInt8], [UInt8]) = ([], [])
    for number in 0..<60 {
      let descriptor = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let x = Double.random(in: 0..<400, using: &generator)
      let y = Double.random(in: 0..<300, using: &generator)
      let angle = Double.random(in: 0..<360, using: &generator)
      first += record(x, y, 31, angle, descriptor)
      if number < strayCount {
        let u = Double.random(in: 0..<500, using: &generator)
        let v = Double.random(in: 0..<500, using: &generator)
        second += record(u, v, 31, angle + 77, descriptor)
      } else {
        let u = scale * (turn.cosine * x - turn.sine * y) + 250
        let v = scale * (turn.sine * x + turn.cosine * y) + 40
        second += record(u, v, 31 * scale, angle + degrees, descriptor)
      }
    }
    return (first, second)
  }

  private func record(
    _ x: Double, _ y: Double, _ size: Double, _ degrees: Double, _ descriptor: [UInt8]
  ) -> [UInt8] {
    [x, y, size, degrees].flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: Float(value).bitPattern >> (8 * UInt32($0))) }
    } + descriptor
  }

  @Test(
    arguments: [(scale: 1.0, degrees: 0.0), (0.5, 90), (2, 213.5), (0.8, -20)], [0, 25])
  func `scale, turn and shift are found, and the matches that they explain`(
    change: (scale: Double, degrees: Double), strayCount: Int
  ) throws {
    let (scale, degrees) = change
    let (first, second) = pictures(
      scale: scale, degrees: degrees, seed: 3, strayCount: strayCount)
    let found = try #require(PairMeasure.orb.transform(first[...], second[...]))
    #expect(abs(found.scale - scale) < 0.001 * scale)
    let apart = (found.degrees - degrees + 540).truncatingRemainder(dividingBy: 360) - 180
    #expect(abs(apart) < 0.1)
    #expect(abs(found.shift.x - 250) < 0.5 && abs(found.shift.y - 40) < 0.5)
    #expect(found.matchCount == 60)
    // A stray one may lie where it should by chance, but hardly two of them.
    #expect((60 - strayCount...61 - strayCount).contains(found.inlierCount))
    let similarity = PairMeasure.orb.similarity(first[...], second[...], geometry: true)
    #expect(similarity == 2 * Double(found.inlierCount) / 120)
  }

  @Test(arguments: UInt64(0)..<6)
  func `with the pictures exchanged it is the inverse, of as many matches`(seed: UInt64) throws {
    let (first, second) = pictures(scale: 0.7, degrees: 33, seed: seed, strayCount: 30)
    let there = try #require(PairMeasure.orb.transform(first[...], second[...]))
    let back = try #require(PairMeasure.orb.transform(second[...], first[...]))
    #expect(there.inlierCount == back.inlierCount)
    #expect(abs(there.scale * back.scale - 1) < 1e-12)
    #expect(abs(there.degrees + back.degrees - 360) < 1e-9)
    let similarities = [(first, second), (second, first)].map {
      PairMeasure.orb.similarity($0[...], $1[...], geometry: true)
    }
    #expect(similarities[0] == similarities[1])
  }

  @Test func `matches that lie anyhow are explained by none but a few`() {
    let (first, second) = pictures(scale: 1, degrees: 0, seed: 2, strayCount: 60)
    let measure = PairMeasure.orb
    #expect(measure.similarity(first[...], second[...]) == 1)
    #expect(measure.similarity(first[...], second[...], geometry: true) < 0.15)
  }

  @Test func `two matches are no evidence, and key points in one place give no transform`() {
    let (first, second) = pictures(scale: 1, degrees: 10, seed: 5, strayCount: 0)
    let two = (first[..<96], second[..<96])
    #expect(PairMeasure.orb.transform(two.0, two.1) == nil)
    #expect(PairMeasure.orb.similarity(two.0, two.1, geometry: true) == 0)
    let still = stride(from: 0, to: first.count, by: 48).flatMap { start in
      [UInt8](repeating: 0, count: 16) + first[(start + 16)..<(start + 48)]
    }
    #expect(PairMeasure.orb.transform(still[...], second[...]) == nil)
  }

  @Test(arguments: [PairMeasure.orb, .sift])
  func `joins with geometry find what the plain double loop finds`(measure: PairMeasure) throws {
    let rows = seededSets(measure, count: 60, seed: 7)
    let images = gappyImages(count: 60, seed: 7)
    let expected = plainJoin(measure, rows: rows, images: images, floor: 0.1, geometry: true)
    for blockSize in [13, 64] {
      let join = PairJoin(
        measure, rows: rows, images: images, floor: 0.1, geometry: true, blockSize: blockSize)
      #expect(try join.result() == expected)
    }
    let without = plainJoin(measure, rows: rows, images: images, floor: 0.1)
    #expect(expected.counts.reduce(0, +) < without.counts.reduce(0, +))
  }

  @Test func `turns are right to the last bits, and their angle is found again`() {
    #expect(Turn(degrees: 90).cosine == 0 && Turn(degrees: -90).sine == -1)
    #expect(Turn(degrees: 180).cosine == -1 && Turn(degrees: 720).cosine == 1)
    #expect(abs(Turn(degrees: 30).sine - 0.5) < 1e-15)
    #expect(abs(Turn(degrees: 45).cosine - 0.5.squareRoot()) < 1e-15)
    for degrees in stride(from: 0.0, to: 360, by: 0.7) {
      let turn = Turn(degrees: degrees)
      #expect(abs(turn.cosine * turn.cosine + turn.sine * turn.sine - 1) < 1e-15)
      let found = Turn.degrees(cosine: turn.cosine, sine: turn.sine)
      #expect(abs(found - degrees) < 1e-9)
    }
  }
}
