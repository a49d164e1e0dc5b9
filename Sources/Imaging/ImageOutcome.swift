import Catalog
/// A decoded image: what it is, and the rasters that were asked for.
public struct DecodedImage: Hashable, Sendable {
  /// The way an image was decoded.
  public enum Lane: String, Hashable, Sendable, CaseIterable {
    case jpeg, png, bmp, vips
  }

  /// What its bytes say that it is.
  public let format: ImageFormat
  /// What decoded it.
  public let lane: Lane
  /// The library at work, with its version.
  public let library: String
  /// Columns, after the EXIF orientation is applied.
  public let width: Int
  /// Rows, after the EXIF orientation is applied.
  public let height: Int
  /// How much the decoder repaired or passed over, 0 for a sound file.
  ///
  /// Damaged JPEG data, a missing end, a bad checksum of a chunk without pixels.
  public let warningCount: Int
  /// The rasters, in the order in which they were asked for.
  public let rasters: [Raster]
}

/// What became of one file.
public enum ImageOutcome: Hashable, Sendable {
  /// Its rasters are there.
  case decoded(DecodedImage)
  /// The caller knows its content already, so it was not decoded.
  case known
  /// Not an image by its bytes, nor named like one.
  case skipped(reason: String)
  /// An image that cannot be used, judged by its content: another try gives the same.
  case quarantined(DecodeFailure)
  /// Given up at `secondsPerImage`; judges the machine as much as the file.
  case outOfTime(DecodeFailure)
  /// Its bytes could not be had; another try may do.
  case notRead(ReadFailure)
}

/// One file as it was read.
public struct ReadImage: Hashable, Sendable {
  /// The hash of its bytes; nil when they were not all read.
  public let content: ContentHash?
  /// Its size in bytes, 0 when not even that is known.
  public let sizeBytes: Int
  /// What became of it.
  public let outcome: ImageOutcome
}
