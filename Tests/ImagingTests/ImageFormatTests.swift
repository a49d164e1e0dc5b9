import Catalog
import TestImages
import Testing

@testable import Imaging

struct ImageFormatTests {
  @Test(
    arguments: [
      ("jpeg", ImageFormat.jpeg, [0xFF, 0xD8, 0xFF, 0xE0]),
      ("gif", .gif, Array("GIF87a".utf8)),
      ("webp", .webp, Array("RIFF....WEBPVP8 ".utf8)),
      ("tiff", .tiff, [0x4D, 0x4D, 0, 42, 0, 0, 0, 8]),
      ("big tiff", .tiff, [0x49, 0x49, 43, 0, 8, 0, 0, 0]),
      ("heif", .heif, Array("\0\0\0\u{18}ftypheic\0\0\0\0mif1".utf8)),
      ("avif by a compatible brand", .avif, Array("\0\0\0\u{18}ftypmif1\0\0\0\0avif".utf8)),
      ("cr3", .cameraRaw, Array("\0\0\0\u{18}ftypcrx \0\0\0\0isom".utf8)),
      ("cr2", .cameraRaw, Array("II*\0\u{10}\0\0\0CR\u{2}\0".utf8)),
      ("jxl", .jpegXL, [0xFF, 0x0A]),
      ("svg behind a comment", .svg, Array("\u{FEFF} <!-- x --><svg/>".utf8)),
      ("exr", .openEXR, [0x76, 0x2F, 0x31, 0x01]),
      ("pgm", .netpbm, Array("P5\n3 4\n".utf8)),
      ("pbm with a comment", .netpbm, Array("P1\r\n# made by hand\n2 2\n".utf8)),
      ("pam", .netpbm, Array("P7\nWIDTH 4\n".utf8)),
    ] as [(String, ImageFormat, [UInt8])])
  func `a format is known by its first bytes`(
    name: String, format: ImageFormat, bytes: [UInt8]
  ) {
    #expect(ImageFormat.identify(bytes) == format)
  }

  @Test(arguments: [
    "", "P", "BMW", "\0\0\u{1}", "RIFF....WAVE", "\0\0\0\u{18}ftypisom", "<html>",
    "P1 fix the roof", "P1", "P6\n", "P512", "P7 of ten",
  ])
  func `other bytes are no format`(text: String) {
    #expect(ImageFormat.identify(Array(text.utf8)) == nil)
  }

  @Test func `what a decoder quotes of a file moves no cursor`() {
    let failure = DecodeFailure(
      path: ArchivePath("a.png"), stage: .decode, decoder: .libvips,
      reason: .damaged(detail: "tag \u{1B}[2J\u{202E} of\nnothing"))
    #expect(
      failure.description
        == #"a.png: cannot be decoded (libvips): tag \x1B[2J\xE2\x80\xAE of\nnothing"#)
  }

  @Test func `a name promises an image by its extension, in any case`() {
    #expect(ImageName.promisesImage(ArchivePath("a/b.c/x.JPeG")))
    #expect(!ImageName.promisesImage(ArchivePath("a.png/x")))
    #expect(!ImageName.promisesImage(ArchivePath("png")))
    #expect(!ImageName.promisesImage(ArchivePath("x.png ")))
  }

  @Test func `every format is read, or says what it would take`() {
    let formats = readableFormats()
    #expect(formats.map(\.format) == ImageFormat.allCases)
    #expect(formats.allSatisfy { $0.lane != nil || !$0.wayIn.isEmpty })
    #expect(formats.first { $0.format == .tiff }?.lane == .vips)
    #expect(formats.first { $0.format == .bmp }?.lane == .bmp)
    #expect(formats.first { $0.format == .ico }?.lane == nil)
  }

  @Test func `the content hash is XXH3 of 128 bits in canonical form`() {
    // `printf '' | xxhsum -H2` and `printf abc | xxhsum -H2`, xxhsum 0.8.1.
    #expect(ContentHash(of: []).hexadecimal == "99aa06d3014798d86001c324468d497f")
    #expect(ContentHash(of: Array("abc".utf8)).hexadecimal == "06b05ab6733a618578af5f94892f3950")
    let hash = ContentHash(of: [7])
    #expect(ContentHash(bytes: hash.bytes) == hash)
  }
}
