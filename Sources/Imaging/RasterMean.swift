/// The mean of rasters of one size: what the images of a cluster have in common.
///
/// Sums are integers and exact, so that neither the order of the rasters nor how they were parted
/// among workers changes a bit.
public struct RasterMean: Hashable, Sendable {
  /// The size and channels of every raster.
  public let specification: RasterSpecification
  /// How many rasters were added.
  public private(set) var count = 0
  private var sums: [UInt32]

  /// The most rasters whose sums fit: 255 times as many are below 2 to the power of 32.
  public static let countLimit = Int(UInt32.max) / 255

  /// Starts with no rasters; takes four bytes a sample.
  public init(_ specification: RasterSpecification) {
    self.specification = specification
    sums = [UInt32](repeating: 0, count: specification.byteCount)
  }

  /// Adds a raster.
  ///
  /// - Precondition: it has the same specification, and there are fewer than ``countLimit``.
  public mutating func add(_ raster: Raster) {
    precondition(
      raster.specification == specification,
      "a raster of \(raster.specification) among those of \(specification)")
    precondition(count < Self.countLimit, "more than \(Self.countLimit) rasters")
    count += 1
    for index in sums.indices { sums[index] &+= UInt32(raster.pixels[index]) }
  }

  /// Adds the rasters of another mean.
  ///
  /// - Precondition: they have the same specification, and are at most ``countLimit`` together.
  public mutating func add(_ other: RasterMean) {
    precondition(
      other.specification == specification,
      "rasters of \(other.specification) among those of \(specification)")
    precondition(count + other.count <= Self.countLimit, "more than \(Self.countLimit) rasters")
    count += other.count
    for index in sums.indices { sums[index] &+= other.sums[index] }
  }

  /// The mean, each sample rounded to the nearest, halves up; nil when there are no rasters.
  public var raster: Raster? {
    guard count > 0 else { return nil }
    return Raster(
      specification: specification,
      pixels: sums.map { UInt8((2 * Int($0) + count) / (2 * count)) })
  }
}
