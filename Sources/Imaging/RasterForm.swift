/// Which raster of an image is wanted: of a fixed size, of one at most, or of its proportions.
public enum RasterForm: Hashable, Sendable {
  /// This, whatever the image's proportions.
  case exactly(RasterSpecification)
  /// The same, but never enlarged: a side on which the image is shorter keeps its length.
  case within(RasterSpecification)
  /// One with the image's proportions, its longer side at most this; never enlarged.
  case fitting(side: Int, RasterSpecification.Channels)

  /// Whether the raster may be one of this form, of some image.
  public func holds(_ raster: Raster) -> Bool {
    let found = raster.specification
    return specification(width: found.width, height: found.height) == found
  }

  /// The raster of an image of this size, EXIF orientation applied.
  public func specification(width: Int, height: Int) -> RasterSpecification {
    switch self {
    case .exactly(let specification): return specification
    case .within(let most):
      return RasterSpecification(
        width: min(width, most.width), height: min(height, most.height), channels: most.channels)
    case .fitting(let side, let channels):
      let longer = max(width, height)
      func length(_ length: Int) -> Int {
        longer > side ? max(1, (length * side + longer / 2) / longer) : length
      }
      return RasterSpecification(width: length(width), height: length(height), channels: channels)
    }
  }
}

extension DecodeSettings {
  /// What forbids decoding an image of this size, or nil.
  func refusal(width: Int, height: Int) -> DecodeFailure.Reason? {
    let (pixelCount, overflows) = width.multipliedReportingOverflow(by: height)
    if overflows || pixelCount > maximumPixels {
      return .tooManyPixels(width: width, height: height, limit: maximumPixels)
    }
    if max(width, height) > Self.maximumSide { return .tooLong(width: width, height: height) }
    return nil
  }
}
