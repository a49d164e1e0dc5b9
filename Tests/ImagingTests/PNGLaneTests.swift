import TestImages
import Testing

@testable import Imaging

struct PNGLaneTests {
  static let kinds: [(colorType: Int, depth: Int)] =
    [1, 2, 4, 8, 16].map { (0, $0) } + [1, 2, 4, 8].map { (3, $0) }
    + [2, 4, 6].flatMap { [($0, 8), ($0, 16)] }

  @Test(arguments: kinds, UInt64(0)..<6)
  func `every kind of pixel gives the area mean of its colours on the background`(
    kind: (colorType: Int, depth: Int), seed: UInt64
  ) throws {
    var random = SplitMix(seed: seed)
    let picture = RandomPicture(colorType: kind.colorType, depth: kind.depth, using: &random)
    var settings = DecodeSettings()
    settings.background = DecodeSettings.Color(red: 30, green: 200, blue: 90)
    let color = RasterSpecification(width: 5, height: 3, channels: .color)
    let gray = RasterSpecification(width: 7, height: 11, channels: .gray)
    let outcome = try TemporaryArchive().read(
      picture.file.bytes, as: "image", [color, gray], settings)
    let image = try #require(outcome.image)
    #expect(image.lane == .png)
    #expect((image.width, image.height) == (picture.file.width, picture.file.height))
    // Alpha is rounded once a pixel, the mean once a cell; gray has one rounding more.
    let exactColor = picture.mean(color, background: [30, 200, 90])
    let exactGray = picture.mean(gray, background: [30, 200, 90])
    for (pixel, exact) in zip(image.rasters[0].pixels, exactColor) {
      #expect(abs(Double(pixel) - exact) <= 1.01, "\(picture.file.width) wide")
    }
    for (pixel, exact) in zip(image.rasters[1].pixels, exactGray) {
      #expect(abs(Double(pixel) - exact) <= 1.51, "\(picture.file.width) wide")
    }
  }

  @Test(arguments: UInt64(0)..<60)
  func `four rows at once are undone like one after another`(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let picture = RandomPicture(
      colorType: Bool.random(using: &random) ? 2 : 6, depth: 8, using: &random)
    let full = RasterSpecification(
      width: picture.file.width, height: picture.file.height, channels: .color)
    let gray = RasterSpecification(width: full.width, height: full.height, channels: .gray)
    var rasters = [[Raster]]()
    for isPortable in [false, true] {
      let lanes = LaneDecoder(settings: DecodeSettings())
      if isPortable { lanes.usePortableCode() }
      rasters.append(try lanes.decode(.png, picture.file.bytes, [full, gray]))
    }
    #expect(rasters[0] == rasters[1])
    // A raster of the picture's own size is the picture.
    let exact = picture.mean(full, background: [255, 255, 255])
    #expect(zip(rasters[0][0].pixels, exact).allSatisfy { abs(Double($0) - $1) <= 0.51 })
  }

  @Test(arguments: 1...8)
  func `a picture with an orientation is the turned picture`(orientation: Int) throws {
    let archive = try TemporaryArchive()
    func picture(_ x: Int, _ y: Int, _ c: Int) -> Int { (x * 11 + y * 5 + c * 60) % 256 }
    let (width, height) = (21, 13)
    var stored = PNGFile(width: width, height: height, sample: picture)
    stored.exif = ExifBlock.bytes(orientation: orientation)
    let swaps = orientation >= 5
    let turned = PNGFile(width: swaps ? height : width, height: swaps ? width : height) { x, y, c in
      switch orientation {
      case 2: picture(width - 1 - x, y, c)
      case 3: picture(width - 1 - x, height - 1 - y, c)
      case 4: picture(x, height - 1 - y, c)
      case 5: picture(y, x, c)
      case 6: picture(y, height - 1 - x, c)
      case 7: picture(width - 1 - y, height - 1 - x, c)
      case 8: picture(width - 1 - y, x, c)
      default: picture(x, y, c)
      }
    }
    let rasters = [
      RasterSpecification(width: 6, height: 4, channels: .color),
      RasterSpecification(width: 3, height: 9, channels: .gray),
    ]
    let first = try #require(try archive.read(stored.bytes, as: "a", rasters).image)
    let second = try #require(try archive.read(turned.bytes, as: "b", rasters).image)
    #expect(first == second)
  }

  @Test func `an orientation behind a wrong checksum is passed over`() throws {
    var file = PNGFile(width: 20, height: 10) { x, y, c in x * 9 + y * 5 + c }
    let upright = try #require(try TemporaryArchive().read(file.bytes).image)
    file.exif = ExifBlock.bytes(orientation: 6)
    var bytes = file.bytes
    let turned = try #require(try TemporaryArchive().read(bytes).image)
    #expect((turned.width, turned.height) == (10, 20))
    // Behind signature and header: length, type, data, checksum.
    bytes[33 + 8 + file.exif.count] ^= 1
    let image = try #require(try TemporaryArchive().read(bytes).image)
    #expect((image.width, image.warningCount) == (20, 1))
    #expect(image.rasters == upright.rasters)
  }

  @Test func `a chunk type that is no text does not reach the message`() throws {
    var clear = PNGFile.chunk("\u{1B}[2J", [1])
    clear[clear.count - 1] ^= 1
    let sound = PNGFile(width: 4, height: 4) { _, _, _ in 0 }.bytes
    let bytes = Array(sound.prefix(33)) + clear + sound.dropFirst(33)
    let failure = try #require(try TemporaryArchive().read(bytes).failure)
    #expect(
      failure.message
        == "cannot be decoded (libdeflate): a chunk of no sound type with a wrong checksum")
  }

  @Test func `what is asked for beside a raster does not change it`() throws {
    let archive = try TemporaryArchive()
    let bytes = PNGFile(width: 50, height: 40, colorType: 6) { x, y, c in (x * y + c * 9) % 256 }
      .bytes
    let color = RasterSpecification(width: 32, height: 32, channels: .color)
    let alone = try archive.read(bytes, as: "a", [.small]).image?.rasters
    let beside = try archive.read(bytes, as: "a", [color, .small, color]).image?.rasters
    #expect(alone?.first == beside?[1])
    #expect(beside?.first == beside?.last)
  }
}
