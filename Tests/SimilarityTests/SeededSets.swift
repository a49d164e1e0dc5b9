import Clustering
import TestImages

@testable import Similarity

/// Rows for a measure around a few centres: near copies, equal rows, and among descriptors and segments
/// many that are equal or equally near.
func seededSets(_ measure: PairMeasure, count: Int, seed: UInt64) -> ByteStrings {
  var generator = SplitMix(seed: seed)
  let centres = (0..<4).map { _ in SeededCentre(measure, &generator) }
  var rows = ByteStrings()
  var last: [UInt8] = []
  for _ in 0..<count {
    if last.isEmpty || !chance(1, in: 9, &generator) {
      last = centres[Int.random(in: 0..<4, using: &generator)].copy(&generator)
    }
    rows.append(last)
  }
  return rows
}

private func chance(_ share: Int, in whole: Int, _ generator: inout SplitMix) -> Bool {
  Int.random(in: 0..<whole, using: &generator) < share
}

/// What the rows of one cluster are made from.
private struct SeededCentre {
  let measure: PairMeasure
  /// Slots, bins or descriptors.
  let parts: [[UInt8]]

  init(_ measure: PairMeasure, _ generator: inout SplitMix) {
    self.measure = measure
    let (count, size) =
      switch measure {
      case .cornerMinHash: (128, 2)
      case .brushStrokes: (262, 1)
      case .cropHash: (7, 8)
      case .orb: (40, 32)
      case .sift: (25, 128)
      }
    parts = (0..<count).map { _ in
      (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
  }

  func copy(_ generator: inout SplitMix) -> [UInt8] {
    switch measure {
    case .cornerMinHash:
      let rate = Int.random(in: 0...9, using: &generator)
      return parts.flatMap { part in
        // Ranks that differ in the upper byte only, too.
        chance(rate, in: 10, &generator)
          ? [part[0], UInt8.random(in: 0...3, using: &generator)] : [part[0], 0]
      }
    case .brushStrokes: return strokes(&generator)
    case .cropHash: return segments(&generator)
    case .orb, .sift: return records(&generator)
    }
  }

  private func strokes(_ generator: inout SplitMix) -> [UInt8] {
    let spread = Int.random(in: 0...60, using: &generator)
    let values = parts.map { part in
      Float(max(0, Int(part[0]) - 40 + Int.random(in: -spread...spread, using: &generator)))
    }
    let total = max(values[6...].reduce(0, +), 1)
    let row = values[..<6].map { $0 * 3 } + values[6...].map { $0 / total }
    return row.flatMap(bytes)
  }

  private func segments(_ generator: inout SplitMix) -> [UInt8] {
    (0..<Int.random(in: 1...9, using: &generator)).flatMap { _ in
      var segment = parts[Int.random(in: 0..<parts.count, using: &generator)]
      for _ in 0..<Int.random(in: 0...20, using: &generator) {
        segment[Int.random(in: 0..<8, using: &generator)] ^= 1 << UInt8(generator.next() >> 61)
      }
      return segment
    }
  }

  private func records(_ generator: inout SplitMix) -> [UInt8] {
    let strength = Int.random(in: 0...30, using: &generator)
    return (0..<Int.random(in: 1...parts.count, using: &generator)).flatMap { _ in
      var part = parts[Int.random(in: 0..<parts.count, using: &generator)]
      if chance(2, in: 3, &generator) {
        for _ in 0..<strength {
          let place = Int.random(in: 0..<part.count, using: &generator)
          part[place] ^= 1 << UInt8(generator.next() >> 61)
        }
      }
      let position = (0..<2).map { _ in Float(Int.random(in: 0..<512, using: &generator)) }
      let turn = Float(Int.random(in: 0..<360, using: &generator))
      return (position + [31, turn]).flatMap(bytes) + part
    }
  }

  private func bytes(_ value: Float) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
  }
}

/// The join by the plain double loop over images, with the measure's own similarity.
func plainJoin(
  _ measure: PairMeasure, rows: ByteStrings, images: [UInt32], floor: Double,
  geometry: Bool = false
) -> TileResult {
  let steps = SimilaritySteps(floor: floor)
  var links: [Link] = []
  var counts = [UInt64](repeating: 0, count: steps.count)
  for row in 0..<rows.count {
    for column in (row + 1)..<max(rows.count, row + 1) {
      let similarity = measure.similarity(rows[row], rows[column], geometry: geometry)
      if similarity < floor { continue }
      counts[steps.step(of: similarity)] += 1
      links.append(Link(images[row], images[column], similarity: similarity))
    }
  }
  let imageCount = Int(images.last ?? 0) + 1
  return TileResult(
    links: SpanningForest(merging: [links], imageCount: imageCount).links, counts: counts)
}

extension PairJoin {
  /// A join of rows that are all in memory.
  init(
    _ measure: PairMeasure, rows: ByteStrings, images: [UInt32], floor: Double,
    geometry: Bool = false, candidates: Candidates = .all, blockSize: Int = 512,
    kernel: RasterKernel = .widest
  ) {
    self.init(
      measure: measure, geometry: geometry, candidates: candidates, images: images, floor: floor,
      blockSize: blockSize, kernel: kernel
    ) { range in
      var part = ByteStrings()
      for row in range { part.append(rows[row]) }
      return part
    }
  }
}
