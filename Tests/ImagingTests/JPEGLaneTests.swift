import Catalog
import TestImages
import Testing

@testable import Imaging

struct JPEGLaneTests {
  /// 16 x 12 blocks of different grays.
  private static var blocks: JPEGFile {
    JPEGFile(width: 128, height: 96, componentCount: 1) { x, y, _ in (x * 37 + y * 101) % 256 }
  }

  @Test(arguments: [(16, 12), (8, 6), (4, 4), (2, 3)])
  func `a gray picture of flat blocks gives the mean of its blocks`(
    width: Int, height: Int
  ) throws {
    let raster = RasterSpecification(width: width, height: height, channels: .gray)
    let outcome = try TemporaryArchive().read(Self.blocks.bytes, as: "image", [raster])
    let image = try #require(outcome.image)
    #expect(image.lane == .jpeg)
    #expect(image.warningCount == 0)
    let (dx, dy) = (16 / width, 12 / height)
    for y in 0..<height {
      for x in 0..<width {
        let cells = (0..<(dx * dy)).map { i in
          Self.blocks.block(x * dx + i % dx, y * dy + i / dx, 0)
        }
        let mean = Double(cells.reduce(0, +)) / Double(cells.count)
        #expect(abs(Double(image.rasters[0].pixels[y * width + x]) - mean) <= 0.51)
      }
    }
  }

  @Test func `gray is the Y of a colour picture and does not depend on what else is asked for`()
    throws
  {
    let archive = try TemporaryArchive()
    let color = JPEGFile(width: 160, height: 120) { x, y, c in
      [(x * 13 + y * 7) % 256, (x * 5 + 90) % 256, (y * 11 + 60) % 256][c]
    }
    let gray = JPEGFile(width: 160, height: 120, componentCount: 1) { x, y, _ in
      color.block(x, y, 0)
    }
    let alone = try archive.read(color.bytes).image?.rasters
    #expect(try archive.read(gray.bytes).image?.rasters == alone)
    let others = [
      RasterSpecification(width: 32, height: 32, channels: .color), .small,
      RasterSpecification(width: 64, height: 64, channels: .gray),
    ]
    let beside = try archive.read(color.bytes, as: "image", others).image?.rasters
    #expect(beside?[1] == alone?.first)
  }

  @Test(arguments: 1...8)
  func `orientation turns the picture`(orientation: Int) throws {
    let archive = try TemporaryArchive()
    let (width, height) = (10, 6)
    func value(_ x: Int, _ y: Int) -> Int { (x * 20 + y * 35) % 256 }
    var stored = JPEGFile(width: 8 * width, height: 8 * height, componentCount: 1) { x, y, _ in
      value(x, y)
    }
    stored.segments = JPEGFile.exif(orientation: orientation)
    let swaps = orientation >= 5
    let (columns, rows) = swaps ? (height, width) : (width, height)
    let raster = RasterSpecification(width: columns, height: rows, channels: .gray)
    let image = try #require(try archive.read(stored.bytes, as: "image", [raster]).image)
    #expect((image.width, image.height) == (8 * columns, 8 * rows))
    let expected = (0..<(rows * columns)).map { index in
      let (x, y) = (index % columns, index / columns)
      return switch orientation {
      case 2: value(width - 1 - x, y)
      case 3: value(width - 1 - x, height - 1 - y)
      case 4: value(x, height - 1 - y)
      case 5: value(y, x)
      case 6: value(y, height - 1 - x)
      case 7: value(width - 1 - y, height - 1 - x)
      case 8: value(width - 1 - y, x)
      default: value(x, y)
      }
    }
    #expect(image.rasters[0].pixels.map(Int.init) == expected)
  }

  @Test func `a picture cut short is kept with a warning when half of it is there`() throws {
    let archive = try TemporaryArchive()
    let whole = Self.blocks.bytes
    let most = whole.dropLast(Self.blocks.scanData.count / 4)
    let little = whole.dropLast(Self.blocks.scanData.count * 3 / 4)
    #expect(try #require(try archive.read(Array(most)).image).warningCount > 0)
    let failure = try #require(try archive.read(Array(little)).failure)
    #expect(
      failure.description
        == "image: cannot be decoded (libjpeg-turbo): it is cut short: less than half of it is there"
    )
  }
}
