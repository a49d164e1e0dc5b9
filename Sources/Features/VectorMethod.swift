import Imaging

/// A way to describe an image by a vector of numbers, known by its name.
///
/// Two features of one method are compared by their angle or their distance; principal components and
/// clusters are made of them. A feature is a row of ``dimension`` components as they are stored:
/// bytes where the components are pixels, otherwise floats of 32 bits, little endian. It is a function
/// of the raster alone, bit for bit, on every machine.
public enum VectorMethod: String, Hashable, Sendable, CaseIterable {
  /// The pixels of gray 64 x 64, row by row.
  case pixels
  /// The pixels of colour 32 x 32, row by row: red, green and blue of each.
  case colorPixels = "pixels-color"
  /// Histograms of oriented gradients (Dalal and Triggs 2005) of gray 128 x 128: 8 orientations in
  /// cells of 8 x 8, each cell normalised by itself (`OrientedGradients`). Within 1e-5 of
  /// scikit-image 0.26.0.
  case orientedGradients = "hog"

  /// The method called `name`, or nil if there is none; ``names`` lists them.
  public init?(name: String) { self.init(rawValue: name) }

  /// The names of all methods, in the order in which a message lists them.
  public static var names: [String] { allCases.map(\.name) }

  /// What the method is called in commands, files and messages.
  public var name: String { rawValue }

  /// Raised when the components of any raster, or the raster asked for, change.
  public var version: Int { 1 }

  /// The components of a feature.
  public var dimension: Int {
    switch self {
    case .pixels, .colorPixels: raster.byteCount
    case .orientedGradients: OrientedGradients.valueCount
    }
  }

  /// The bytes of a component as it is stored: 1 is an unsigned byte, 4 a float, little endian.
  public var componentByteCount: Int {
    switch self {
    case .pixels, .colorPixels: 1
    case .orientedGradients: 4
    }
  }

  /// The bytes of a feature.
  public var byteCount: Int { dimension * componentByteCount }

  /// What the method reads of an image.
  public var raster: RasterSpecification {
    switch self {
    case .pixels: RasterSpecification(width: 64, height: 64, channels: .gray)
    case .colorPixels: RasterSpecification(width: 32, height: 32, channels: .color)
    case .orientedGradients:
      RasterSpecification(
        width: OrientedGradients.side, height: OrientedGradients.side, channels: .gray)
    }
  }

  /// The feature of an image, read off its raster.
  ///
  /// - Precondition: `raster` is as ``raster`` asks.
  /// - Complexity: linear in the pixels.
  public func extract(from raster: Raster) -> FeatureVector {
    precondition(
      raster.specification == self.raster,
      "\(name) reads \(self.raster), not \(raster.specification)")
    switch self {
    case .pixels, .colorPixels:
      return FeatureVector(bytes: raster.pixels, hasDetail: raster.pixels.contains { $0 != 0 })
    case .orientedGradients: return OrientedGradients.feature(of: raster.pixels)
    }
  }
}

/// The feature of a vector method: the components of one image.
public struct FeatureVector: Hashable, Sendable {
  /// The components as they are stored, ``VectorMethod/byteCount`` bytes.
  public let bytes: [UInt8]
  /// Whether any component is not zero; where none is, the image links to identical content only.
  public let hasDetail: Bool
}
