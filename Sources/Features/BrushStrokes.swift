import COpenCV
import Imaging

/// `brushstrokes`: how strong the edges of a picture are, and how its grays are spread.
///
/// Six standard deviations over all pixels, NumPy's `std` of what OpenCV returns: `Canny(100, 200)`,
/// `Sobel` with a 5 x 5 kernel along x and along y, `Laplacian`, `Scharr` along x and along y, all on
/// signed values (`CV_64F`, as their users have it; they are whole numbers, added up exactly here).
/// Then, for each gray from 0 to 255, the fraction of the pixels that have it.
enum BrushStrokes {
  static let deviationCount = 6
  static let valueCount = deviationCount + 256

  /// 262 floats of 32 bits.
  static func feature(of raster: Raster) throws(FeatureFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(valueCount * 4)
    for value in try deviations(of: raster) + fractions(of: raster.pixels) {
      bytes.append(littleEndian: Float(value).bitPattern)
    }
    return bytes
  }

  private static func deviations(of raster: Raster) throws(FeatureFailure) -> [Double] {
    var sums = [Int64](repeating: 0, count: deviationCount)
    var squares = sums
    unsafe try OpenCVLibrary.call(.brushStrokes, raster) { picture, message, capacity in
      unsafe copencv_edges(picture, &sums, &squares, message, capacity)
    }
    let count = raster.pixels.count
    return zip(sums, squares).map { sum, square in
      // n Σx² - (Σx)², exact: under 2⁴⁶ · 2¹⁸ by the limits of the raster and of the filters.
      let spread = Int128(square) * Int128(count) - Int128(sum) * Int128(sum)
      return Double(spread).squareRoot() / Double(count)
    }
  }

  private static func fractions(of pixels: [UInt8]) -> [Double] {
    var counts = [Int](repeating: 0, count: 256)
    for gray in pixels { counts[Int(gray)] += 1 }
    return counts.map { Double($0) / Double(pixels.count) }
  }
}
