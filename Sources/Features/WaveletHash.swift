import Imaging

/// `whash` and `whash-db4`: which of the lowest wavelet coefficients of 256 x 256 pixels, without
/// their mean, are above their median.
///
/// The picture is taken apart by Haar's wavelet down to one value, put together again without it,
/// and its low band of five levels compared with its median. In exact arithmetic the first two steps
/// would only take off the mean and the median would undo that; they are kept, operation for
/// operation as in PyWavelets, because a page with a plain background has many equal coefficients,
/// and which of those end above the median is decided by the last bits.
///
/// So a picture that is smaller is enlarged here, with the reference's filter: of sprites of 72 pixels
/// on a plain ground that were enlarged by area mean, 17 % of the bits were others (median; `db4`: 6 %).
enum WaveletHash {
  static let side = 256
  /// From 256 down to the 8 of the reference's hash size.
  static let levelCount = 5

  /// 8 x 8 coefficients of Haar's wavelet.
  static func haarFeature(of raster: Raster) -> BitString {
    let pixels = enlarged(raster)
    var band = withoutMean(pixels)
    for level in 0..<levelCount {
      band = HaarQuad.decompose(band, side: side >> level).map(\.mean)
    }
    return feature(of: band, pixels)
  }

  /// 14 x 14 coefficients of Daubechies' wavelet of four vanishing moments.
  static func daubechiesFeature(of raster: Raster) -> BitString {
    let pixels = enlarged(raster)
    var band = withoutMean(pixels)
    var side = side
    for _ in 0..<levelCount {
      // Down the columns, then along the rows: twice the same with rows and columns exchanged.
      band = DaubechiesFilter.lowBand(ofColumnsOf: band, width: side)
      band = DaubechiesFilter.lowBand(ofColumnsOf: band, width: band.count / side)
      side = DaubechiesFilter.lowBandCount(of: side)
    }
    return feature(of: band, pixels)
  }

  private static func enlarged(_ raster: Raster) -> [UInt8] {
    let (width, height) = (raster.specification.width, raster.specification.height)
    if width == side, height == side { return raster.pixels }
    return LanczosResize.resized(raster.pixels, width: width, toWidth: side, height: side)
  }

  private static func feature(of band: [Double], _ pixels: [UInt8]) -> BitString {
    let median = evenMedian(of: band)
    let bytes = BitString.packedBytes(count: band.count) { band[$0] > median }
    return BitString(bytes: bytes, hasDetail: hasVariance(pixels))
  }

  /// The pixels in 0...1, taken apart down to one value and put together with that at zero.
  private static func withoutMean(_ pixels: [UInt8]) -> [Double] {
    var band = pixels.map { Double($0) / 255 }
    var levels: [[HaarQuad]] = []
    for level in 0..<side.trailingZeroBitCount {
      levels.append(HaarQuad.decompose(band, side: side >> level))
      band = levels[level].map(\.mean)
    }
    band = [0]
    for quads in levels.reversed() { band = HaarQuad.compose(quads, means: band) }
    return band
  }
}

/// The four coefficients that Haar's wavelet makes of 2 x 2 neighbours.
private struct HaarQuad {
  /// Low on both axes, twice the mean of the four.
  let mean: Double
  /// Low down the columns, high along the rows.
  let alongRows: Double
  /// High down the columns, low along the rows.
  let downColumns: Double
  /// High on both axes.
  let diagonal: Double

  private static let tap = 0.7071067811865476

  /// The coefficients of every 2 x 2 of `values`, a square, row by row.
  static func decompose(_ values: [Double], side: Int) -> [HaarQuad] {
    let half = side / 2
    var quads: [HaarQuad] = []
    quads.reserveCapacity(half * half)
    for y in 0..<half {
      for x in 0..<half {
        let corner = 2 * y * side + 2 * x
        quads.append(
          HaarQuad(
            values[corner], values[corner + 1], values[corner + side], values[corner + side + 1]))
      }
    }
    return quads
  }

  private init(_ topLeft: Double, _ topRight: Double, _ bottomLeft: Double, _ bottomRight: Double) {
    let tap = Self.tap
    let (left, leftStep) = (tap * bottomLeft + tap * topLeft, tap * topLeft - tap * bottomLeft)
    let (right, rightStep) = (
      tap * bottomRight + tap * topRight, tap * topRight - tap * bottomRight
    )
    mean = tap * right + tap * left
    alongRows = tap * left - tap * right
    downColumns = tap * rightStep + tap * leftStep
    diagonal = tap * leftStep - tap * rightStep
  }

  /// The square of values that `quads` came from, with `means` in place of theirs.
  static func compose(_ quads: [HaarQuad], means: [Double]) -> [Double] {
    var half = 1
    while half * half < quads.count { half *= 2 }
    let side = 2 * half
    var values = [Double](repeating: 0, count: side * side)
    for y in 0..<half {
      for x in 0..<half {
        let quad = quads[y * half + x]
        let mean = means[y * half + x]
        let (left, right) = (
          tap * mean + tap * quad.alongRows, tap * mean - tap * quad.alongRows
        )
        let (leftStep, rightStep) = (
          tap * quad.downColumns + tap * quad.diagonal,
          tap * quad.downColumns - tap * quad.diagonal
        )
        let corner = 2 * y * side + 2 * x
        values[corner] = tap * left + tap * leftStep
        values[corner + 1] = tap * right + tap * rightStep
        values[corner + side] = tap * left - tap * leftStep
        values[corner + side + 1] = tap * right - tap * rightStep
      }
    }
    return values
  }
}
