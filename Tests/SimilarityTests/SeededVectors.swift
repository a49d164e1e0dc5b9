import Clustering
import TestImages

@testable import Similarity

/// Vectors around `centreCount` centres, each moved by some strength, some longer or shorter; with rows
/// of zeros of either sign and equal ones among them and, of floats, rows whose products leave single
/// precision at either end.
func clusteredVectors(
  _ component: VectorComponent, dimension: Int, count: Int, centreCount: Int, seed: UInt64
) -> ByteRows {
  var generator = SplitMix(seed: seed)
  let centres = (0..<centreCount).map { _ in
    (0..<dimension).map { _ in Float.random(in: -100...120, using: &generator) }
  }
  var rows = ByteRows(byteCount: dimension * component.byteCount)
  var last = centres[0]
  for _ in 0..<count {
    let centre = centres[Int.random(in: 0..<centreCount, using: &generator)]
    switch Int.random(in: 0..<20, using: &generator) {
    case 0: last = Array(repeating: 0, count: dimension)
    case 1: last = Array(repeating: -0.0, count: dimension)
    case 2: last = centre.map { $0 * 0x1p110 }
    case 3: last = centre.map { $0 * 0x1p-120 }
    case 4: last = centre.map { -$0 }
    case 5: last = centre.map { $0 / 4 }
    case 6: break  // equal to the one before
    default:
      let strength: Float = [0, 0.01, 1, 10, 40].randomElement(using: &generator) ?? 0
      last = centre.map { $0 + strength * .random(in: -1...1, using: &generator) }
    }
    rows.append(contentsOf: stored(last, as: component))
  }
  return rows
}

/// Vectors at any distance from one centre, so that similarities lie close together.
func spreadVectors(
  _ component: VectorComponent, dimension: Int, count: Int, seed: UInt64
) -> ByteRows {
  var generator = SplitMix(seed: seed)
  let centre = (0..<dimension).map { _ in Float.random(in: -60...60, using: &generator) }
  var rows = ByteRows(byteCount: dimension * component.byteCount)
  for _ in 0..<count {
    let strength = Float.random(in: 0...50, using: &generator)
    let moved = centre.map { $0 + strength * .random(in: -1...1, using: &generator) }
    rows.append(contentsOf: stored(moved, as: component))
  }
  return rows
}

/// A vector as it is stored.
func stored(_ vector: [Float], as component: VectorComponent) -> [UInt8] {
  switch component {
  case .uint8: vector.map { UInt8(min(255, max(0, ($0 + 128).rounded()))) }
  case .float32:
    vector.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
    }
  }
}

/// The join by the plain double loop over images, with the measure's own similarity.
func plainJoin(_ rows: VectorRows, images: [UInt32], floor: Double) -> TileResult {
  let steps = SimilaritySteps(floor: floor)
  var links: [Link] = []
  var counts = [UInt64](repeating: 0, count: steps.count)
  for row in images.indices {
    for column in images.indices[(row + 1)...] {
      let similarity = rows.similarity(row, column)
      if similarity < floor { continue }
      counts[steps.step(of: similarity)] += 1
      links.append(Link(images[row], images[column], similarity: similarity))
    }
  }
  let imageCount = Int(images.last ?? 0) + 1
  return TileResult(
    links: SpanningForest(merging: [links], imageCount: imageCount).links, counts: counts)
}

extension VectorJoin {
  /// A join of rows that are all in memory.
  init(
    _ measure: VectorMeasure, _ component: VectorComponent, rows: ByteRows, images: [UInt32],
    floor: Double, blockSize: Int = 4_096
  ) {
    self.init(
      measure: measure, component: component, dimension: rows.byteCount / component.byteCount,
      images: images, floor: floor, blockSize: blockSize
    ) { range in
      let (start, end) = (range.lowerBound * rows.byteCount, range.upperBound * rows.byteCount)
      return ByteRows(byteCount: rows.byteCount, bytes: Array(rows.bytes[start..<end]))
    }
  }
}
