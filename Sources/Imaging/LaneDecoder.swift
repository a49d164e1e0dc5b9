import CCodecs

/// The decoders of the fast lanes and their scratch memory.
///
/// Belongs to one thread at a time.
@safe final class LaneDecoder {
  /// Why a lane gave no rasters.
  enum Problem: Error {
    /// libvips may read it.
    case declined
    /// The file breaks its format's rules.
    case damaged(detail: String)
    /// The deadline passed.
    case outOfTime
    /// No memory.
    case outOfMemory
  }

  /// What a header says.
  ///
  /// `orientation` is known even when a lane declines the pixels.
  struct Header {
    let width: Int
    let height: Int
    let orientation: Orientation
    let isDeclined: Bool
    /// The least memory that decoding takes; 0 for what the lane declines.
    let workingByteCount: Int
  }

  private let decoder: OpaquePointer
  private let settings: DecodeSettings
  private var pixels = [UInt8]()

  init(settings: DecodeSettings) {
    guard let decoder = unsafe ccodecs_decoder_new() else {
      preconditionFailure("no memory for a decoder")
    }
    unsafe self.decoder = decoder
    self.settings = settings
  }

  deinit { unsafe ccodecs_decoder_free(decoder) }

  /// How many JPEG decodes went past libjpeg; for tests.
  var eighthCount: Int { unsafe Int(ccodecs_jpeg_eighth_count(decoder)) }

  /// Decodes by portable code only; for tests, which compare.
  func usePortableCode() { unsafe ccodecs_decoder_set_portable(decoder, 1) }

  /// Reads the header of a JPEG, PNG or BMP file.
  func header(
    of lane: DecodedImage.Lane, _ bytes: UnsafeMutableRawBufferPointer
  ) throws(Problem) -> Header {
    var header = ccodecs_header()
    let start = unsafe bytes.bindMemory(to: UInt8.self).baseAddress
    let status =
      switch lane {
      case .jpeg: unsafe ccodecs_jpeg_header(decoder, start, bytes.count, &header)
      case .png: unsafe ccodecs_png_header(decoder, start, bytes.count, &header)
      case .bmp: unsafe ccodecs_bmp_header(decoder, start, bytes.count, &header)
      case .vips: preconditionFailure("libvips is no lane of this decoder")
      }
    guard status == CCODECS_OK || status == CCODECS_DECLINED else { throw problem(status) }
    return Header(
      width: Int(header.width), height: Int(header.height),
      orientation: Orientation(rawValue: Int(header.orientation)),
      isDeclined: status == CCODECS_DECLINED, workingByteCount: header.working_bytes)
  }

  /// Frees each scratch buffer of more than `keepByteCount`; returns the bytes held after that.
  @discardableResult
  func trim(keepByteCount: Int) -> Int {
    unsafe ccodecs_decoder_trim(decoder, keepByteCount)
  }

  /// Decodes a JPEG, PNG or BMP file to rasters, in the order asked, orientation applied.
  ///
  /// The bytes are changed on the way (see `ccodecs_png_decode`).
  func decode(
    _ lane: DecodedImage.Lane, _ bytes: UnsafeMutableRawBufferPointer, header: Header,
    specifications: [RasterSpecification], deadline: Deadline
  ) throws(Problem) -> (rasters: [Raster], warningCount: Int) {
    var limits = ccodecs_limits()
    let background = settings.background
    limits.background = (background.red, background.green, background.blue)
    limits.scan_count = Int32(DecodeSettings.maximumScans)
    limits.working_bytes =
      lane == .jpeg ? DecodeSettings.coefficientByteCount : DecodeSettings.inflatedByteCount
    limits.deadline_nanoseconds = deadline.nanoseconds
    var warnings: Int32 = 0
    let start = unsafe bytes.bindMemory(to: UInt8.self).baseAddress
    let status = unsafe withTargets(specifications, header.orientation) { targets in
      let count = Int32(specifications.count)
      return switch lane {
      case .jpeg:
        unsafe ccodecs_jpeg_decode(
          decoder, start, bytes.count, &limits, targets, count, &warnings)
      case .png:
        unsafe ccodecs_png_decode(
          decoder, start, bytes.count, &limits, targets, count, &warnings)
      case .bmp:
        unsafe ccodecs_bmp_decode(decoder, start, bytes.count, &limits, targets, count)
      case .vips: preconditionFailure("libvips is no lane of this decoder")
      }
    }
    guard status == CCODECS_OK else { throw problem(status) }
    return (rasters(specifications, header.orientation), Int(warnings))
  }

