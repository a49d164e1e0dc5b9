/// Which rasters of an image are wanted.
enum RasterRequest {
  /// These, whatever the image's proportions.
  case exactly([RasterSpecification])
  /// One in colour with the image's proportions, its longer side at most this; never enlarged.
  case fitting(side: Int)

  /// The rasters of an image of this size, EXIF orientation applied.
  func specifications(width: Int, height: Int) -> [RasterSpecification] {
    switch self {
    case .exactly(let specifications): return specifications
    case .fitting(let side):
      let longer = max(width, height)
      guard longer > side else {
        return [RasterSpecification(width: width, height: height, channels: .color)]
      }
      return [
        RasterSpecification(
          width: max(1, (width * side + longer / 2) / longer),
          height: max(1, (height * side + longer / 2) / longer), channels: .color)
      ]
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
