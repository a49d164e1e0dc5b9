import Features
import Similarity

/// How a run compares images by one measure: all that decides its links besides the features.
struct Comparison: Hashable, Sendable {
  let measure: Measure
  /// The lowest similarity that links are kept for.
  let floor: Double
  let candidates: Candidates
  /// Whether only matches of key points count that one transform explains.
  let needsGeometry: Bool
  /// How vectors are compared.
  let metric: VectorMeasure

  /// Whether pairs are left out that a guide says nothing good of.
  var usesCandidates: Bool { candidates != .all }

  /// Names everything here.
  var name: String {
    "\(measure.name) \(floor) \(candidates.text) \(needsGeometry)"
      + (measure.isVector ? " \(metric.text)" : "")
  }

  /// The pairs at or above the floor among features that are in memory or in a file.
  ///
  /// - Parameters:
  ///   - images: the image of each row, ascending.
  ///   - blockSize: rows on one side of a tile.
  func join(
    _ rows: FeatureRows, images: [UInt32], blockSize: Int
  ) throws -> any TiledJoin {
    switch measure {
    case .bits(let method):
      let rows = try rows.bits(count: method.bitCount)
      return try HammingJoin(
        rows: rows, images: images, maximumDistance: rows.maximumDistance(floor: floor),
        blockSize: blockSize)
    case .turned(let method):
      return TurnedJoin(
        bitCount: method.bitCount, images: images, floor: floor, blockSize: blockSize
      ) {
        ByteRows(
          byteCount: method.byteCount * TurnedJoin.orientationCount, bytes: try rows.bytes(of: $0))
      }
    case .raster(let measure):
      return RasterJoin(measure: measure, images: images, floor: floor, blockSize: blockSize) {
        ByteRows(byteCount: measure.byteCount, bytes: try rows.bytes(of: $0))
      }
    case .pair(let measure):
      return PairJoin(
        measure: measure, geometry: needsGeometry, candidates: candidates, images: images,
        floor: floor, blockSize: blockSize, rows: rows.strings)
    case .vector, .components, .given:
      let component = measure.component
      let byteCount = images.isEmpty ? component.byteCount : try rows.bytes(of: 0..<1).count
      let dimension = byteCount / component.byteCount
      return VectorJoin(
        measure: metric, component: component, dimension: dimension, images: images, floor: floor,
        blockSize: min(blockSize, VectorJoin.largestBlockSize(dimension: dimension))
      ) {
        ByteRows(byteCount: byteCount, bytes: try rows.bytes(of: $0))
      }
    }
  }

  /// How many counts of pairs every join gives.
  var countCount: Int {
    switch measure {
    case .bits(let method): BitRows(bitCount: method.bitCount).maximumDistance(floor: floor) + 1
    case .turned, .raster, .pair, .vector, .components, .given:
      SimilaritySteps(floor: floor).count
    }
  }

  /// Distances from 0 to `Measure.scale` of features by their places in `features`.
  ///
  /// Integers, so that sums and means of them do not round: a similarity is 1 - distance / scale. Where
  /// a similarity is any number, the distance is rounded down to a step of 2⁻³⁰: a pair at a threshold
  /// is never below it.
  func distances(of features: ByteStrings) -> (Int, Int) -> Int {
    switch measure {
    case .bits(let method):
      return BitRows(bitCount: method.bitCount, bytes: features.bytes).distance
    case .turned(let method):
      return { first, second in
        TurnedJoin.distance(features[first], features[second], bitCount: method.bitCount)
      }
    case .raster(.complexWavelet):
      let rows = ComplexWaveletRows(
        ByteRows(byteCount: RasterMeasure.complexWavelet.byteCount, bytes: features.bytes))
      return { measure.distance(ofSimilarity: rows.similarity($0, $1)) }
    case .raster(let raster):
      return { first, second in
        measure.distance(ofSimilarity: raster.similarity(features[first], features[second]))
      }
    case .pair(let pair):
      return { first, second in
        measure.distance(
          ofSimilarity: pair.similarity(
            features[first], features[second], geometry: needsGeometry))
      }
    case .vector, .components, .given:
      let rows = Similarity.VectorRows(
        features.paddedToOneLength(atLeast: measure.component.byteCount), measure.component,
        measure: metric)
      return { measure.distance(ofSimilarity: rows.similarity($0, $1)) }
    }
  }
}

extension ByteStrings {
  /// The same rows, those that are empty as zeros: of images without a vector, whose distance is not asked
  /// for.
  fileprivate func paddedToOneLength(atLeast least: Int) -> ByteRows {
    let byteCount = (0..<count).reduce(least) { max($0, self[$1].count) }
    let none = [UInt8](repeating: 0, count: byteCount)
    return ByteRows(
      byteCount: byteCount,
      bytes: (0..<count).flatMap { self[$0].isEmpty ? none[...] : self[$0] })
  }
}

extension Settings {
  /// How the run compares images by one of its measures.
  func comparison(_ measure: Measure) -> Comparison {
    // One that batches have and the settings do not name has its defaults.
    let link = links[measure] ?? LinkSettings(measure)
    return Comparison(
      measure: measure, floor: link.floor, candidates: link.candidates,
      needsGeometry: link.needsGeometry, metric: link.metric)
  }
}

extension Measure {
  /// The distance of similarity 0.
  var scale: Int {
    switch self {
    case .bits(let method), .turned(let method): method.bitCount
    case .raster, .pair, .vector, .components, .given: 1 << 30
    }
  }

  /// A similarity that is any number as a distance, rounded down.
  fileprivate func distance(ofSimilarity similarity: Double) -> Int {
    Int(((1 - similarity) * Double(scale)).rounded(.down))
  }

  /// Rows on one side of a tile at most: about a second's work for bits.
  var largestBlockSize: Int {
    switch self {
    case .bits(let method): min(65_536, (2 << 20) / method.byteCount)
    case .turned(let method): min(8_192, (2 << 20) / method.byteCount)
    case .raster(let measure): min(2_048, (8 << 20) / measure.byteCount)
    case .pair(let measure): measure.largestBlockSize
    // Fewer where vectors are long.
    case .vector, .components, .given: 8_192
    }
  }

  /// How the components of its vectors are stored.
  fileprivate var component: VectorComponent {
    if case .bytes = layout { .uint8 } else { .float32 }
  }
}

extension Candidates {
  /// As a setting.
  var text: String {
    switch self {
    case .all: "all"
    case .atLeast(let floor): "\(floor)"
    }
  }
}

extension VectorMeasure {
  /// As a setting.
  var text: String {
    switch self {
    case .cosine: "cosine"
    case .euclidean(let unit): "euclidean:\(unit)"
    }
  }

  /// What a setting says; nil for anything else.
  init?(text: String) {
    if text == "cosine" {
      self = .cosine
      return
    }
    let parts = text.split(separator: ":")
    guard parts.count == 2, parts[0] == "euclidean", let unit = Double(parts[1]), unit > 0,
      unit.isFinite
    else { return nil }
    self = .euclidean(unit: unit)
  }
}
