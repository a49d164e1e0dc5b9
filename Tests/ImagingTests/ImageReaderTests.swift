import Catalog
import Foundation
import TestImages
import Testing

@testable import Imaging

struct ImageReaderTests {
  private static let sound = PNGFile(width: 40, height: 30) { x, y, c in (x * 5 + y * 3 + c) % 256 }
    .bytes

  @Test func `a file too long to be held is hashed in parts and read by the decoder process`()
    throws
  {
    let archive = try TemporaryArchive()
    let jpeg = JPEGFile(width: 64, height: 64, componentCount: 1) { x, y, _ in x * 20 + y * 9 }
      .bytes
    let padding = [UInt8](repeating: 0, count: DecodeSettings.wholeFileByteCount - jpeg.count)
    // The longest that is held, and one byte more.
    try archive.write(jpeg + padding, as: Array("held.jpg".utf8))
    try archive.write(jpeg + padding + [0], as: Array("long.jpg".utf8))
    let raster = RasterSpecification(width: 8, height: 8, channels: .gray)
    let reader = try archive.reader([raster])
    let held = reader.read(ArchivePath("held.jpg"))
    let long = reader.read(ArchivePath("long.jpg"))
    #expect(held.outcome.image?.lane == .jpeg)
    #expect(long.outcome.image?.lane == .vips)
    #expect(held.outcome.image?.rasters == long.outcome.image?.rasters)
    #expect(held.content == ContentHash(of: jpeg + padding))
    #expect(long.content == ContentHash(of: jpeg + padding + [0]))
  }

  @Test func `a known content is not decoded`() throws {
    let archive = try TemporaryArchive()
    try archive.write([1, 2, 3], as: Array("a.png".utf8))
    var asked = [ContentHash]()
    let read = try archive.reader().read(ArchivePath("a.png")) {
      asked.append($0)
      return true
    }
    #expect(read.outcome == .known)
    #expect(asked == [ContentHash(of: [1, 2, 3])])
    #expect(read.content == asked.first)
    #expect(read.sizeBytes == 3)
  }

  @Test func `what cannot be had is not read, with the reason`() throws {
    let archive = try TemporaryArchive()
    let folder = archive.folder
    try FileManager.default.createDirectory(
      at: folder.appending(path: "folder.png"), withIntermediateDirectories: false)
    #expect(unsafe mkfifo(folder.appending(path: "pipe.png").path, 0o600) == 0)
    try archive.write(Self.sound, as: Array("sound.png".utf8))
    try FileManager.default.createSymbolicLink(
      atPath: folder.appending(path: "link.png").path, withDestinationPath: "sound.png")
    let reader = try archive.reader()
    func outcome(_ name: String) -> ImageOutcome { reader.read(ArchivePath(name)).outcome }
    func notRead(_ name: String, _ reason: ReadFailure.Reason) -> ImageOutcome {
      .notRead(ReadFailure(path: ArchivePath(name), reason: reason))
    }
    #expect(outcome("gone.png") == notRead("gone.png", .vanished))
    #expect(outcome("sound.png/x.png") == notRead("sound.png/x.png", .vanished))
    #expect(outcome("folder.png") == notRead("folder.png", .notRegularFile))
    #expect(outcome("pipe.png") == notRead("pipe.png", .notRegularFile))
    #expect(outcome("link.png") == notRead("link.png", .notRegularFile))
    var following = DecodeSettings()
    following.followsLinks = true
    let linked = try archive.reader([.small], following).read(ArchivePath("link.png"))
    #expect(linked.outcome == outcome("sound.png"))
  }

