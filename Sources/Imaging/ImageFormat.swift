/// The kind of a file, known by its first bytes and never by its name.
public enum ImageFormat: String, CaseIterable, Sendable {
  case jpeg, png, gif, webp, tiff, heif, avif, jpegXL, jpeg2000
  case bmp, ico, psd, cameraRaw, openEXR, netpbm, qoi, dds
  case svg, pdf, postScript

  /// How many of a file's first bytes `identify` looks at.
  public static let prefixByteCount = 1024

  /// What the first bytes of a file say that it is, or nil when they say nothing known.
  ///
  /// - Parameter prefix: the first `prefixByteCount` bytes, or all of a shorter file.
  public static func identify(_ prefix: some RandomAccessCollection<UInt8>) -> ImageFormat? {
    let bytes = Prefix(prefix)
    if bytes.holds([0xFF, 0xD8, 0xFF]) { return .jpeg }
    if bytes.holds([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    return identifyOther(bytes)
  }

  private static func identifyOther<Bytes>(_ bytes: Prefix<Bytes>) -> ImageFormat? {
    if bytes.holds("GIF87a") || bytes.holds("GIF89a") { return .gif }
    if bytes.holds("RIFF"), bytes.holds("WEBP", at: 8) { return .webp }
    if let raw = identifyRaw(bytes) { return raw }
    let classic = bytes.holds([0x49, 0x49, 42, 0]) || bytes.holds([0x4D, 0x4D, 0, 42])
    let big = bytes.holds([0x49, 0x49, 43, 0]) || bytes.holds([0x4D, 0x4D, 0, 43])
    if classic || big { return .tiff }
    if bytes.holds("ftyp", at: 4) { return identifyBrand(bytes) }
    if bytes.holds([0xFF, 0x0A]) || bytes.holds([0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20]) {
      return .jpegXL
    }
    if bytes.holds([0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20]) || bytes.holds([0xFF, 0x4F, 0xFF, 0x51]) {
      return .jpeg2000
    }
    if bytes.holds("BM"), bytes.holds([0, 0, 0, 0], at: 6) { return .bmp }
    if bytes.holds([0, 0, 1, 0]) || bytes.holds([0, 0, 2, 0]), (1...64).contains(bytes[4]),
      bytes[5] == 0, bytes.count >= 22
    {
      return .ico
    }
    if bytes.holds("8BPS") { return .psd }
    if bytes.holds([0x76, 0x2F, 0x31, 0x01]) { return .openEXR }
    if bytes.holds("qoif") { return .qoi }
    if bytes.holds("DDS ") { return .dds }
    return isNetpbm(bytes) ? .netpbm : identifyText(bytes)
  }

  /// P1 to P6 and a number or a comment, or P7 with its first line: a text may begin with "P1 " too.
  private static func isNetpbm<Bytes>(_ bytes: Prefix<Bytes>) -> Bool {
    if bytes.holds("P7\nWIDTH") || bytes.holds("P7\n#") { return true }
    guard bytes[0] == UInt8(ascii: "P"), (0x31...0x36).contains(bytes[1]) else { return false }
    var at = 2
    while [0x20, 0x0A, 0x0D, 0x09].contains(bytes[at]) { at += 1 }
    let isNumber = at > 2 && (0x30...0x39).contains(bytes[at])
    return isNumber || bytes[at] == UInt8(ascii: "#")
  }

  /// The box format shared by HEIF, AVIF and Canon's CR3: the major brand, then the compatible ones.
  private static func identifyBrand<Bytes>(_ bytes: Prefix<Bytes>) -> ImageFormat? {
    let end = min(Int(bytes[2]) << 8 | Int(bytes[3]), bytes.count, 128)
    for at in [8] + Array(stride(from: 16, to: max(16, end - 3), by: 4)) {
      if bytes.holds("avif", at: at) || bytes.holds("avis", at: at) { return .avif }
    }
    if bytes.holds("crx ", at: 8) { return .cameraRaw }
    let brands = ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"]
    return brands.contains { bytes.holds($0, at: 8) } ? .heif : nil
  }

  /// Raw files of cameras that can be told from a TIFF: those libvips would show the preview of.
  private static func identifyRaw<Bytes>(_ bytes: Prefix<Bytes>) -> ImageFormat? {
    if bytes.holds("II*\0"), bytes.holds("CR", at: 8) { return .cameraRaw }
    if bytes.holds("IIRO") || bytes.holds("IIRS") || bytes.holds("MMOR") { return .cameraRaw }
    if bytes.holds([0x49, 0x49, 0x55, 0]) || bytes.holds("FUJIFILMCCD-RAW") { return .cameraRaw }
    return TIFFDirectory(bytes).map(\.isCameraRaw) == true ? .cameraRaw : nil
  }

  private static func identifyText<Bytes>(_ bytes: Prefix<Bytes>) -> ImageFormat? {
    if bytes.holds("%PDF-") { return .pdf }
    if bytes.holds("%!PS") { return .postScript }
    var at = bytes.holds([0xEF, 0xBB, 0xBF]) ? 3 : 0
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    guard at < bytes.count, bytes[at] == UInt8(ascii: "<") else { return nil }
    let isSVG = (at..<max(at, bytes.count - 4)).contains { bytes.holds("<svg", at: $0) }
    return isSVG ? .svg : nil
  }
}

/// The first bytes of a file, zero past their end.
struct Prefix<Bytes: RandomAccessCollection> where Bytes.Element == UInt8 {
  private let bytes: Bytes
  let count: Int

  init(_ bytes: Bytes) {
    self.bytes = bytes
    count = min(bytes.count, ImageFormat.prefixByteCount)
  }

  subscript(offset: Int) -> UInt8 {
    guard offset >= 0, offset < count else { return 0 }
    return bytes[bytes.index(bytes.startIndex, offsetBy: offset)]
  }

  func holds(_ text: String, at offset: Int = 0) -> Bool {
    holds(Array(text.utf8), at: offset)
  }

  func holds(_ expected: [UInt8], at offset: Int = 0) -> Bool {
    guard offset + expected.count <= count else { return false }
    return expected.indices.allSatisfy { self[offset + $0] == expected[$0] }
  }
}
