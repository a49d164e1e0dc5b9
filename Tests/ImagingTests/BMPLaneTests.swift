import TestImages
import Testing

@testable import Imaging

struct BMPLaneTests {
  private static func color(_ x: Int, _ y: Int) -> [UInt8] {
    [UInt8(x * 11 % 256), UInt8((y * 7 + x) % 256), UInt8((x * y + 40) % 256)]
  }

  /// Blue, green, red, and a fourth byte that means nothing.
  private static func file(depth: Int, width: Int = 13, height: Int = 9) -> BMPFile {
    BMPFile(width: width, height: height, depth: depth) { x, y in
      if depth == 8 { return [UInt8((x * 3 + y) % 200)] }
      return color(x, y).reversed() + (depth == 32 ? [77] : [])
    }
  }

  private func rasters(
    _ file: BMPFile, background: DecodeSettings.Color = .white
  ) throws -> (color: [UInt8], gray: [UInt8]) {
    var settings = DecodeSettings()
    settings.background = background
    let rasters = try LaneDecoder(settings: settings).decode(
      .bmp, file.bytes,
      [.color, .gray].map {
        RasterSpecification(width: file.width, height: file.height, channels: $0)
      })
    return (rasters[0].pixels, rasters[1].pixels)
  }

  private func colors(_ file: BMPFile, _ color: (Int, Int) -> [UInt8] = Self.color) -> [UInt8] {
    (0..<file.height).flatMap { y in (0..<file.width).flatMap { x in color(x, y) } }
  }

  @Test(arguments: [24, 32], [40, 52, 56, 108, 124])
  func `a raster of the picture's own size is the picture, whichever way up it is stored`(
    depth: Int, headerByteCount: Int
  ) throws {
    for isTopDown in [false, true] {
      var file = Self.file(depth: depth)
      (file.isTopDown, file.headerByteCount) = (isTopDown, headerByteCount)
      file.gap = isTopDown ? 5 : 0
      let (color, gray) = try rasters(file)
      #expect(color == colors(file))
      let luma = stride(from: 0, to: color.count, by: 3).map { at in
        let sum = 9798 * Int(color[at]) + 19235 * Int(color[at + 1]) + 3735 * Int(color[at + 2])
        return UInt8((sum + 16384) >> 15)
      }
      #expect(gray == luma)
    }
  }

  @Test(arguments: [1, 200, 256])
  func `an index is the palette's colour, and black beyond its end`(count: Int) throws {
    var file = Self.file(depth: 8)
    let palette = (0..<count).map { (index: Int) -> [UInt8] in
      [UInt8(index), UInt8(255 - index), UInt8(index * 5 % 256)]
    }
    file.palette = palette
    let expected = colors(file) { (x: Int, y: Int) -> [UInt8] in
      let index = (x * 3 + y) % 200
      return index < count ? palette[index] : [0, 0, 0]
    }
    #expect(try rasters(file).color == expected)
  }

  @Test func `masks say where the channels are, and whether there is alpha`() throws {
    var file = BMPFile(width: 5, height: 4, depth: 32) { x, y in
      [UInt8(x * 50)] + Self.color(x, y)
    }
    (file.compression, file.headerByteCount) = (3, 108)
    file.masks = [0xFF00, 0xFF_0000, 0xFF00_0000, 0xFF]
    let background = DecodeSettings.Color(red: 10, green: 20, blue: 30)
    let expected = colors(file) { x, y in
      let alpha = x * 50
      return zip(Self.color(x, y), [10, 20, 30]).map { (channel: UInt8, below: Int) -> UInt8 in
        let sum: Int = Int(channel) * alpha + below * (255 - alpha)
        return UInt8((sum + 127) / 255)
      }
    }
    #expect(try rasters(file, background: background).color == expected)
    // The same without alpha, and in the short header, which has the masks behind it.
    file.masks[3] = 0
    #expect(try rasters(file, background: background).color == colors(file))
    file.headerByteCount = 40
    #expect(try rasters(file, background: background).color == colors(file))
  }

  @Test func `alpha that is zero everywhere was never written`() throws {
    var file = BMPFile(width: 5, height: 4, depth: 32) { x, y in
      Self.color(x, y).reversed() + [0]
    }
    (file.compression, file.headerByteCount) = (3, 124)
    file.masks[3] = 0xFF00_0000
    #expect(try rasters(file).color == colors(file))
  }

  @Test func `the reader takes the lane and says what kinds are not read`() throws {
    let small = [RasterSpecification(width: 4, height: 4, channels: .gray)]
    let image = try #require(
      try TemporaryArchive().read(Self.file(depth: 24).bytes, as: "a.bmp", small).image)
    #expect((image.lane, image.width, image.height) == (.bmp, 13, 9))
    #expect(image.library == "BMP lane 1")
    var changes: [(inout BMPFile) -> Void] = []
    changes.append { $0.compression = 1 }
    changes.append { ($0.compression, $0.depth) = (3, 16) }
    changes.append { $0.depth = 4 }
    changes.append { $0.headerByteCount = 64 }
    changes.append { ($0.compression, $0.masks) = (3, [0xF800, 0x7E0, 0x1F, 0]) }
    changes.append { ($0.compression, $0.masks) = (3, [0xFF, 0xFF, 0xFF00, 0]) }
    for (index, change) in changes.enumerated() {
      var file = Self.file(depth: 32)
      change(&file)
      let outcome = try TemporaryArchive().read(file.bytes, as: "a.bmp", small)
      #expect(outcome.failure?.reason == .unsupported(.bmp), "\(index)")
      #expect(
        outcome.failure?.description == """
          a.bmp: of BMP files those are read that are not compressed, with 8, 24 or 32 bits a \
          pixel, up to 64 MiB; convert it to PNG, for example with ImageMagick: convert FILE \
          FILE.png
          """)
    }
  }

  @Test func `sizes and offsets that cannot be are damage, with the reason`() throws {
    let sound = Self.file(depth: 24).bytes
    func reason(_ offset: Int, _ value: UInt32) throws -> String? {
      var bytes = sound
      for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
      return try detail(bytes)
    }
    #expect(try reason(18, 0) == "a picture of 0 x 9")
    #expect(try reason(18, 0x8000_0000) == "a picture of -2147483648 x 9")
    #expect(try reason(22, 0) == "a picture of 13 x 0")
    #expect(try reason(22, 0x8000_0000) == "a picture of 13 x -2147483648")
    #expect(try reason(22, 10) == "it holds fewer rows than its header announces")
    #expect(try reason(18, 65535) == "it holds fewer rows than its header announces")
    #expect(try reason(10, 53) == "its pixels start at byte 53 of \(sound.count)")
    #expect(
      try reason(10, 0xFFFF_FFFF) == "its pixels start at byte 4294967295 of \(sound.count)")
    #expect(try detail(Array(sound.prefix(53))) == "its header is cut short or not one")
    // 13 pixels fill 39 bytes of 40: the last one may be missing, no more.
    #expect(try detail(sound.dropLast()) == nil)
    #expect(
      try detail(sound.dropLast(2)) == "it holds fewer rows than its header announces")
  }

  private func detail(_ bytes: [UInt8]) throws -> String? {
    let raster = RasterSpecification(width: 4, height: 4, channels: .color)
    do {
      _ = try LaneDecoder(settings: DecodeSettings()).decode(.bmp, bytes, [raster])
      return nil
    } catch LaneDecoder.Problem.damaged(let detail) {
      return detail
    }
  }
}
