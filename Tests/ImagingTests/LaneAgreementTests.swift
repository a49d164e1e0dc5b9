import Catalog
import Glibc
import TestImages
import Testing

@testable import Imaging

/// libvips and the fast lanes on the same picture.
struct LaneAgreementTests {
  private static let rasters = [
    RasterSpecification(width: 32, height: 24, channels: .color),
    RasterSpecification(width: 9, height: 8, channels: .gray),
  ]

  /// What the decoder process makes of a file, whatever lane it would have taken.
  private func byProcess(
    _ bytes: [UInt8], _ format: ImageFormat, orientation: Int? = nil
  ) throws -> [Raster] {
    let archive = try TemporaryArchive()
    try archive.write(bytes, as: Array("image".utf8))
    let root = unsafe open(archive.folder.path, O_RDONLY | O_DIRECTORY)
    defer { close(root) }
    var name = [UInt8]()
    let file = try ArchiveFile(
      ArchivePath("image"), below: root, followsLinks: false, name: &name)
    let client = DecoderClient(executable: builtCommand, memoryBytes: 2 << 30)
    let request = DecoderRequest(
      format: format, orientation: orientation.map(Orientation.init(rawValue:)),
      settings: DecodeSettings(), rasters: Self.rasters.map(RasterForm.exactly))
    let answer = try client.decode(
      request, descriptor: file.descriptor, deadline: Deadline(afterSeconds: 60))
    #expect(answer.reply.outcome == .decoded, "\(answer.reply.detail)")
    let middle = Self.rasters[0].byteCount
    return [
      Raster(specification: Self.rasters[0], pixels: Array(answer.pixels[..<middle])),
      Raster(specification: Self.rasters[1], pixels: Array(answer.pixels[middle...])),
    ]
  }

  @Test(arguments: PNGLaneTests.kinds, UInt64(0)..<3)
  func `libvips and the PNG lane give the same rasters`(
    kind: (colorType: Int, depth: Int), seed: UInt64
  ) throws {
    var random = SplitMix(seed: seed &+ 1000)
    let bytes = RandomPicture(colorType: kind.colorType, depth: kind.depth, using: &random).file
      .bytes
    let lane = try TemporaryArchive().read(bytes, as: "image", Self.rasters).image
    let process = try byProcess(bytes, .png)
    #expect(lane?.lane == .png)
    // Gray over three equal channels may round otherwise than gray alone.
    for (left, right) in zip(lane?.rasters ?? [], process) {
      #expect(difference(left.pixels, right.pixels) <= 1)
    }
  }

  @Test(arguments: UInt64(0)..<4)
  func `an interlaced picture is the same picture`(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    var file = RandomPicture(colorType: 6, depth: 8, using: &random).file
    let archive = try TemporaryArchive()
    let plain = try #require(try archive.read(file.bytes, as: "plain", Self.rasters).image)
    file.isInterlaced = true
    let interlaced = try #require(try archive.read(file.bytes, as: "laced", Self.rasters).image)
    #expect(interlaced.lane == .vips)
    #expect(interlaced.rasters == plain.rasters)
  }

  @Test func `libvips and the JPEG lane agree within three levels`() throws {
    // Flat blocks, so that the scaled transform loses nothing; what is left is libvips' way from
    // YCbCr over RGB to gray, and smoothed against plain chroma at the borders of blocks.
    let file = JPEGFile(width: 256, height: 192) { x, y, c in
      c == 0 ? (x * 3 + y * 5) % 256 : 120 + (x + y) % 16
    }
    let lane = try #require(try TemporaryArchive().read(file.bytes, as: "a", Self.rasters).image)
    #expect(lane.lane == .jpeg)
    let process = try byProcess(file.bytes, .jpeg)
    for (left, right) in zip(lane.rasters, process) {
      #expect(difference(left.pixels, right.pixels) <= 3)
    }
  }

  @Test func `TIFF, GIF and WebP give the pixels that were written`() throws {
    let archive = try TemporaryArchive()
    let samples = (0..<(32 * 24 * 3)).map { $0 * 7 % 256 }
    let tiff = TIFFFile(width: 32, height: 24, samples: samples).bytes
    let read = try #require(try archive.read(tiff, as: "a", Self.rasters).image)
    #expect(read.rasters[0].pixels.map(Int.init) == samples)
    #expect(read.lane == .vips)
    let gif = GIFFile.bytes(width: 32, height: 24, frames: [77, 5])
    let first = try #require(try archive.read(gif, as: "b", Self.rasters).image)
    #expect(first.rasters[1].pixels == [UInt8](repeating: 154, count: 72))
    let webp = WebPFile.bytes(width: 11, height: 9, red: 200, green: 10, blue: 60, alpha: 0)
    let clear = try #require(try archive.read(webp, as: "c", Self.rasters).image)
    #expect(clear.rasters[0].pixels.allSatisfy { $0 == 255 })
    let solid = WebPFile.bytes(width: 11, height: 9, red: 200, green: 10, blue: 60)
    let color = try #require(try archive.read(solid, as: "d", Self.rasters).image)
    #expect(Array(color.rasters[0].pixels.prefix(3)) == [200, 10, 60])
  }
}
