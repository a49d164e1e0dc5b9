import CKernels

/// What complex-wavelet SSIM keeps of one gray raster of 128 x 128, for comparing it with many others.
///
/// Bands of complex coefficients of the steerable pyramid (Portilla and Simoncelli 2000): the coarsest
/// of four scales at eight orientations, 16 x 16 each. Windows of 7 x 7 of two bands are compared as
/// (2 |Σ x ȳ| + K) / (Σ |x|² + Σ |y|² + K) (Sampat, Wang, Gupta, Bovik and Markey 2009), and averaged
/// with the authors' Gaussian weights over the window's places, then over orientations. A small shift,
/// turn or scaling changes the phase of all coefficients of a window alike, which the formula ignores.
///
/// The authors leave scale and orientations to the user, with K = 0. On the known answers of
/// `scripts/make-truth`, at the similarity that one in 10,000 pairs of strangers reaches, the third,
/// fourth and fifth scale find 82, 86 and 74 % of the copies with their originals; two, four, eight and
/// sixteen orientations 83, 85, 86 and 86 %. Any K up to 1,000 finds as many; with 100, a wave of half a
/// gray level (means over a window, whose gain is 64), two plain rasters are alike instead of 0 / 0.
public struct ComplexWavelet: Sendable {
  private let pixels: [UInt8]
  /// Coefficients, energies of windows and their sums; the layout is the kernels' own.
  private let numbers: [Float]

  /// Pixels on a side.
  public static let side = 128

  /// Bytes that a prepared raster takes: 37 KiB.
  public static var memoryBytes: Int { side * side + ckernels_wavelet_count() * 4 }

  /// Prepares a raster.
  ///
  /// The numbers are the same, bit for bit, on every processor.
  ///
  /// - Precondition: `pixels` holds 128 x 128 gray pixels, row-major.
  public init(pixels: ArraySlice<UInt8>) {
    precondition(pixels.count == Self.side * Self.side, "\(pixels.count) pixels")
    self.pixels = Array(pixels)
    var numbers = [Float](repeating: 0, count: ckernels_wavelet_count())
    unsafe ckernels_wavelet_prepare(self.pixels, &numbers)
    self.numbers = numbers
  }

  /// The similarity, from 0 to 1: symmetric, and 1 for equal rasters only.
  ///
  /// The same, bit for bit, on every processor, and for `RasterMeasure.complexWavelet`.
  public func similarity(to other: ComplexWavelet) -> Double {
    if pixels == other.pixels { return 1 }
    return unsafe ckernels_wavelet_similarity(numbers, other.numbers)
  }
}