  @Test func `a root that is not there is an error`() throws {
    let error = #expect(throws: ReadFailure.self) {
      try ImageReader(
        archive: Array("/nowhere/at/all".utf8), rasters: [], settings: DecodeSettings(),
        decoderExecutable: builtCommand)
    }
    #expect(error?.description == "the archive: it is not there any more")
  }

  @Test func `a file that changes while it is read is not read`() throws {
    let archive = try TemporaryArchive()
    try archive.write(Self.sound, as: Array("a.png".utf8))
    let root = unsafe open(archive.folder.path, O_RDONLY | O_DIRECTORY)
    defer { close(root) }
    var name = [UInt8]()
    let file = try ArchiveFile(
      ArchivePath("a.png"), below: root, followsLinks: false, name: &name)
    try archive.write(Self.sound + [0], as: Array("a.png".utf8))
    do throws(ReadFailure) {
      _ = try ReadBuffer().load(file)
      Issue.record("a changed file was read")
    } catch {
      #expect(error.description == "a.png: it changed while it was read")
    }
  }

  @Test func `a file over a limit is quarantined with the way to keep it`() throws {
    let archive = try TemporaryArchive()
    var few = DecodeSettings()
    few.maximumPixels = 1199
    for interlaced in [false, true] {
      var file = PNGFile(width: 40, height: 30) { _, _, _ in 0 }
      file.isInterlaced = interlaced
      let failure = try #require(try archive.read(file.bytes, as: "a\n.png", [.small], few).failure)
      #expect(
        failure.description
          == "a\\n.png: 40 x 30 pixels, over the limit of 1199; a new run with a higher "
          + "'maximumPixels' keeps it")
    }
    let tiff = TIFFFile(width: 40, height: 30, samples: .init(repeating: 0, count: 3600)).bytes
    let refused = try #require(try archive.read(tiff, as: "a.tif", [.small], few).failure)
    #expect(refused.stage == .header)
    #expect(refused.reason == .tooManyPixels(width: 40, height: 30, limit: 1199))
    few.maximumFileBytes = 100
    let long = try #require(try archive.read(Self.sound, as: "a.png", [.small], few).failure)
    #expect(long.reason == .fileTooLarge(byteCount: Self.sound.count, limit: 100))
  }

  @Test(arguments: [(200, 150, 50, 50, 38), (150, 200, 64, 48, 64), (20, 10, 64, 20, 10)])
  func `a thumbnail keeps the proportions and is never enlarged`(
    width: Int, height: Int, side: Int, thumbnailWidth: Int, thumbnailHeight: Int
  ) throws {
    let archive = try TemporaryArchive()
    let png = PNGFile(width: width, height: height) { _, _, c in [200, 120, 40][c] }
    var laced = png
    laced.isInterlaced = true
    for (name, bytes) in [("lane.png", png.bytes), ("process.png", laced.bytes)] {
      try archive.write(bytes, as: Array(name.utf8))
      let thumbnail = try archive.reader().thumbnail(ArchivePath(name), side: side)
      let raster = RasterSpecification(width: 1, height: 1, channels: .color)
      let image = try #require(try archive.read(thumbnail, as: "thumbnail.jpg", [raster]).image)
      #expect((image.width, image.height) == (thumbnailWidth, thumbnailHeight))
      #expect(difference(image.rasters[0].pixels, [200, 120, 40]) <= 3)
    }
  }

  @Test(arguments: [(200, 150, 64, 64), (200, 30, 64, 30), (20, 150, 20, 64), (20, 10, 20, 10)])
  func `a form of a size at most shrinks each side for itself`(
    width: Int, height: Int, newWidth: Int, newHeight: Int
  ) {
    let most = RasterSpecification(width: 64, height: 64, channels: .gray)
    let found = RasterForm.within(most).specification(width: width, height: height)
    #expect((found.width, found.height, found.channels) == (newWidth, newHeight, .gray))
    let raster = Raster(
      specification: found, pixels: Array(repeating: 0, count: found.byteCount))
    #expect(RasterForm.within(most).holds(raster))
    #expect(RasterForm.exactly(most).holds(raster) == (found == most))
  }

  @Test func `a thumbnail that memory is short for is no thumbnail, and no crash`() async {
    await #expect(processExitsWith: .success) {
      var random = SplitMix(seed: 1)
      // Noise, so that the JPEG is far longer than what libjpeg starts with.
      let specification = RasterSpecification(width: 1600, height: 1600, channels: .color)
      var pixels = [UInt8]()
      while pixels.count < specification.byteCount {
        let bits = random.next()
        for shift in 0..<8 { pixels.append(UInt8(truncatingIfNeeded: bits >> (8 * shift))) }
      }
      let noise = Raster(specification: specification, pixels: pixels)
      let lanes = LaneDecoder(settings: DecodeSettings())
      guard DecoderProcess.limit(memoryBytes: 0) else { exit(2) }
      leaveNoMemory(but: 2)
      #expect(throws: LaneDecoder.Problem.self) { try lanes.encode(noise) }
    }
  }

  @Test func `a thumbnail of what is no image is an error`() throws {
    let archive = try TemporaryArchive()
    try archive.write([1, 2, 3], as: Array("a.txt".utf8))
    let error = #expect(throws: DecodeFailure.self) {
      try archive.reader().thumbnail(ArchivePath("a.txt"), side: 32)
    }
    #expect(error?.reason == .notAnImage)
    let vanished = #expect(throws: ReadFailure.self) {
      try archive.reader().thumbnail(ArchivePath("gone.png"), side: 32)
    }
    #expect(vanished?.reason == .vanished)
  }
}

/// Takes all that the allocator has, and gives some parts of a megabyte back.
private func leaveNoMemory(but partCount: Int) {
  var parts = unsafe [UnsafeMutableRawPointer]()
  unsafe parts.reserveCapacity(4096)
  while let part = unsafe malloc(1 << 20) { unsafe parts.append(part) }
  for index in 0..<partCount { unsafe free(parts[index]) }
}
