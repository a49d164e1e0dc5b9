/// What one feature reads of an image: a small picture of fixed size, gray or colour.
public struct RasterSpecification: Hashable, Sendable {
  /// What a pixel holds.
  public enum Channels: Int, Hashable, Sendable {
    /// One byte: luma Y' of BT.601, from 0 black to 255 white.
    case gray = 1
    /// Three bytes: sRGB red, green, blue.
    case color = 3
  }

  /// Columns, after the EXIF orientation is applied.
  public let width: Int
  /// Rows, after the EXIF orientation is applied.
  public let height: Int
  /// Bytes a pixel, and what they mean.
  public let channels: Channels

  /// Makes the specification of a raster of `width` x `height` pixels.
  public init(width: Int, height: Int, channels: Channels) {
    precondition(width > 0 && height > 0, "a raster of \(width) x \(height)")
    self.width = width
    self.height = height
    self.channels = channels
  }

  /// Bytes of a raster of this specification.
  public var byteCount: Int { width * height * channels.rawValue }
}

/// An image reduced to a fixed size by area mean.
///
/// Channel `c` of the pixel in row `y` and column `x` is `pixels[(y * width + x) * channels + c]`:
/// row-major, interleaved, no padding.
public struct Raster: Hashable, Sendable {
  /// The size and channels.
  public let specification: RasterSpecification
  /// The pixels, `specification.byteCount` bytes.
  public let pixels: [UInt8]

  /// Makes a raster of its pixels.
  public init(specification: RasterSpecification, pixels: [UInt8]) {
    precondition(
      pixels.count == specification.byteCount,
      "\(pixels.count) bytes for a raster of \(specification.byteCount)")
    self.specification = specification
    self.pixels = pixels
  }
}
