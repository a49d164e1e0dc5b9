/// Meta's PDQ (Davis and Rosen, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
/// Algorithm", 2019) on a raster of 64 x 64 gray pixels.
///
/// The reference takes a raster of that size as it is, without its box filter: on it, every bit and
/// the quality equal those of `pdqhash`. Bits are in its order, the highest frequencies first, which
/// is also the order of PDQ's hexadecimal text.
///
/// The side was chosen by `scripts/measure-hashes`: median share of bits that differ from `pdqhash`
/// on the whole picture, for area means of 64, 128, 256, 320 and 512 pixels a side. Where the
/// shorter side of the picture is over 512: 2.0, 5.5, 9.0, 1.6 and 3.9 % (28 wallpapers); the
/// smallest is the cheapest to decode and within 5 %.
///
/// On smaller pictures no side is: 9.4, 4.7, 3.1, 9.4 and 6.3 % where the shorter side is 129 to 256
/// (131 game tiles), 64 and 320 best elsewhere. There the reference's own samples lie beside the
/// centres, by up to 0.4 of their spacing and differently for every size: it differs as much from
/// itself on the same picture enlarged to 1,344 pixels a side, where they are centred, and from that
/// ours differs by 0.8 to 2.3 % (medians of four archives). So sizes of one picture stay together here: of
/// 142 pictures of `make-truth`, a copy at a quarter of the size is 2 bits away, by the reference 18
/// (medians).
enum PDQ {
  static let side = 64
  static let frequencyCount = 16

  /// Below this quality the specification advises not to use a hash.
  static let leastQuality = 50

  static func feature(of pixels: [UInt8]) -> BitString {
    let frequencies = frequencies(of: pixels)
    var scratch = frequencies
    // The reference's median of 256 values is the 128th smallest, not a mean of two.
    let median = selectRank(127, in: &scratch)
    let bytes = BitString.packedBytes(count: 256) { frequencies[255 - $0] > median }
    let quality = quality(of: pixels)
    return BitString(bytes: bytes, hasDetail: quality >= leastQuality, quality: quality)
  }

  /// The cosine transform's frequencies 1 to 16 on both axes, vertical frequency by row.
  ///
  /// Sums run over pixels from first to last in single precision, as in the reference; only
  /// independent sums are side by side in a vector.
  static func frequencies(of pixels: [UInt8]) -> [Float] {
    let luma = (0..<pixels.count / 16).map { block in
      var lanes = SIMD16<Float>()
      for lane in 0..<16 { lanes[lane] = Float(pixels[block * 16 + lane]) }
      return lanes
    }
    var result = [Float]()
    result.reserveCapacity(frequencyCount * frequencyCount)
    for row in 0..<frequencyCount {
      var sums = SIMD16<Float>()
      for quarter in 0..<4 {
        var columns = SIMD16<Float>()
        for y in 0..<side { columns += cosines[y][row] * luma[y * 4 + quarter] }
        for x in 0..<16 { sums += columns[x] * cosines[quarter * 16 + x] }
      }
      for column in 0..<frequencyCount { result.append(sums[column]) }
    }
    return result
  }

  /// `cosines[position][frequency]`: √(2/64) cos(π (frequency + 1) (2 position + 1) / 128).
  static let cosines: [SIMD16<Float>] = (0..<side).map { position in
    let scale = Double(Float((2.0 / Double(side)).squareRoot()))
    var lanes = SIMD16<Float>()
    for frequency in 0..<frequencyCount {
      let turn = UnitCircle.point((frequency + 1) * (2 * position + 1), of: 4 * side)
      lanes[frequency] = Float(scale * turn.cosine)
    }
    return lanes
  }

  /// From 0 to 100: the sum of all steps between neighbouring pixels, each in whole hundredths of
  /// the range, over 90.
  static func quality(of pixels: [UInt8]) -> Int {
    var sum = 0
    for y in 0..<side {
      for x in 0..<side {
        let pixel = Int(pixels[y * side + x])
        if x + 1 < side { sum += abs(pixel - Int(pixels[y * side + x + 1])) * 100 / 255 }
        if y + 1 < side { sum += abs(pixel - Int(pixels[(y + 1) * side + x])) * 100 / 255 }
      }
    }
    return min(100, sum / 90)
  }
}
