import Imaging

/// Bits of a picture in all eight orientations: turned by quarters, and mirrored.
extension BitStringMethod {
  /// Whether a picture that is turned or mirrored has other bits.
  public var dependsOnOrientation: Bool { self != .colorHash }

  /// What ``extractOrientations(from:)`` reads of an image.
  public var turnableForm: RasterForm { enlarges ? .within(squareRaster) : .exactly(squareRaster) }

  /// A raster that can be turned and then read: square.
  public var squareRaster: RasterSpecification {
    let raster = raster
    guard raster.width != raster.height else { return raster }
    // Of the sides that both divide, the least.
    let side = raster.width * raster.height / Self.commonDivisor(raster.width, raster.height)
    return RasterSpecification(width: side, height: side, channels: raster.channels)
  }

  /// The features of a picture in its eight orientations, one after another in the order of EXIF's
  /// numbers, each as ``extract(from:)`` gives it; the picture itself is first.
  ///
  /// Of `dhash` the raster is first reduced to its 18 x 16 by area mean, each way that it is turned.
  ///
  /// - Precondition: `raster` is as ``turnableForm`` says.
  /// - Complexity: that of eight features.
  public func extractOrientations(from raster: Raster) -> BitString {
    precondition(
      turnableForm.holds(raster), "\(name) turns \(turnableForm), not \(raster.specification)")
    let features = Orientation.all.map { extract(from: reduced($0.turned(raster))) }
    return BitString(bytes: features.flatMap(\.bytes), hasDetail: features[0].hasDetail)
  }

  private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : commonDivisor(b, a % b)
  }

  /// What is read of a square gray raster: its area mean, where the raster itself is not square.
  private func reduced(_ square: Raster) -> Raster {
    let (pixels, large, small) = (square.pixels, squareRaster, self.raster)
    guard large != small else { return square }
    let (width, height) = (large.width / small.width, large.height / small.height)
    let count = width * height
    var means: [UInt8] = []
    means.reserveCapacity(small.byteCount)
    for row in 0..<small.height {
      for column in 0..<small.width {
        var sum = 0
        for y in row * height..<(row + 1) * height {
          for x in column * width..<(column + 1) * width { sum += Int(pixels[y * large.width + x]) }
        }
        means.append(UInt8((sum + count / 2) / count))
      }
    }
    return Raster(specification: small, pixels: means)
  }
}
