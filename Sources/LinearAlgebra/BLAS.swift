import COpenBLAS

/// OpenBLAS, opened at first use and held to the calling thread.
///
/// Everything else in this module needs it: a command that will use it asks ``open()`` first, where a
/// person can still be told.
public enum BLAS {
  /// Opens the library; later calls cost nothing.
  ///
  /// - Throws: `BLASFailure` where it is not installed, or lacks a function.
  public static func open() throws(BLASFailure) {
    var message = [CChar](repeating: 0, count: 512)
    guard unsafe copenblas_open(&message, message.count) == 1 else {
      let end = message.firstIndex(of: 0) ?? message.count
      throw BLASFailure(
        detail: String(decoding: message[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
  }

  /// The kernels that run: the library's choice for this processor, or `OPENBLAS_CORETYPE`'s.
  public static var kernels: String {
    prepare()
    return unsafe String(cString: copenblas_kernels())
  }

  /// Opens the library for a function that cannot throw.
  static func prepare() {
    do {
      try open()
    } catch {
      preconditionFailure("\(error); BLAS.open() comes first")
    }
  }
}

/// OpenBLAS cannot be used.
public struct BLASFailure: Error, CustomStringConvertible {
  let detail: String

  /// One line for a person.
  public var description: String {
    "OpenBLAS cannot be opened: \(detail); install libopenblas0"
  }
}
