import TestImages
import Testing

@testable import Imaging

@Suite struct ContactSheetTests {
  @Test(arguments: UInt64(0)..<20)
  func `every picture stands in the middle of its cell, and the rest is background`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let pictures = (0..<Int.random(in: 1...12, using: &random)).map { _ in
      Raster.random(
        width: Int.random(in: 1...9, using: &random), height: Int.random(in: 1...9, using: &random),
        channels: Bool.random(using: &random) ? .gray : .color, using: &random)
    }
    var sheet = ContactSheet()
    sheet.columnCount = Int.random(in: 1...4, using: &random)
    sheet.gap = Int.random(in: 0...3, using: &random)
    sheet.background = DecodeSettings.Color(
      red: 1, green: 2, blue: UInt8.random(in: 1...3, using: &random))
    let raster = sheet.raster(of: pictures)
    let side = pictures.map { max($0.specification.width, $0.specification.height) }.max() ?? 0
    let columns = min(sheet.columnCount ?? 0, pictures.count)
    #expect(raster.specification.width == sheet.gap + columns * (side + sheet.gap))
    for y in 0..<raster.specification.height {
      for x in 0..<raster.specification.width {
        let column = (x - sheet.gap) / (side + sheet.gap)
        let row = (y - sheet.gap) / (side + sheet.gap)
        let index = row * columns + column
        var expected = [sheet.background.red, sheet.background.green, sheet.background.blue]
        if pictures.indices.contains(index), column < columns {
          let size = pictures[index].specification
          let left = sheet.gap + column * (side + sheet.gap) + (side - size.width) / 2
          let top = sheet.gap + row * (side + sheet.gap) + (side - size.height) / 2
          expected = pictures[index].pixel(x - left, y - top) ?? expected
        }
        #expect(raster.pixel(x, y) == expected, "\(x), \(y)")
      }
    }
  }

  @Test(arguments: [(1, 2), (2, 2), (3, 3), (6, 3), (24, 6), (96, 12), (97, 13)])
  func `a sheet is half as wide again as high`(pictureCount: Int, columnCount: Int) {
    var random = SplitMix(seed: 1)
    let picture = Raster.random(width: 4, height: 4, channels: .gray, using: &random)
    var sheet = ContactSheet()
    sheet.gap = 0
    let raster = sheet.raster(of: Array(repeating: picture, count: pictureCount))
    #expect(raster.specification.width == min(columnCount, pictureCount) * 4)
  }

  @Test(arguments: [RasterSpecification.Channels.gray, .color])
  func `the file of a raster is a JPEG that decodes to nearly the same`(
    channels: RasterSpecification.Channels
  ) throws {
    let specification = RasterSpecification(width: 64, height: 48, channels: channels)
    let pixels = (0..<specification.byteCount).map { UInt8($0 / channels.rawValue / 64 * 5) }
    let raster = Raster(specification: specification, pixels: pixels)
    let file = raster.jpegFile()
    #expect(file == raster.jpegFile())
    let decoded = try LaneDecoder(settings: DecodeSettings()).decode(.jpeg, file, [specification])
    let differences = zip(decoded[0].pixels, pixels).map { abs(Int($0) - Int($1)) }
    #expect((differences.max() ?? 255) <= 6)
  }
}

@Suite struct RasterMeanTests {
  @Test(arguments: UInt64(0)..<10)
  func `a mean is that of every sample, in any order and however the rasters are parted`(
    seed: UInt64
  ) {
    var random = SplitMix(seed: seed)
    let rasters = (0..<Int.random(in: 1...20, using: &random)).map { _ in
      Raster.random(width: 5, height: 3, channels: .color, using: &random)
    }
    var mean = RasterMean(rasters[0].specification)
    for raster in rasters { mean.add(raster) }
    let expected = (0..<45).map { index in
      let sum = rasters.reduce(0) { $0 + Int($1.pixels[index]) }
      return UInt8((Double(sum) / Double(rasters.count)).rounded(.toNearestOrAwayFromZero))
    }
    #expect(mean.raster?.pixels == expected)
    #expect(mean.count == rasters.count)

    var parts = [mean, mean].map { RasterMean($0.specification) }
    for raster in rasters.shuffled(using: &random) {
      parts[Int.random(in: 0...1, using: &random)].add(raster)
    }
    parts[0].add(parts[1])
    #expect(parts[0] == mean)
  }

  @Test func `no rasters have no mean`() {
    let specification = RasterSpecification(width: 2, height: 2, channels: .gray)
    #expect(RasterMean(specification).raster == nil)
  }

  @Test func `the sums hold as many white rasters as are allowed`() {
    #expect(UInt64(RasterMean.countLimit) * 255 <= UInt64(UInt32.max))
    #expect(RasterMean.countLimit > 16_000_000)
  }
}

extension Raster {
  /// A raster of noise.
  fileprivate static func random(
    width: Int, height: Int, channels: RasterSpecification.Channels, using random: inout SplitMix
  ) -> Raster {
    let specification = RasterSpecification(width: width, height: height, channels: channels)
    return Raster(
      specification: specification,
      pixels: (0..<specification.byteCount).map { _ in UInt8.random(in: 10...255, using: &random) })
  }

  /// Red, green and blue of a pixel, or nil outside.
  fileprivate func pixel(_ x: Int, _ y: Int) -> [UInt8]? {
    guard (0..<specification.width).contains(x), (0..<specification.height).contains(y) else {
      return nil
    }
    let channels = specification.channels.rawValue
    let start = (y * specification.width + x) * channels
    let values = Array(pixels[start..<(start + channels)])
    return channels == 1 ? [values[0], values[0], values[0]] : values
  }
}
