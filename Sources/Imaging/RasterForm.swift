/// Which raster of an image is wanted: one of a fixed size, or one that keeps its proportions.
public enum RasterForm: Hashable, Sendable {
  /// This, whatever the image's proportions.
  case exactly(RasterSpecification)
  /// One with the image's proportions, its longer side at most this; never enlarged.
  case fitting(side: Int, RasterSpecification.Channels)

  /// The raster of an image of this size, EXIF orientation applied.
  public func specification(width: Int, height: Int) -> RasterSpecification {
    switch self {
    case .exactly(let specification): return specification
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
