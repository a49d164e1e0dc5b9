/// How a stored picture is turned to be looked at: the EXIF orientation.
public struct Orientation: RawRepresentable, Sendable {
  /// EXIF's number, 1 upright to 8.
  public let rawValue: Int

  /// All eight, upright first.
  public static let all = (1...8).map(Orientation.init(rawValue:))

  /// Anything out of 1 to 8 is 1, upright.
  public init(rawValue: Int) { self.rawValue = (1...8).contains(rawValue) ? rawValue : 1 }

  /// Whether columns become rows.
  var swapsAxes: Bool { rawValue >= 5 }

  /// The size of a raster in the stored orientation, given its size once turned.
  func stored(_ specification: RasterSpecification) -> RasterSpecification {
    guard swapsAxes else { return specification }
    return RasterSpecification(
      width: specification.height, height: specification.width, channels: specification.channels)
  }

  /// Turns a raster from the stored orientation.
  public func turned(_ raster: Raster) -> Raster {
    // Sides that are exchanged twice are as they were: what leads back leads there.
    let specification = stored(raster.specification)
    return Raster(
      specification: specification, pixels: turned(raster.pixels, to: specification))
  }

  /// Turns pixels from the stored orientation.
  ///
  /// - Parameter specification: the size once turned.
  public func turned(_ pixels: [UInt8], to specification: RasterSpecification) -> [UInt8] {
    guard rawValue != 1 else { return pixels }
    let stored = stored(specification)
    let channels = specification.channels.rawValue
    var turned = [UInt8]()
    turned.reserveCapacity(pixels.count)
    for y in 0..<specification.height {
      for x in 0..<specification.width {
        let (column, row) = source(ofColumn: x, row: y, width: stored.width, height: stored.height)
        let start = (row * stored.width + column) * channels
        turned.append(contentsOf: pixels[start..<(start + channels)])
      }
    }
    return turned
  }

  /// Where the pixel in column `x` and row `y` of the turned picture is stored.
  private func source(
    ofColumn x: Int, row y: Int, width: Int, height: Int
  ) -> (column: Int, row: Int) {
    switch rawValue {
    case 2: (width - 1 - x, y)
    case 3: (width - 1 - x, height - 1 - y)
    case 4: (x, height - 1 - y)
    case 5: (y, x)
    case 6: (y, height - 1 - x)
    case 7: (width - 1 - y, height - 1 - x)
    case 8: (width - 1 - y, x)
    default: (x, y)
    }
  }
}
