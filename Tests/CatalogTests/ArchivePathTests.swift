import Catalog
import TestImages
import Testing

@Suite struct ArchivePathTests {
  @Test func `composed and decomposed letters are two paths, though one string to Swift`() {
    #expect("\u{E9}.png" == "e\u{301}.png")
    #expect(ArchivePath("\u{E9}.png") != ArchivePath("e\u{301}.png"))
    #expect(Set([ArchivePath("\u{E9}.png"), ArchivePath("e\u{301}.png")]).count == 2)
  }

  @Test func `paths are ordered by byte, not by letter`() {
    let names: [[UInt8]] = [
      [], Array("B".utf8), Array("a".utf8), Array("a/b".utf8), Array("a0".utf8),
      Array("\u{E9}".utf8), [0xFF], [0xFF, 0x00],
    ]
    let paths = names.map(ArchivePath.init(bytes:))
    #expect(paths.reversed().sorted() == paths)
  }

  @Test func `bytes that are not UTF-8 are kept and are no text`() {
    let path = ArchivePath(bytes: [0x66, 0xFF, 0xFE])
    #expect(path.bytes == [0x66, 0xFF, 0xFE])
    #expect(path.utf8 == nil)
    #expect(ArchivePath("ä/ö.png").utf8 == "ä/ö.png")
  }

  @Test(arguments: [
    ("plain name.png", "plain name.png"), ("Grüße, 日本 🎞.png", "Grüße, 日本 🎞.png"),
    ("a\nb\tc\\d", #"a\nb\tc\\d"#), ("\u{1B}[31mred", #"\x1B[31mred"#), ("\u{7F}", #"\x7F"#),
    ("\u{202E}gnp.exe", #"\xE2\x80\xAEgnp.exe"#), ("a\u{2028}b", #"a\xE2\x80\xA8b"#),
    ("\u{85}", #"\xC2\x85"#),
  ]) func `a name is shown on one line, with nothing that a terminal obeys`(
    name: String, shown: String
  ) {
    #expect(ArchivePath(name).displayName == shown)
  }

  @Test(
    arguments: [
      ([0x66, 0xFF, 0xFE, 0x80], #"f\xFF\xFE\x80"#),
      // A sequence that is cut off, a surrogate, and an overlong slash are no UTF-8.
      ([0x61, 0xE2, 0x80], #"a\xE2\x80"#), ([0xED, 0xA0, 0x80], #"\xED\xA0\x80"#),
      ([0xC0, 0xAF, 0x62], #"\xC0\xAFb"#), ([0xC3, 0x28], #"\xC3("#),
    ] as [([UInt8], String)]) func `bytes that are not UTF-8 are shown one by one`(
      bytes: [UInt8], shown: String
    )
  {
    #expect(ArchivePath(bytes: bytes).displayName == shown)
  }

  @Test(arguments: UInt8(0)...255) func `no single byte is shown as a control character`(
    byte: UInt8
  ) {
    let shown = ArchivePath(bytes: [0x61, byte, 0x62]).displayName
    #expect(shown.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) }, "\(shown)")
    #expect(shown.hasPrefix("a") && shown.hasSuffix("b"))
  }

  @Test(arguments: UInt64(0)..<50) func `what a path is shown as says which path it is`(
    seed: UInt64
  ) {
    var random = SplitMix(seed: seed)
    let bytes = Array("\n\t\u{1B} \\nxF\u{E9}".utf8) + [0xFF]
    let path = ArchivePath(bytes: (0..<40).compactMap { _ in bytes.randomElement(using: &random) })
    #expect(ArchivePath(displayName: path.displayName) == path)
  }

  @Test(arguments: [#"a\"#, #"a\q"#, #"\x"#, #"\x4"#, #"\xG0"#, #"\x+1"#])
  func `an escape that no path is shown with names none`(text: String) {
    #expect(ArchivePath(displayName: text) == nil)
  }

  @Test(arguments: [(0, "00000"), (17, "00017"), (99_999, "99999"), (123_456, "123456")])
  func `a number is padded with zeros and never cut`(number: Int, text: String) {
    #expect(number.zeroPadded(5) == text)
  }

  @Test(arguments: [("a/b/c.png", "c.png"), ("c.png", "c.png"), ("", "")])
  func `the last component is what follows the last slash`(path: String, last: String) {
    #expect(ArchivePath(path).lastComponent == ArchivePath(last))
  }
}
