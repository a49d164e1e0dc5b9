import Imaging
import Testing

@testable import Features

@Suite struct CropHashTests {
  private typealias Box = Segmentation.Box

  @Test func `segments are bright ones first, then dark ones, each by its first pixel`() {
    let small = picture { x, y in
      if (20..<80).contains(x) && (150..<250).contains(y) { return 230 }
      if (120..<200).contains(x) && (40..<140).contains(y) { return 230 }
      return 20
    }
    #expect(
      Segmentation.boxes(of: small) == [
        Box(columns: 120...199, rows: 40...139), Box(columns: 20...79, rows: 150...249),
        Box(columns: 0...299, rows: 0...299),
      ])
  }

  @Test func `a segment of 500 pixels or fewer is left out`() {
    // 26 x 20 and 25 x 20 pixels; blurring takes the corners of either.
    for (width, count) in [(30, 2), (25, 1)] {
      let small = picture { x, y in
        (100..<100 + width).contains(x) && (100..<120).contains(y) ? 255 : 0
      }
      #expect(Segmentation.boxes(of: small).count == count, "\(width)")
    }
  }

  @Test func `the last pixels are not looked at, as in the reference`() {
    // Bright but for a dark corner at the end: under 1,200 pixels are never reached.
    for (side, count) in [(34, 1), (36, 2)] {
      let small = picture { x, y in x >= 300 - side && y >= 300 - side ? 0 : 255 }
      #expect(Segmentation.boxes(of: small).count == count, "\(side)")
    }
  }

  @Test func `the median of nine pixels is bright where five are`() {
    var random = Noise(state: 4)
    let isBright = (0..<90_000).map { _ in UInt8(random.next() >> 63) }
    let majorities = Segmentation.majorities(of: isBright)
    let places = Array(0..<900) + Array(89_100..<90_000)
    let medians = places.map { place in
      let (y, x) = place.quotientAndRemainder(dividingBy: 300)
      let near = (0..<9).map { index in
        let row = min(299, max(0, y + index / 3 - 1))
        return isBright[row * 300 + min(299, max(0, x + index % 3 - 1))]
      }
      return near.sorted()[4] == 1
    }
    #expect(places.map { majorities[$0] } == medians)
  }

  @Test func `a part of a picture shares a hash with the whole`() throws {
    let whole = patches(width: 400, height: 300, seed: 9).pixels.map { $0 / 8 }
    // One bright panel with a picture of its own, wholly inside of the part.
    let panel = patches(width: 160, height: 120, seed: 10)
    var pixels = whole
    for y in 0..<120 {
      for x in 0..<160 {
        pixels[(90 + y) * 400 + 120 + x] = 160 + panel.pixels[y * 160 + x] / 3
      }
    }
    let part = (60..<240).flatMap { y in pixels[y * 400 + 80..<y * 400 + 320] }
    let all = hashes(CropHash.feature(of: Raster(gray: pixels, width: 400)))
    let some = hashes(CropHash.feature(of: Raster(gray: part, width: 240)))
    let distances = all.flatMap { a in some.map { b in (a ^ b).nonzeroBitCount } }
    // A quarter of the bits is the measure's limit; the whole's own hash is no near one.
    #expect(distances.min().map { $0 <= 8 } == true)
  }

  @Test func `a resized picture of one gray is of that gray, whatever the sizes`() {
    for (width, height, newWidth, newHeight) in [
      (1, 1, 300, 300), (7, 512, 9, 8), (512, 3, 9, 8), (300, 299, 300, 300),
    ] {
      let plain = [UInt8](repeating: 201, count: width * height)
      let resized = LanczosResize.resized(
        plain, width: width, toWidth: newWidth, height: newHeight)
      #expect(resized == [UInt8](repeating: 201, count: newWidth * newHeight))
    }
  }

  @Test(arguments: [1, 6, 24, 1024, 3072])
  func `a quick sine is within three units of the exact one`(denominator: Int) {
    let units = stride(from: 0, to: 2 * denominator, by: 1 + denominator / 200).map { numerator in
      let exact = UnitCircle.point(numerator, of: denominator).sine
      return abs(UnitCircle.roundedSine(numerator, of: denominator) - exact) / exact.ulp
    }
    #expect(units.allSatisfy { $0 <= 3 }, "\(units)")
  }

  private func picture(_ gray: (Int, Int) -> UInt8) -> [UInt8] {
    (0..<90_000).map { gray($0 % 300, $0 / 300) }
  }

  private func hashes(_ row: [UInt8]) -> [UInt64] {
    stride(from: 0, to: row.count, by: 8).map { start in
      row[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
  }
}
