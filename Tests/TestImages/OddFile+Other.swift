extension OddFile {
  static var oddOthers: [OddFile] {
    let gif = GIFFile.bytes(width: 30, height: 20, frames: [100])
    let webp = WebPFile.bytes(width: 30, height: 20, red: 200, green: 100, blue: 50)
    let samples = (0..<(12 * 10 * 3)).map { $0 % 256 }
    let tiff = TIFFFile(width: 12, height: 10, samples: samples)
    var turned = tiff
    turned.orientation = 6
    var deep = TIFFFile(width: 6, height: 5, samples: (0..<90).map { $0 * 700 })
    deep.depth = 16
    var cmyk = TIFFFile(width: 6, height: 5, samples: (0..<120).map { $0 * 2 })
    (cmyk.photometric, cmyk.channelCount) = (5, 4)
    var giant = tiff
    (giant.width, giant.height) = (9_000_000, 9_000_000)
    var raw = tiff
    raw.extra = [(50706, 0x0401)]
    return [
      OddFile("still.gif", gif, .decoded, "one picture"),
      OddFile(
        "moving.gif", GIFFile.bytes(width: 30, height: 20, frames: [10, 100, 50]), .decoded,
        "an animation: its first picture"),
      OddFile("cut.gif", Array(gif.prefix(gif.count * 2 / 3)), .quarantined, "cut short"),
      OddFile("header.gif", Array(gif.prefix(10)), .quarantined, "cut in its header"),
      OddFile("sound.webp", webp, .decoded, "lossless"),
      OddFile(
        "alpha.webp",
        WebPFile.bytes(width: 9, height: 9, red: 0, green: 0, blue: 0, alpha: 0), .decoded,
        "nothing but transparency"),
      OddFile("cut.webp", Array(webp.prefix(webp.count - 8)), .quarantined, "cut short"),
      OddFile("sound.tiff", tiff.bytes, .decoded, "uncompressed"),
      OddFile("turned.tif", turned.bytes, .decoded, "orientation 6"),
      OddFile("deep.tif", deep.bytes, .decoded, "16 bits a sample"),
      OddFile("cmyk.tif", cmyk.bytes, .decoded, "CMYK"),
      OddFile("giant.tif", giant.bytes, .quarantined, "9000000 x 9000000 in 500 bytes"),
      OddFile("cut.tif", Array(tiff.bytes.prefix(200)), .quarantined, "its directory cut off"),
      OddFile("raw.dng", raw.bytes, .quarantined, "a camera's raw file"),
      OddFile(
        "empty.heic", box("ftypheic\0\0\0\0heicmif1"), .quarantined, "HEIF without a picture"),
      OddFile(
        "empty.avif", box("ftypavif\0\0\0\0avifmif1"), .quarantined, "AVIF without a picture"),
      OddFile("bare.jxl", [0xFF, 0x0A, 0x7F, 1, 2, 3], .quarantined, "JPEG XL is read on request"),
      OddFile(
        "bare.jp2", [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 13, 10, 0x87, 10], .quarantined,
        "JPEG 2000 is read on request"),
    ]
  }

  /// Files that are something else.
  static var foreignFiles: [OddFile] {
    let bitmap = Array("BM".utf8) + littleEndian(58) + [0, 0, 0, 0] + littleEndian(54)
    let bmp = bitmap + littleEndian(40) + [UInt8](repeating: 1, count: 40)
    let icon: [UInt8] = [0, 0, 1, 0, 1, 0, 16, 16] + [UInt8](repeating: 0, count: 40)
    let svg = Array("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8)
    let html = Array("<!DOCTYPE html><title>404 Not Found</title>".utf8)
    return [
      OddFile("empty.jpg", [], .quarantined, "no bytes under an image's name"),
      OddFile("empty", [], .skipped, "no bytes"),
      OddFile("text.jpg", Array("not a picture\n".utf8), .quarantined, "text under a JPEG's name"),
      OddFile("notes.txt", Array("not a picture\n".utf8), .skipped, "text"),
      OddFile("page.png", html, .quarantined, "an error page, saved as a picture"),
      OddFile("page.html", html, .skipped, "a page"),
      OddFile("old.bmp", bmp, .quarantined, "BMP of a kind that is not read"),
      OddFile("old", bmp, .quarantined, "BMP without an extension"),
      OddFile("small.ico", icon, .quarantined, "an icon"),
      OddFile(
        "layers.psd", Array("8BPS\0\u{1}\0\0\0\0\0\0\0\u{3}".utf8), .quarantined, "Photoshop"),
      OddFile("drawing.svg", svg, .skipped, "a drawing"),
      OddFile("drawing.png", svg, .quarantined, "a drawing under a PNG's name"),
      OddFile("paper.pdf", Array("%PDF-1.7\n%%EOF\n".utf8), .skipped, "a document"),
      OddFile("program", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0], .skipped, "a program"),
      OddFile(
        "magick.jpg", Array("push graphic-context\nviewbox 0 0 9 9\n".utf8), .quarantined,
        "ImageMagick's own language, which no loader may see"),
    ]
  }

  /// Sound pictures under names that hurt whoever prints, splits or interprets them.
  static var oddNames: [OddFile] {
    [
      OddFile("new\nline.png", soundPNG, .decoded, "a newline"),
      OddFile("\u{1B}[31mred.png", soundPNG, .decoded, "a terminal's escape sequence"),
      OddFile("quote\"it's`$(id)`.png", soundPNG, .decoded, "every quote"),
      OddFile("comma,semi;tab\t.png", soundPNG, .decoded, "what tables are split by"),
      OddFile("<img src=x onerror=alert(1)>.png", soundPNG, .decoded, "HTML"),
      OddFile(
        "x.gif[page=3]", GIFFile.bytes(width: 8, height: 8, frames: [9]), .decoded,
        "what libvips would take for options"),
      OddFile("-rf.png", soundPNG, .decoded, "what a command would take for an option"),
      OddFile("=1+2.png", soundPNG, .decoded, "what a spreadsheet would compute"),
      OddFile([0x66, 0xFF, 0xFE, 0x80] + Array(".png".utf8), soundPNG, .decoded, "not UTF-8"),
      OddFile("e\u{301}.png", soundPNG, .decoded, "an accent, decomposed"),
      OddFile("\u{E9}.png", soundPNG, .decoded, "the same letter, composed: another file"),
      OddFile("\u{202E}gnp.exe", soundPNG, .decoded, "a right-to-left override"),
      OddFile(
        Array(repeating: 0x61, count: 251) + Array(".png".utf8), soundPNG, .decoded,
        "the longest name"),
    ]
  }

  private static func box(_ text: String) -> [UInt8] {
    let content = Array(text.utf8)
    return bigEndian(UInt32(content.count + 4)) + content
  }
}
