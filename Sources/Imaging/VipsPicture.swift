import CVips

/// A picture that libvips reads; in a decoder process only.
@safe final class VipsPicture {
  /// Why libvips gives no pixels.
  struct Problem: Error {
    /// What libvips says, which may be nothing.
    let detail: String
  }

  private let image: OpaquePointer

  /// Reads the header of an open file, first page or frame.
  init(descriptor: Int32, loader: cvips_loader) throws(Problem) {
    var message = [CChar](repeating: 0, count: 400)
    guard let image = unsafe cvips_open(descriptor, loader, &message, message.count) else {
      throw Problem(message)
    }
    unsafe self.image = image
  }

  deinit { unsafe cvips_close(image) }

  var width: Int { Int(unsafe cvips_width(image)) }
  var height: Int { Int(unsafe cvips_height(image)) }
  var orientation: Orientation { Orientation(rawValue: Int(unsafe cvips_orientation(image))) }

  /// Sets up the conversion to 8-bit gray or sRGB; returns the channels a pixel, 1 to 4.
  func convert() throws(Problem) -> Int {
    var message = [CChar](repeating: 0, count: 400)
    let channels = unsafe cvips_convert(image, &message, message.count)
    guard channels > 0 else { throw Problem(message) }
    return Int(channels)
  }

  /// Hands over every row in order, strip by strip.
  func forEachStrip(
    _ take: (UnsafePointer<UInt8>, _ stride: Int, _ rowCount: Int) -> Void
  ) throws(Problem) {
    var message = [CChar](repeating: 0, count: 400)
    while true {
      var rows: UnsafePointer<UInt8>?
      var stride = 0
      let count = unsafe cvips_next_rows(image, &rows, &stride, &message, message.count)
      guard count >= 0 else { throw Problem(message) }
      guard count > 0, let rows = unsafe rows else { return }
      unsafe take(rows, stride, Int(count))
    }
  }
}

extension VipsPicture.Problem {
  /// libvips' own text, on one line.
  fileprivate init(_ message: [CChar]) {
    let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let text = String(decoding: bytes, as: UTF8.self)
    detail = text.split(whereSeparator: \.isNewline).joined(separator: "; ")
  }
}

extension ImageFormat {
  /// libvips' loader of this format, nil when it is not on the allow-list.
  var loader: cvips_loader? {
    switch self {
    case .jpeg: CVIPS_JPEG
    case .png: CVIPS_PNG
    case .gif: CVIPS_GIF
    case .webp: CVIPS_WEBP
    case .tiff: CVIPS_TIFF
    case .heif, .avif: CVIPS_HEIF
    case .jpegXL: CVIPS_JPEG_XL
    case .jpeg2000: CVIPS_JPEG_2000
    default: nil
    }
  }
}
