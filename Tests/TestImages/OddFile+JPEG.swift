extension OddFile {
  static var oddJPEGs: [OddFile] {
    let gray = soundJPEG
    let color = JPEGFile(width: 64, height: 64) { x, y, c in c == 0 ? 20 * x + 8 * y : 128 }
    let cmyk = JPEGFile(width: 32, height: 32, componentCount: 4) { x, _, c in 60 * x + 5 * c }
    var progressive = color
    progressive.frame = 0xC2
    var endless = progressive
    endless.scanCount = 500
    var deep = gray
    deep.precision = 12
    var arithmetic = gray
    arithmetic.frame = 0xC9
    var flat = gray
    flat.height = 0
    var huge = gray
    (huge.width, huge.height) = (65500, 65500)
    var tall = color
    tall.height = 6400
    var turned = gray
    turned.segments = JPEGFile.exif(orientation: 6)
    var misturned = gray
    misturned.segments = JPEGFile.segment(0xE1, Array("Exif\0\0MM\0*\u{7F}\u{7F}\u{7F}".utf8))
    var commented = gray
    commented.segments = JPEGFile.segment(0xFE, Array("<script>alert(1)</script>".utf8))
    let whole = color.bytes
    var noisy = whole
    for index in (color.head.count + 40)..<(color.head.count + 44) { noisy[index] = 0x55 }
    return [
      OddFile("gray.jpg", gray.bytes, .decoded, "one component"),
      OddFile("cmyk.jpg", cmyk.bytes, .decoded, "CMYK, which the lane leaves to libvips"),
      OddFile("progressive.jpg", progressive.bytes, .decoded, "progressive, coarse scan only"),
      OddFile("endless.jpg", endless.bytes, .quarantined, "500 scans: a decoder's time bomb"),
      OddFile("deep.jpg", deep.bytes, .quarantined, "12 bits a sample"),
      OddFile("lossless.jpg", lossless, .quarantined, "a lossless frame"),
      OddFile(
        "arithmetic.jpg", arithmetic.bytes, .decoded,
        "an arithmetic frame, in which any bits decode"),
      OddFile("flat.jpg", flat.bytes, .quarantined, "no rows, as the header says"),
      OddFile("huge.jpg", huge.bytes, .quarantined, "65500 x 65500 in a few hundred bytes"),
      OddFile("tall.jpg", color.head(height: 6400), .quarantined, "100 times the rows it has"),
      OddFile("turned.jpg", turned.bytes, .decoded, "EXIF orientation 6"),
      OddFile("misturned.jpg", misturned.bytes, .decoded, "an EXIF directory out of its segment"),
      OddFile("comment.jpg", commented.bytes, .decoded, "a comment in HTML"),
      OddFile(
        "half.jpg", whole.dropLast(color.scanData.count / 4), .warned, "its last rows cut off"),
      OddFile(
        "stump.jpg", Array(whole.prefix(color.head.count + 20)), .quarantined,
        "little but its header"),
      OddFile("header.jpg", color.head, .quarantined, "a header and no picture"),
      OddFile("soi.jpg", [0xFF, 0xD8, 0xFF], .quarantined, "three bytes"),
      OddFile("noend.jpg", whole.dropLast(2), .warned, "no end marker"),
      OddFile(
        "padded.jpg", whole + [UInt8](repeating: 0, count: 5000), .decoded, "5000 zeros behind"),
      OddFile(
        "nul.jpg", [UInt8](repeating: 0, count: 4096), .quarantined, "a lost file: zeros only"),
      OddFile("two.jpg", whole + gray.bytes, .decoded, "another picture behind the end"),
      OddFile(
        "segment.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF, 1, 2], .quarantined,
        "a segment longer than the file"),
      OddFile("png-inside.jpg", soundPNG, .decoded, "PNG under a JPEG's name"),
      OddFile("noisy.jpg", noisy, .warned, "four bytes changed in its data"),
    ]
  }

  /// A header of a lossless frame (SOF3) and a scan.
  private static var lossless: [UInt8] {
    var file = soundJPEG
    file.frame = 0xC3
    return file.bytes
  }
}

extension JPEGFile {
  /// The file with another height in its header.
  fileprivate func head(height: Int) -> [UInt8] {
    var other = self
    other.height = height
    return other.head + scanHeader + scanData + [0xFF, 0xD9]
  }
}
