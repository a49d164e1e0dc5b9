import CKernels

/// A similarity of two small rasters, symmetric, from 0 to 1, and 1 for equal rasters only.
public enum RasterMeasure: String, CaseIterable, Sendable {
  /// 1000 / (1000 + mean squared difference) of gray 64 x 64: the older 1000 / MSE made finite.
  case meanSquaredError = "mse"
  /// Template match of colour 32 x 32: 1 - sum (a - b)² / sqrt(sum a² · sum b²), at least 0.
  ///
  /// Two black rasters are 1, a black one and another 0.
  case templateMatch = "tm"
  /// Mean structural similarity of gray 64 x 64, at least 0: 7 x 7 windows that lie wholly inside,
  /// K1 .01, K2 .03, range 255, sample covariance (Wang et al. 2004).
  case structural = "ssim"
  /// The same of gray 32 x 32.
  case structural32 = "ssim-32"
  /// The same of gray 128 x 128.
  case structural128 = "ssim-128"
  /// The same of gray 256 x 256.
  case structural256 = "ssim-256"
  /// Complex-wavelet structural similarity of gray 128 x 128; `ComplexWavelet` says how.
  case complexWavelet = "cwssim"

  /// Pixels on a side.
  public var side: Int {
    switch self {
    case .templateMatch, .structural32: 32
    case .meanSquaredError, .structural: 64
    case .structural128, .complexWavelet: 128
    case .structural256: 256
    }
  }

  /// Samples a pixel: 1 for gray, 3 for red, green and blue.
  public var channelCount: Int { self == .templateMatch ? 3 : 1 }

  /// Bytes of a row: `side * side * channelCount`.
  public var byteCount: Int { side * side * channelCount }

  /// The similarity of two rows by the formula alone; what every join finds again, bit for bit.
  ///
  /// Sums are integers, and floating point goes in one order whatever the processor.
  public func similarity(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> Double {
    precondition(
      first.count == byteCount && second.count == byteCount,
      "rows of \(first.count) and \(second.count) bytes, not \(byteCount)")
    return unsafe first.withUnsafeBufferPointer { first in
      unsafe second.withUnsafeBufferPointer { second in
        unsafe ckernels_raster_similarity(
          code, UInt32(side), UInt32(channelCount), first.baseAddress, second.baseAddress)
      }
    }
  }

  var code: Int32 {
    switch self {
    case .meanSquaredError: Int32(CKERNELS_MSE)
    case .templateMatch: Int32(CKERNELS_TM)
    case .structural, .structural32, .structural128, .structural256: Int32(CKERNELS_SSIM)
    case .complexWavelet: Int32(CKERNELS_CWSSIM)
    }
  }
}

/// How rasters are compared; both kernels find the same pairs with the same similarities.
public enum RasterKernel: String, CaseIterable, Sendable {
  /// C for any processor.
  case portable
  /// The same with the 256-bit instructions of x86.
  case avx2

  /// The kernels that this processor runs, the widest last.
  public static let supported = allCases.filter {
    $0 == .portable || HammingKernel.supported.contains(.avx2)
  }

  /// The widest kernel that this processor runs.
  public static let widest = supported.last ?? .portable

  var code: Int32 {
    switch self {
    case .portable: Int32(CKERNELS_PORTABLE)
    case .avx2: Int32(CKERNELS_AVX2)
    }
  }
}
