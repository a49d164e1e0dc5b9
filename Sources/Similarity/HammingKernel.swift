import CKernels

/// How Hamming distances are computed; every kernel finds the same pairs.
public enum HammingKernel: String, CaseIterable, Sendable {
  /// C for any processor.
  case portable
  /// The same C with the processor's 64-bit popcount.
  case popcount
  /// 256 columns at once, a bit of each, by a table of what a row's bytes differ in.
  case avx2
  /// The same with 512 columns and the three-way logic of AVX-512.
  case avx512

  /// The kernels that this processor runs, the widest last.
  public static let supported = allCases.filter { ckernels_hamming_supports($0.code) == 1 }

  /// The widest kernel that this processor runs.
  public static let widest = supported.last ?? .portable

  var code: Int32 {
    switch self {
    case .portable: Int32(CKERNELS_PORTABLE)
    case .popcount: Int32(CKERNELS_POPCOUNT)
    case .avx2: Int32(CKERNELS_AVX2)
    case .avx512: Int32(CKERNELS_AVX512)
    }
  }
}
