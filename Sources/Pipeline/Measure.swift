import Features
import Imaging
import Similarity

/// A way to compare images: what is kept of each, and how two are compared.
public enum Measure: Hashable, Sendable {
  /// Bits, by their Hamming distance.
  case bits(BitStringMethod)
  /// A small raster, by its pixels.
  case raster(RasterMeasure)

  /// Every measure, in the order in which a message lists them.
  static let all: [Measure] =
    BitStringMethod.allCases.map(Measure.bits) + RasterMeasure.allCases.map(Measure.raster)

  /// The names of all measures, in the same order.
  public static let names = all.map(\.name)

  /// The measure called `name`, or nil if there is none; ``names`` lists them.
  public init?(name: String) {
    guard let measure = Self.all.first(where: { $0.name == name }) else { return nil }
    self = measure
  }

  /// What the measure is called in commands, files and messages.
  public var name: String {
    switch self {
    case .bits(let method): method.name
    case .raster(let measure): measure.rawValue
    }
  }

  /// Raised when the feature of any image changes.
  var version: Int {
    switch self {
    case .bits(let method): method.version
    case .raster: 1
    }
  }

  /// The bytes of a feature.
  var byteCount: Int {
    switch self {
    case .bits(let method): method.byteCount
    case .raster(let measure): measure.byteCount
    }
  }

  /// What the measure reads of an image.
  var raster: RasterSpecification {
    switch self {
    case .bits(let method): method.raster
    case .raster(let measure):
      RasterSpecification(
        width: measure.side, height: measure.side,
        channels: measure.channelCount == 1 ? .gray : .color)
    }
  }

  /// The feature of an image, read off its raster.
  func extract(from raster: Raster) -> Feature {
    switch self {
    case .bits(let method):
      let feature = method.extract(from: raster)
      return Feature(bytes: feature.bytes, hasDetail: feature.hasDetail)
    // A plain picture is as much a picture as another: two of one colour are alike.
    case .raster: return Feature(bytes: raster.pixels, hasDetail: true)
    }
  }
}

/// What is kept of one image for a measure.
struct Feature: Sendable {
  /// As many as the measure says.
  let bytes: [UInt8]
  /// Whether there was anything to describe; where not, the image links to identical content only.
  let hasDetail: Bool
}

extension Measure {
  /// The distance of similarity 0.
  var scale: Int {
    switch self {
    case .bits(let method): method.bitCount
    case .raster: Self.stepsOfSimilarity
    }
  }

  private static let stepsOfSimilarity = 1 << 30

  /// Distances from 0 to `scale` of features by their places in `bytes`.
  ///
  /// Integers, so that sums and means of them do not round: a similarity is 1 - distance / scale. Where
  /// a similarity is any number, the distance is rounded down to a step of 2⁻³⁰: a pair at a threshold
  /// is never below it.
  func distances(of bytes: [UInt8]) -> (Int, Int) -> Int {
    switch self {
    case .bits(let method):
      let rows = BitRows(bitCount: method.bitCount, bytes: bytes)
      return rows.distance
    case .raster(.complexWavelet):
      let rows = ComplexWaveletRows(ByteRows(byteCount: byteCount, bytes: bytes))
      return { Self.distance(rows.similarity($0, $1)) }
    case .raster(let measure):
      let rows = ByteRows(byteCount: byteCount, bytes: bytes)
      return { Self.distance(measure.similarity(rows[$0], rows[$1])) }
    }
  }

  private static func distance(_ similarity: Double) -> Int {
    Int(((1 - similarity) * Double(stepsOfSimilarity)).rounded(.down))
  }

  /// The pairs at or above a floor among features that are in memory or in a file.
  ///
  /// - Parameters:
  ///   - images: the image of each row, ascending.
  ///   - blockSize: rows on one side of a tile.
  func join(
    _ rows: FeatureRows, images: [UInt32], floor: Double, blockSize: Int
  ) throws -> any TiledJoin {
    switch self {
    case .bits(let method):
      let rows = try rows.bits(count: method.bitCount)
      return try HammingJoin(
        rows: rows, images: images, maximumDistance: rows.maximumDistance(floor: floor),
        blockSize: blockSize)
    case .raster(let measure):
      return RasterJoin(measure: measure, images: images, floor: floor, blockSize: blockSize) {
        ByteRows(byteCount: measure.byteCount, bytes: try rows.bytes(of: $0))
      }
    }
  }

  /// How many counts of pairs every join with a floor gives.
  func countCount(floor: Double) -> Int {
    switch self {
    case .bits(let method): BitRows(bitCount: method.bitCount).maximumDistance(floor: floor) + 1
    case .raster: SimilaritySteps(floor: floor).count
    }
  }

  /// Rows on one side of a tile at most: about a second's work for bits.
  var largestBlockSize: Int {
    switch self {
    case .bits(let method): min(65_536, (2 << 20) / method.byteCount)
    case .raster(let measure): min(2_048, (16 << 20) / measure.byteCount)
    }
  }
}
