import COpenCV
import Imaging

/// OpenCV, opened when the first feature asks for it.
///
/// One call a process opens it, 15 ms, whoever is first; the others wait for that one. Where it
/// cannot be opened, every feature that needs it fails with the same message.
enum OpenCVLibrary {
  private static let openFailure: String? = failureToOpen(unsafe String(cString: copencv_library()))

  /// Why the library of this file name cannot be used, and what to do, or nil once it can.
  static func failureToOpen(_ library: String) -> String? {
    var message = [CChar](repeating: 0, count: messageCapacity)
    let status = unsafe copencv_open(library, &message, message.count)
    guard status != COPENCV_DONE else { return nil }
    return "OpenCV cannot be opened: \(text(message)); install libopencv-features2d406, or the "
      + "package with that library where the system is not Debian 12"
  }

  /// Runs a function over OpenCV on the pixels of a raster.
  ///
  /// - Throws: `FeatureFailure` in the name of `method`, where OpenCV cannot be opened or gives up.
  static func call(
    _ method: DescriptorMethod, _ raster: Raster,
    _ function: (copencv_picture, UnsafeMutablePointer<CChar>, Int) -> copencv_status
  ) throws(FeatureFailure) {
    if let openFailure { throw FeatureFailure(method: method, detail: openFailure) }
    var message = [CChar](repeating: 0, count: messageCapacity)
    let (width, height) = (Int32(raster.specification.width), Int32(raster.specification.height))
    let status = unsafe raster.pixels.withUnsafeBufferPointer { pixels in
      let picture = unsafe copencv_picture(
        pixels: pixels.baseAddress, width: width, height: height)
      return unsafe function(picture, &message, messageCapacity)
    }
    guard status == COPENCV_DONE else {
      throw FeatureFailure(method: method, detail: "OpenCV gave up: \(text(message))")
    }
  }

  private static let messageCapacity = 1024

  private static func text(_ message: [CChar]) -> String {
    let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").joined(separator: " ")
  }
}