  /// Reduces rows of 8-bit samples that another decoder delivers.
  ///
  /// - Parameter feed: called once; hands rows to the function that it is given.
  func reduce(
    width: Int, height: Int, layout: Int, orientation: Orientation,
    specifications: [RasterSpecification],
    feed: (_ take: (UnsafePointer<UInt8>, _ stride: Int, _ rowCount: Int) -> Void) -> Bool
  ) throws(Problem) -> [Raster]? {
    let background = [settings.background.red, settings.background.green, settings.background.blue]
    var isComplete = false
    let status = unsafe withTargets(specifications, orientation) { targets in
      let begun = unsafe ccodecs_rows_begin(
        decoder, UInt32(width), UInt32(height), ccodecs_layout(UInt32(layout)), background,
        targets, Int32(specifications.count))
      guard begun == CCODECS_OK else { return begun }
      isComplete = unsafe feed {
        unsafe ccodecs_rows_feed(decoder, $0, $1, UInt32($2))
      }
      return isComplete ? unsafe ccodecs_rows_end(decoder) : CCODECS_OK
    }
    guard status == CCODECS_OK else { throw problem(status) }
    return isComplete ? rasters(specifications, orientation) : nil
  }

  /// A JPEG file of a raster in colour, at quality 85.
  func encode(_ raster: Raster) throws(Problem) -> [UInt8] {
    precondition(raster.specification.channels == .color, "a thumbnail is in colour")
    var file: UnsafeMutablePointer<UInt8>?
    var count = 0
    let status = unsafe ccodecs_jpeg_encode(
      decoder, raster.pixels, Int32(raster.specification.width),
      Int32(raster.specification.height), 85, &file, &count)
    guard status == CCODECS_OK else { throw problem(status) }
    defer { unsafe ccodecs_jpeg_free(file) }
    return unsafe Array(UnsafeBufferPointer(start: file, count: count))
  }

  private func problem(_ status: ccodecs_status) -> Problem {
    switch status {
    case CCODECS_DECLINED: .declined
    case CCODECS_OUT_OF_TIME: .outOfTime
    case CCODECS_OUT_OF_MEMORY: .outOfMemory
    default: .damaged(detail: unsafe String(cString: ccodecs_decoder_message(decoder)))
    }
  }

  /// Lends `body` the targets of these rasters; their pixels lie one after another in `pixels`.
  private func withTargets<Result>(
    _ specifications: [RasterSpecification], _ orientation: Orientation,
    _ body: (UnsafePointer<ccodecs_target>) -> Result
  ) -> Result {
    precondition(
      (1...Int(CCODECS_TARGET_LIMIT)).contains(specifications.count),
      "\(specifications.count) rasters at once")
    let byteCount = specifications.reduce(0) { $0 + $1.byteCount }
    if pixels.count < byteCount { pixels = [UInt8](repeating: 0, count: byteCount) }
    return unsafe pixels.withUnsafeMutableBufferPointer { pixels in
      var offset = 0
      let targets = unsafe specifications.map { specification in
        let stored = orientation.stored(specification)
        defer { offset += stored.byteCount }
        return unsafe ccodecs_target(
          width: Int32(stored.width), height: Int32(stored.height),
          channels: Int32(stored.channels.rawValue),
          pixels: pixels.baseAddress?.advanced(by: offset))
      }
      return unsafe targets.withUnsafeBufferPointer { targets in
        guard let start = targets.baseAddress else { preconditionFailure("no raster asked for") }
        return unsafe body(start)
      }
    }
  }

  private func rasters(
    _ specifications: [RasterSpecification], _ orientation: Orientation
  ) -> [Raster] {
    var offset = 0
    return specifications.map { specification in
      defer { offset += specification.byteCount }
      let stored = Array(pixels[offset..<(offset + specification.byteCount)])
      return Raster(
        specification: specification, pixels: orientation.turned(stored, to: specification))
    }
  }
}
