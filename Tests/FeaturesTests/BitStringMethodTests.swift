import Imaging
import Testing

@testable import Features

@Suite struct BitStringMethodTests {
  @Test func `every method is found by its name, and nothing else is`() {
    for method in BitStringMethod.allCases {
      #expect(BitStringMethod(name: method.name) == method)
    }
    #expect(BitStringMethod(name: "phash-8") == nil)
    #expect(BitStringMethod(name: "PDQ") == nil)
    #expect(
      BitStringMethod.names == [
        "pdq", "ahash", "dhash", "phash", "phash-16", "phash-32", "phash-64", "phash-64x16",
        "whash", "whash-db4", "colorhash",
      ])
  }

  @Test func `bit 0 is the highest of byte 0, and the last byte is filled up with zeros`() {
    #expect(BitString.packedBytes(count: 8) { $0 == 0 } == [0x80])
    #expect(BitString.packedBytes(count: 11) { _ in true } == [0xFF, 0xE0])
    #expect(BitString.packedBytes(count: 16) { $0 == 15 || $0 == 9 } == [0x00, 0x41])
  }

  @Test(arguments: BitStringMethod.allCases)
  func `a feature fills its bytes, and bits beyond its count are zero`(method: BitStringMethod) {
    let feature = method.extract(from: noise(method.raster, seed: 1))
    #expect(feature.bytes.count == method.byteCount)
    let padding = UInt8(1 << (method.byteCount * 8 - method.bitCount)) - 1
    #expect(feature.bytes.last.map { $0 & padding } == 0)
    #expect(feature.hasDetail)
    #expect((feature.quality != nil) == (method == .pdq))
  }

  @Test(arguments: BitStringMethod.allCases)
  func `a raster of one colour has no detail, except for the hash of colours`(
    method: BitStringMethod
  ) {
    for value: UInt8 in [0, 1, 93, 255] {
      let pixels = [UInt8](repeating: value, count: method.raster.byteCount)
      let plain = Raster(specification: method.raster, pixels: pixels)
      #expect(method.extract(from: plain).hasDetail == (method == .colorHash))
    }
  }

  @Test(arguments: [BitStringMethod.averageHash, .differenceHash, .perceptualHash, .waveletHash])
  func `one pixel that differs by one is detail`(method: BitStringMethod) {
    for position in [0, method.raster.byteCount - 1] {
      var pixels = [UInt8](repeating: 93, count: method.raster.byteCount)
      pixels[position] = 94
      let raster = Raster(specification: method.raster, pixels: pixels)
      #expect(method.extract(from: raster).hasDetail)
    }
  }

  @Test func `pdq has detail from quality 50 on`() {
    var qualities: Set<Int> = []
    for contrast in 1...90 {
      let stripes = (0..<4096).map { UInt8($0 % 64 / 4 % 2 * contrast) }
      let raster = Raster(specification: BitStringMethod.pdq.raster, pixels: stripes)
      let feature = BitStringMethod.pdq.extract(from: raster)
      // 15 edges in each of 64 rows, in whole hundredths of the range, over 90.
      let quality = min(100, contrast * 100 / 255 * 15 * 64 / 90)
      #expect(feature.quality == quality)
      #expect(feature.hasDetail == (quality >= 50))
      qualities.insert(quality)
    }
    #expect(qualities.contains { $0 < 50 } && qualities.contains { $0 >= 50 })
  }

  @Test func `a raster of another size is refused`() async {
    await #expect(processExitsWith: .failure) {
      let specification = RasterSpecification(width: 8, height: 9, channels: .gray)
      let raster = Raster(specification: specification, pixels: .init(repeating: 0, count: 72))
      _ = BitStringMethod.differenceHash.extract(from: raster)
    }
  }
}

/// A linear congruential generator (Knuth's MMIX constants), its high half.
struct Noise: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    var result: UInt64 = 0
    for _ in 0..<2 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      result = result << 32 | state >> 32
    }
    return result
  }
}

/// A raster of random pixels.
func noise(_ specification: RasterSpecification, seed: UInt64) -> Raster {
  var random = Noise(state: seed)
  let pixels = (0..<specification.byteCount).map { _ in UInt8.random(in: 0...255, using: &random)
  }
  return Raster(specification: specification, pixels: pixels)
}
