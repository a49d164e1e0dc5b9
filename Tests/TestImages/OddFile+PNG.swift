extension OddFile {
  static var oddPNGs: [OddFile] {
    func plain(
      _ width: Int, _ height: Int, _ colorType: Int = 2, _ depth: Int = 8
    ) -> PNGFile {
      PNGFile(width: width, height: height, colorType: colorType, depth: depth) { x, y, c in
        (x * 7 + y * 13 + c * 31) % (1 << depth)
      }
    }
    var interlaced = plain(33, 17, 6)
    interlaced.isInterlaced = true
    var palette = plain(20, 20, 3, 4)
    palette.palette = (0..<48).map { UInt8($0 * 5) }
    palette.transparency = [0, 128, 255]
    var keyed = plain(20, 20, 0)
    keyed.transparency = [0, 7]
    var short = palette
    short.palette = [1, 2, 3]
    var turned = plain(20, 10)
    turned.exif = ExifBlock.bytes(orientation: 8)
    var crumbs = plain(40, 40)
    crumbs.dataChunkByteCount = 1
    var filtered = plain(37, 29, 6)
    filtered.filter = { UInt8($0 % 5) }
    var animated = plain(8, 8)
    animated.dataChunkByteCount = 1 << 20
    let control = PNGFile.chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0])
    let framed = Array(animated.bytes.prefix(33)) + control + animated.bytes.dropFirst(33)
    return [
      OddFile("one.png", plain(1, 1).bytes, .decoded, "one pixel"),
      OddFile("line.png", plain(1, 60000, 0).bytes, .decoded, "1 x 60000"),
      OddFile("row.png", plain(60000, 1, 0).bytes, .decoded, "60000 x 1"),
      OddFile("deep.png", plain(31, 9, 6, 16).bytes, .decoded, "16 bits a sample"),
      OddFile("gray-alpha.png", plain(31, 9, 4).bytes, .decoded, "gray with alpha"),
      OddFile("bits.png", plain(31, 9, 0, 1).bytes, .decoded, "one bit a pixel"),
      OddFile("palette.png", palette.bytes, .decoded, "a palette with transparent entries"),
      OddFile("palette-short.png", short.bytes, .decoded, "pixels beyond the palette: black"),
      OddFile("keyed.png", keyed.bytes, .decoded, "one gray is transparent"),
      OddFile(
        "interlaced.png", interlaced.bytes, .decoded, "Adam7, which the lane leaves to libvips"),
      OddFile("turned.png", turned.bytes, .decoded, "EXIF orientation 8"),
      OddFile("crumbs.png", crumbs.bytes, .decoded, "a chunk for each byte"),
      OddFile("filters.png", filtered.bytes, .decoded, "every filter"),
      OddFile("animated.png", framed, .decoded, "an animation: its first picture"),
      OddFile("jpeg-inside.png", soundJPEG.bytes, .decoded, "JPEG under a PNG's name"),
      OddFile("no-name", soundPNG, .decoded, "PNG without an extension"),
    ]
  }

  static var damagedPNGs: [OddFile] {
    let sound = soundPNG
    var picture = PNGFile(width: 24, height: 16) { _, _, _ in 0 }
    picture.dataChunkByteCount = 1 << 20
    let rows = 16 * (1 + 24 * 3)
    var checksum = sound
    checksum[60] ^= 1
    var header = sound
    header[20] ^= 1
    var giant = picture
    (giant.width, giant.height) = (900_000, 900_000)
    var long = picture
    (long.width, long.height) = (20_000_000, 1)
    let badFilter = picture.bytes(compressed: Deflate.stored([UInt8](repeating: 9, count: rows)))
    let few = picture.bytes(compressed: Deflate.stored([UInt8](repeating: 0, count: rows - 73)))
    let many = picture.bytes(compressed: Deflate.stored([UInt8](repeating: 0, count: rows + 73)))
    var lostEnd = Deflate.stored([UInt8](repeating: 0, count: rows))
    lostEnd[lostEnd.count - 1] ^= 0xFF
    var strange = picture
    strange.depth = 3
    strange.colorType = 0
    let bomb = picture.bytes(compressed: Deflate.zeros(about: 1 << 24))
    var slowBomb = picture
    (slowBomb.width, slowBomb.height) = (31_000, 31_000)
    let noPalette = PNGFile(width: 4, height: 4, colorType: 3) { _, _, _ in 0 }.bytes
    let critical = Array(sound.prefix(33)) + PNGFile.chunk("CRIT", [1]) + sound.dropFirst(33)
    var ancillary = Array(sound.prefix(33)) + PNGFile.chunk("teXt", [1, 2]) + sound.dropFirst(33)
    ancillary[41] ^= 1
    return [
      OddFile("cut.png", Array(sound.prefix(sound.count * 2 / 3)), .quarantined, "cut short"),
      OddFile("cut-header.png", Array(sound.prefix(20)), .quarantined, "cut in its header"),
      OddFile("signature.png", PNGFile.signature, .quarantined, "eight bytes"),
      OddFile("no-end.png", sound.dropLast(12), .warned, "no IEND"),
      OddFile(
        "trailing.png", sound + Array("PK\u{3}\u{4} and so on".utf8), .decoded, "more behind IEND"),
      OddFile("checksum.png", checksum, .quarantined, "a flipped bit in its data"),
      OddFile("header-bit.png", header, .quarantined, "a flipped bit in its header"),
      OddFile("ancillary.png", ancillary, .warned, "a flipped bit in a text chunk"),
      OddFile("critical.png", critical, .quarantined, "a critical chunk that nobody knows"),
      OddFile("giant.png", giant.bytes(compressed: [0x78, 1]), .quarantined, "900000 x 900000"),
      OddFile("long.png", long.bytes(compressed: [0x78, 1]), .quarantined, "20000000 x 1"),
      OddFile(
        "bomb.png", bomb, .quarantined, "16 megabytes of zeros behind a small picture's header"),
      OddFile(
        "slow.png", slowBomb.bytes(compressed: [0x78, 1, 3]), .quarantined,
        "961 megapixels claimed, three bytes there"),
      OddFile("filter.png", badFilter, .quarantined, "a filter that does not exist"),
      OddFile("few.png", few, .quarantined, "a row too few"),
      OddFile("many.png", many, .warned, "a row too many"),
      OddFile(
        "adler.png", picture.bytes(compressed: lostEnd), .decoded,
        "a wrong zlib checksum under PNG's right ones"),
      OddFile("zlib.png", picture.bytes(compressed: [1, 2, 3, 4]), .quarantined, "no zlib stream"),
      OddFile(
        "depth.png", strange.bytes(compressed: [0x78, 1]), .quarantined, "three bits a sample"),
      OddFile("no-data.png", picture.bytes(compressed: []), .quarantined, "no IDAT"),
      OddFile("no-palette.png", noPalette, .quarantined, "a palette picture without palette"),
    ]
  }
}
