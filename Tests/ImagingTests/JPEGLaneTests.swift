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

  /// Gray at an eighth of the size.
  private static func eighth(_ file: NoisyJPEG) -> RasterSpecification {
    RasterSpecification(width: file.width / 16, height: file.height / 16, channels: .gray)
  }

  @Test(
    arguments: NoisyJPEG.Layout.allCases,
    [
      [(1, 1)], [(2, 2)], [(2, 2), (1, 1), (1, 1)], [(2, 1), (1, 1), (2, 1)],
      [(1, 1), (1, 1), (1, 1)], [(4, 2), (1, 1), (1, 1)],
    ])
  func `gray at an eighth is that of libjpeg, bit for bit`(
    layout: NoisyJPEG.Layout, sampling: [(across: Int, down: Int)]
  ) throws {
    for seed: UInt64 in 0..<8 {
      let file = NoisyJPEG(
        width: 250 + 13 * Int(seed), height: 161 + 7 * Int(seed), sampling: sampling,
        layout: layout, restartInterval: [0, 1, 5, 300][Int(seed % 4)], seed: seed)
      let lanes = LaneDecoder(settings: DecodeSettings())
      let fast = try lanes.decode(.jpeg, file.bytes, [Self.eighth(file)])
      // Several scans of a picture that is not progressive are left to libjpeg.
      let isEighth = layout != .apart || sampling.count == 1
      #expect(lanes.eighthCount == (isEighth ? 1 : 0), "seed \(seed)")
      let image = try TemporaryArchive().read(file.bytes, as: "image", [Self.eighth(file)]).image
      #expect(image?.rasters == fast && image?.warningCount == 0, "seed \(seed)")
      lanes.usePortableCode()
      #expect(try lanes.decode(.jpeg, file.bytes, [Self.eighth(file)]) == fast, "seed \(seed)")
    }
  }

  @Test func `damaged files come out as libjpeg has them, at an eighth too`() throws {
    var random = SplitMix(seed: 7)
    var (decodedCount, eighthCount) = (0, 0)
    for number in 0..<1500 {
      let layout = NoisyJPEG.Layout.allCases[number % 3]
      let file = NoisyJPEG(
        width: 64, height: 48, sampling: [[(1, 1)], [(2, 2), (1, 1), (1, 1)]][number % 2],
        layout: layout, restartInterval: number % 5, seed: UInt64(number / 100))
      var bytes = file.bytes
      for _ in 0...Int.random(in: 0...3, using: &random) {
        // More often in the header than where most bytes are.
        let end = Bool.random(using: &random) ? 500 : bytes.count
        bytes[Int.random(in: 0..<min(end, bytes.count), using: &random)] =
          UInt8.random(in: 0...255, using: &random)
      }
      if number % 7 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
      func outcome(portable isPortable: Bool) -> String {
        let lanes = LaneDecoder(settings: DecodeSettings())
        if isPortable { lanes.usePortableCode() }
        do {
          let rasters = try lanes.decode(.jpeg, bytes, [Self.eighth(file)])
          decodedCount += 1
          eighthCount += lanes.eighthCount
          return "\(rasters.map(\.pixels))"
        } catch {
          return "\(error)"
        }
      }
      #expect(outcome(portable: false) == outcome(portable: true), "file \(number)")
    }
    #expect(decodedCount > 1000 && eighthCount > 200)
  }

  @Test func `a progressive picture of very many coefficients takes one way for all its rasters`()
    throws
  {
    // More than may be held at once, so that libjpeg cannot give its colours.
    var file = JPEGFile(width: 4200, height: 4200) { x, y, c in (x * 3 + y * 5 + c * 60) % 256 }
    file.frame = 0xC2
    let archive = try TemporaryArchive()
    let color = RasterSpecification(width: 16, height: 16, channels: .color)
    let alone = try #require(try archive.read(file.bytes, as: "image", [.small]).image)
    let beside = try #require(try archive.read(file.bytes, as: "image", [.small, color]).image)
    #expect(alone.lane == .vips && beside.lane == .vips)
    #expect(alone.rasters[0] == beside.rasters[0])
  }

  @Test func `gray at an eighth does not read the finer scans of a progressive picture`() throws {
    let file = NoisyJPEG(
      width: 256, height: 256, sampling: [(1, 1)], layout: .progressive, restartInterval: 0,
      seed: 1)
    var damaged = file.bytes
    // In the middle lies the scan of everything but the first coefficients.
    for index in (damaged.count / 2)..<(damaged.count / 2 + 50) { damaged[index] = 0x55 }
    let image = try #require(
      try TemporaryArchive().read(damaged, as: "image", [Self.eighth(file)]).image)
    #expect(image.warningCount == 0)
    let whole = try TemporaryArchive().read(file.bytes, as: "image", [Self.eighth(file)]).image
    #expect(image.rasters == whole?.rasters)
  }

  @Test func `a picture does not depend on the one before it`() throws {
    let lanes = LaneDecoder(settings: DecodeSettings())
    let file = NoisyJPEG(
      width: 64, height: 64, sampling: [(1, 1)], layout: .baseline, restartInterval: 0, seed: 2)
    _ = try lanes.decode(.jpeg, file.bytes, [.small])
    // Without quantisers of its own it has none.
    let start = try #require(file.bytes.firstRange(of: [0xFF, 0xDB] as [UInt8]))
    let without = file.bytes[..<start.lowerBound] + file.bytes[(start.lowerBound + 69)...]
    #expect(throws: LaneDecoder.Problem.self) {
      try lanes.decode(.jpeg, Array(without), [.small])
    }
  }
}
