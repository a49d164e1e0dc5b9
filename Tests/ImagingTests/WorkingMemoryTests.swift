import TestImages
import Testing

@testable import Imaging

struct WorkingMemoryTests {
  private static var png: PNGFile {
    PNGFile(width: 40, height: 30) { x, y, c in (x * 5 + y * 3 + c) % 256 }
  }
  private static var jpeg: JPEGFile {
    JPEGFile(width: 161, height: 120) { x, y, c in (x * 9 + y + c) % 256 }
  }

  @Test func `a PNG's header tells the inflated rows and the rows in flight`() throws {
    let lanes = LaneDecoder(settings: DecodeSettings())
    let inflated = 30 * (1 + 3 * 40)
    // Nine rows of four bytes a pixel with room around them, and room for surplus data.
    let expected = inflated + 9 * (4 * 40 + 192) + 64 + 65536
    #expect(try lanes.header(of: .png, Self.png.bytes).workingByteCount == expected)
    var laced = Self.png
    laced.isInterlaced = true
    #expect(try lanes.header(of: .png, laced.bytes).workingByteCount == 0)
    var giant = PNGFile(width: 1 << 30, height: 1 << 30, colorType: 6, depth: 16) { _, _, _ in 0 }
    giant.dataChunkByteCount = 8
    let header = try lanes.header(of: .png, giant.bytes(compressed: [0x78, 1]))
    #expect(header.workingByteCount == Int.max)
  }

  @Test func `a JPEG's header tells its coefficients, if several scans need them held`() throws {
    let lanes = LaneDecoder(settings: DecodeSettings())
    var file = Self.jpeg
    #expect(try lanes.header(of: .jpeg, file.bytes).workingByteCount == 161 * 64)
    file.frame = 0xC2
    let coefficients = 21 * 15 * 3 * 64 * 2
    #expect(try lanes.header(of: .jpeg, file.bytes).workingByteCount == coefficients)
    // A scan of one component of three: the others come in further scans.
    file.frame = 0xC0
    let scan = JPEGFile.segment(0xDA, [1, 1, 0, 0, 63, 0])
    let header = try lanes.header(of: .jpeg, file.head + scan)
    #expect(header.workingByteCount == coefficients)
    file.componentCount = 4
    #expect(try lanes.header(of: .jpeg, file.bytes).workingByteCount == 0)
  }

  @Test func `a trimmed decoder holds no more than asked, and decodes as before`() throws {
    let lanes = LaneDecoder(settings: DecodeSettings())
    let color = RasterSpecification(width: 12, height: 9, channels: .color)
    let files: [(DecodedImage.Lane, [UInt8])] = [(.png, Self.png.bytes), (.jpeg, Self.jpeg.bytes)]
    for (lane, bytes) in files {
      let first = try lanes.decode(lane, bytes, [color, .small])
      let held = lanes.trim(keepByteCount: .max)
      #expect(held > 0)
      let kept = lanes.trim(keepByteCount: 1000)
      #expect(kept > 0 && kept < held)
      #expect(lanes.trim(keepByteCount: 0) == 0)
      #expect(try lanes.decode(lane, bytes, [color, .small]) == first)
    }
  }

  @Test(arguments: [(65535, DecodedImage.Lane.png), (65536, .vips), (10_000_000, .vips)])
  func `a picture wider than any JPEG goes to the decoder process`(
    width: Int, lane: DecodedImage.Lane
  ) throws {
    var file = PNGFile(width: width, height: 1, colorType: 0) { _, _, _ in 0 }
    file.dataChunkByteCount = 1 << 20
    // Zeros in runs of 258 and a few more: a surplus, which both lanes pass over.
    let bytes = file.bytes(compressed: Deflate.zeros(about: width + 1))
    let image = try #require(try TemporaryArchive().read(bytes).image)
    #expect((image.lane, image.width) == (lane, width))
    #expect(image.rasters[0].pixels == [UInt8](repeating: 0, count: 72))
  }

  @Test func `rows in flight count towards the limit of a wide picture`() throws {
    // 60000 x 360 in RGB inflate to 2 MB less than the limit; nine rows of four bytes are more.
    let bytes = PNGFile(width: 60000, height: 361) { _, _, _ in 0 }
      .bytes(compressed: Deflate.zeros(about: 361 * 180_001))
    let image = try #require(try TemporaryArchive().read(bytes).image)
    #expect(image.lane == .vips)
  }
}
