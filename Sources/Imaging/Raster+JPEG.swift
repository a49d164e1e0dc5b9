extension Raster {
  /// The longest side of a JPEG file, in pixels.
  public static let jpegSideLimit = 65_500

  /// A JPEG file of the raster, at the quality of thumbnails.
  ///
  /// - Precondition: neither side is longer than ``jpegSideLimit``.
  /// - Complexity: memory for about twice the pixels, for the time of the call.
  public func jpegFile() -> [UInt8] {
    precondition(
      max(specification.width, specification.height) <= Self.jpegSideLimit,
      "a JPEG file of \(specification.width) x \(specification.height)")
    do {
      return try LaneDecoder(settings: DecodeSettings()).encode(inColor)
    } catch {
      // Its size being allowed, nothing but memory can be missing.
      preconditionFailure("no memory for a picture of \(specification.byteCount) bytes: \(error)")
    }
  }

  /// The same picture with three bytes a pixel.
  var inColor: Raster {
    guard specification.channels == .gray else { return self }
    return Raster(
      specification: RasterSpecification(
        width: specification.width, height: specification.height, channels: .color),
      pixels: pixels.flatMap { [$0, $0, $0] })
  }
}
