import Catalog
import Foundation
import TestImages
import Testing

@testable import Imaging

struct DecoderProcessTests {
  private static var laced: PNGFile {
    var file = PNGFile(width: 40, height: 30) { x, y, c in (x * 5 + y * 3 + c) % 256 }
    file.isInterlaced = true
    return file
  }

  @Test func `without the command an image is not read, and never quarantined`() throws {
    let archive = try TemporaryArchive()
    try archive.write(Self.laced.bytes, as: Array("a.png".utf8))
    let reasons: [(String, ReadFailure.Reason)] = [
      ("/nowhere/likeness", .decoderNotStarted(errno: ENOENT)), ("/bin/true", .decoderEndedEarly),
    ]
    for (executable, reason) in reasons {
      let reader = try archive.reader(decoderExecutable: executable)
      let expected = ReadFailure(path: ArchivePath("a.png"), reason: reason)
      #expect(reader.read(ArchivePath("a.png")).outcome == .notRead(expected))
    }
  }

  @Test func `an image that takes too long is out of time, and the next one is read`() throws {
    let archive = try TemporaryArchive()
    var hasty = DecodeSettings()
    hasty.secondsPerImage = 0
    try archive.write(Self.laced.bytes, as: Array("a.png".utf8))
    let reader = try archive.reader([.small], hasty)
    for _ in 0..<2 {
      guard case .outOfTime(let failure) = reader.read(ArchivePath("a.png")).outcome else {
        Issue.record("no time, and yet decoded")
        return
      }
      #expect(
        failure.description
          == "a.png: not decoded in 0 s; a new run with a higher 'secondsPerImage' gives it longer")
    }
    #expect(try archive.reader().read(ArchivePath("a.png")).outcome.image != nil)
  }

  @Test func `an image that needs too much memory is quarantined, and the next one is read`() throws
  {
    let archive = try TemporaryArchive()
    var narrow = DecodeSettings()
    narrow.decoderMemoryBytes = 300 << 20
    // Interlaced, so that libvips holds all of its 784 MB.
    var large = PNGFile(width: 14000, height: 14000, colorType: 6) { _, _, _ in 0 }
    large.isInterlaced = true
    try archive.write(
      large.bytes(compressed: Deflate.zeros(about: 1 << 20)), as: Array("large.png".utf8))
    try archive.write(Self.laced.bytes, as: Array("small.png".utf8))
    let reader = try archive.reader([.small], narrow)
    let small = reader.read(ArchivePath("small.png"))
    #expect(small.outcome.image != nil)
    let failure = try #require(reader.read(ArchivePath("large.png")).outcome.failure)
    #expect(failure.decoder == .libvips)
    #expect(failure.message.contains("memory"))
    #expect(reader.read(ArchivePath("small.png")) == small)
  }

  @Test func `where memory runs out without a word the limit is named`() throws {
    var narrow = DecodeSettings()
    narrow.decoderMemoryBytes = 400 << 20
    // Interlaced and of 16 bits: room for libvips' 288 MB, none for as much in the PNG library.
    var large = PNGFile(width: 6000, height: 6000, colorType: 6, depth: 16) { _, _, _ in 0 }
    large.isInterlaced = true
    let archive = try TemporaryArchive()
    try archive.write(
      large.bytes(compressed: Deflate.zeros(about: 1 << 20)), as: Array("large.png".utf8))
    let outcome = try archive.reader([.small], narrow).read(ArchivePath("large.png")).outcome
    #expect(
      outcome.failure?.message
        == "cannot be decoded (libvips): no reason given: it is damaged, or needs more than "
        + "'decoderMemory', 419430400 bytes")
  }

  @Test func `the least memory that the settings take is enough for a small image`() throws {
    var least = DecodeSettings()
    least.decoderMemoryBytes = 64 << 20
    let tiff = TIFFFile(width: 4, height: 3, samples: .init(repeating: 9, count: 36)).bytes
    let files = [
      Self.laced.bytes, tiff, GIFFile.bytes(width: 5, height: 4, frames: [3]),
      WebPFile.bytes(width: 6, height: 5, red: 1, green: 2, blue: 3),
    ]
    for bytes in files {
      let image = try #require(try TemporaryArchive().read(bytes, as: "a", [.small], least).image)
      #expect(image.lane == .vips)
    }
  }

  @Test(arguments: [
    (0, 30, false), (40, 0, false), (Int(Int32.max), Int(Int32.max), false),
    (DecodeSettings.maximumSide + 1, 1, false), (40, 30, true),
  ])
  func `a process is believed only sizes that a sound one would decode`(
    width: Int, height: Int, isBelieved: Bool
  ) throws {
    let archive = try TemporaryArchive()
    try archive.write(Self.laced.bytes, as: Array("a.png".utf8))
    let reply = DecoderReply(outcome: .decoded, width: width, height: height)
    try archive.write(
      reply.bytes + [UInt8](repeating: 7, count: 32 * 24 * 3), as: Array("reply".utf8))
    let script = """
      #!/bin/sh
      printf 'L\\010\\016\\001' >&3
      head -c \(DecoderRequest.byteCount) <&3 >/dev/null
      cat '\(archive.folder.path)/reply' >&3
      """
    let impostor = archive.folder.appending(path: "impostor").path
    try archive.write(Array(script.utf8), as: Array("impostor".utf8))
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: impostor)
    let reader = try archive.reader(decoderExecutable: impostor)
    let outcome = reader.read(ArchivePath("a.png")).outcome
    #expect(outcome.image?.width == (isBelieved ? width : nil))
    #expect(outcome.failure?.reason == (isBelieved ? nil : .decoderDied(signal: 0)))
    if isBelieved {
      #expect(throws: Never.self) { try reader.thumbnail(ArchivePath("a.png"), side: 32) }
    } else {
      #expect(throws: DecodeFailure.self) { try reader.thumbnail(ArchivePath("a.png"), side: 32) }
    }
  }

  @Test func `a process that was killed between two images is replaced`() throws {
    let archive = try TemporaryArchive()
    try archive.write(Self.laced.bytes, as: Array("a.png".utf8))
    let reader = try archive.reader()
    let first = reader.read(ArchivePath("a.png"))
    #expect(first.outcome.image != nil)
    kill(reader.client.process, SIGKILL)
    #expect(reader.read(ArchivePath("a.png")) == first)
  }

  @Test func `the process ends with its worker`() throws {
    let archive = try TemporaryArchive()
    try archive.write(Self.laced.bytes, as: Array("a.png".utf8))
    var reader: ImageReader? = try archive.reader()
    #expect(reader?.read(ArchivePath("a.png")).outcome.image != nil)
    let process = try #require(reader?.client.process)
    #expect(kill(process, 0) == 0)
    reader = nil
    #expect(kill(process, 0) == -1)
  }

  @Test func `requests and replies survive the way`() throws {
    var settings = DecodeSettings()
    settings.background = DecodeSettings.Color(red: 1, green: 2, blue: 3)
    settings.maximumPixels = 123_456_789_012
    let rasters = (1...10).flatMap { number -> [RasterForm] in
      let channels: RasterSpecification.Channels = number % 2 == 0 ? .color : .gray
      let exact = RasterSpecification(width: number * 1000, height: number, channels: channels)
      return [.exactly(exact), .within(exact), .fitting(side: number * 100, channels)]
    }
    let request = DecoderRequest(
      format: .heif, orientation: Orientation(rawValue: 7), settings: settings,
      rasters: rasters)
    let copy = DecoderRequest(request.bytes)
    #expect(copy.bytes == request.bytes)
    #expect(copy.rasters == rasters)
    #expect(copy.settings.maximumPixels == settings.maximumPixels)
    let reply = DecoderReply(outcome: .damaged, width: 5, height: 6, detail: "no\u{E9}")
    let received = try #require(DecoderReply(reply.bytes))
    #expect((received.width, received.height, received.detail) == (5, 6, "no\u{E9}"))
  }

  @Test(arguments: UInt64(0)..<50)
  func `no bytes of a reply are believed that cannot be true`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var bytes = DecoderReply(outcome: .damaged, width: 5, height: 6, detail: "x").bytes
    for _ in 0..<4 { bytes[Int.random(in: 0..<32, using: &random)] ^= UInt8.random(in: 1...255) }
    guard let reply = DecoderReply(bytes) else { return }
    #expect((0...Int(Int32.max)).contains(reply.width))
    #expect((0...Int(Int32.max)).contains(reply.height))
    #expect(reply.detail.utf8.count <= 3 * DecoderReply.byteCount)
  }
}
