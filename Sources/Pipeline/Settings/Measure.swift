import Features
import Imaging
import Similarity
import Storage

/// A way to compare images: what is kept of each, and how two are compared.
public enum Measure: Hashable, Sendable {
  /// Bits, by their Hamming distance.
  case bits(BitStringMethod)
  /// Bits of the picture in eight orientations, by the least distance of any two.
  case turned(BitStringMethod)
  /// A small raster, by its pixels.
  case raster(RasterMeasure)
  /// Corners, key points, segments or strokes, pair by pair.
  case pair(PairMeasure)
  /// A vector of an image, by the angle with another's.
  case vector(VectorMethod)
  /// Such a vector along the principal components of the archive's.
  case components(VectorMethod)
  /// A vector that the user gives for each path.
  case given

  /// Every measure, in the order in which a message lists them.
  static let all: [Measure] =
    BitStringMethod.allCases.map(Measure.bits)
    + BitStringMethod.allCases.filter(\.dependsOnOrientation).map(Measure.turned)
    + RasterMeasure.allCases.map(Measure.raster)
    + PairMeasure.allCases.map(Measure.pair)
    + VectorMethod.allCases.map(Measure.vector)
    + VectorMethod.allCases.map(Measure.components)
    + [.given]

  /// The names of those whose features are vectors, with commas.
  static var vectorNames: String { all.filter(\.isVector).map(\.name).joined(separator: ", ") }

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
    case .turned(let method): method.name + "-turned"
    case .raster(let measure): measure.rawValue
    case .pair(let measure): measure.rawValue
    case .vector(let method): method.name
    case .components(.pixels): "pca"
    case .components(.colorPixels): "pca-color"
    case .components(let method): "pca-" + method.name
    case .given: "vectors"
    }
  }

  /// The measure whose features this one's are made of; nil where they are not made of others.
  var basis: Measure? {
    if case .components(let method) = self { .vector(method) } else { nil }
  }

  /// Whether its features come from something else than the image: they are made without opening one.
  var isDerived: Bool { self == .given || basis != nil }

  /// Whether its features are vectors, which clustering methods take.
  public var isVector: Bool {
    switch self {
    case .vector, .components, .given: true
    case .bits, .turned, .raster, .pair: false
    }
  }

  /// Raised when the feature of any image changes.
  var version: Int {
    switch self {
    case .bits(let method), .turned(let method): method.version
    case .raster: 1
    case .pair(let measure): measure.extraction.version
    case .vector(let method), .components(let method): method.version
    case .given: 1
    }
  }

  /// How features are stored.
  var layout: FeatureLayout {
    switch self {
    case .bits(let method): .bytes(method.byteCount)
    case .turned(let method): .bytes(method.byteCount * TurnedJoin.orientationCount)
    case .raster(let measure): .bytes(measure.byteCount)
    case .pair(let measure): measure.layout
    case .vector(let method): method.componentByteCount == 1 ? .bytes(method.dimension) : .floats
    case .components, .given: .floats
    }
  }

  /// What the measure reads of an image; nil for one whose features do not come from it.
  var raster: RasterForm? {
    switch self {
    case .bits(let method): method.form
    case .turned(let method): method.turnableForm
    case .raster(let measure):
      .exactly(
        RasterSpecification(
          width: measure.side, height: measure.side,
          channels: measure.channelCount == 1 ? .gray : .color))
    case .pair: .fitting(side: DescriptorMethod.longerSide, .gray)
    case .vector(let method): .exactly(method.raster)
    case .components, .given: nil
    }
  }

  /// The feature of an image, read off its raster.
  ///
  /// - Throws: `FeatureFailure` where what extracts it cannot be had.
  func extract(from raster: Raster) throws -> Feature {
    switch self {
    case .bits(let method):
      let feature = method.extract(from: raster)
      return Feature(bytes: feature.bytes, hasDetail: feature.hasDetail)
    case .turned(let method):
      let feature = method.extractOrientations(from: raster)
      return Feature(bytes: feature.bytes, hasDetail: feature.hasDetail)
    // A plain picture is as much a picture as another: two of one colour are alike.
    case .raster: return Feature(bytes: raster.pixels, hasDetail: true)
    case .pair(let measure):
      let bytes = try measure.extraction.extract(from: raster)
      if bytes.isEmpty, case .bytes(let count) = layout {
        return Feature(bytes: Array(repeating: 0, count: count), hasDetail: false)
      }
      return Feature(bytes: bytes, hasDetail: !bytes.isEmpty)
    case .vector(let method):
      let feature = method.extract(from: raster)
      return Feature(bytes: feature.bytes, hasDetail: feature.hasDetail)
    case .components, .given: preconditionFailure("'\(name)' is not extracted from an image")
    }
  }

  /// The same measure of a picture in any of eight orientations, nil where it has none.
  public var inAnyOrientation: Measure? {
    switch self {
    case .bits(let method): method.dependsOnOrientation ? .turned(method) : nil
    case .turned: self
    case .raster, .pair, .vector, .components, .given: nil
    }
  }

  /// Whether a pair takes so long to compare that a cheap guide chooses the candidates.
  var isCostly: Bool {
    if case .pair(let measure) = self { measure.isCostly } else { false }
  }

  /// Whether it matches key points, whose places can be asked for.
  var hasKeyPoints: Bool { self == .pair(.orb) || self == .pair(.sift) }
}

extension PairMeasure {
  /// What extracts its features.
  fileprivate var extraction: DescriptorMethod {
    switch self {
    case .cornerMinHash: .cornerMinHash
    case .brushStrokes: .brushStrokes
    case .cropHash: .cropHash
    case .orb: .orb
    case .sift: .sift
    }
  }

  /// How its features are stored.
  fileprivate var layout: FeatureLayout {
    if let count = extraction.byteCount { return .bytes(count) }
    switch extraction {
    case .orb, .sift:
      return .records(.keyPoint(descriptorByteCount: extraction.recordByteCount - 16))
    default: return .records(.uint64)
    }
  }
}

/// What is kept of one image for a measure.
struct Feature: Sendable {
  /// As the measure's layout says.
  let bytes: [UInt8]
  /// Whether there was anything to describe; where not, the image links to identical content only.
  let hasDetail: Bool
}

/// How the features of a measure are stored.
enum FeatureLayout: Sendable {
  /// So many bytes an image.
  case bytes(Int)
  /// Any number of records of this type an image.
  case records(NumpyType)
  /// Numbers in single precision, as many an image as the features themselves tell.
  case floats

  /// Whether the features of a batch stay in a file: a batch has thousands, and each worker a batch.
  var isWide: Bool {
    switch self {
    case .bytes(let count): count > 4_096
    case .records, .floats: true
    }
  }
}
