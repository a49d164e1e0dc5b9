import Clustering
import TestImages

@testable import Similarity

/// Rasters around `centreCount` soft pictures, each with grain of some strength, some brighter; with
/// black, flat and equal ones among them, and one that differs from its neighbour by one step.
func clusteredRasters(
  _ measure: RasterMeasure, count: Int, centreCount: Int, seed: UInt64
) -> ByteRows {
  var generator = SplitMix(seed: seed)
  let centres = (0..<centreCount).map { _ in softPicture(measure, &generator) }
  var rows = ByteRows(byteCount: measure.byteCount)
  var last = centres[0]
  for _ in 0..<count {
    switch Int.random(in: 0..<16, using: &generator) {
    case 0: last = Array(repeating: 0, count: measure.byteCount)
    case 1: last = Array(repeating: .random(in: 0...255, using: &generator), count: last.count)
    case 2: break  // equal to the one before
    case 3: last[Int.random(in: 0..<last.count, using: &generator)] ^= 1
    default:
      let centre = centres[Int.random(in: 0..<centreCount, using: &generator)]
      last = grained(centre, &generator)
    }
    rows.append(contentsOf: last)
  }
  return rows
}

/// Waves of a few directions, light and contrast.
private func softPicture(_ measure: RasterMeasure, _ generator: inout SplitMix) -> [UInt8] {
  let (side, channels) = (measure.side, measure.channelCount)
  let (ground, height) = (
    Int.random(in: 20...200, using: &generator), Int.random(in: 3...120, using: &generator)
  )
  let slopes = (0..<2 * channels).map { _ in Int.random(in: -9...9, using: &generator) }
  return (0..<measure.byteCount).map { index in
    let (x, y, channel) = (
      index / channels % side, index / channels / side, index % channels
    )
    let phase = (x * slopes[2 * channel] + y * slopes[2 * channel + 1]) & 255
    return UInt8(min(255, max(0, ground + (abs(phase - 128) - 64) * height / 64)))
  }
}

private func grained(_ picture: [UInt8], _ generator: inout SplitMix) -> [UInt8] {
  let strength = [0, 1, 3, 8, 20][Int.random(in: 0..<5, using: &generator)]
  let light = Int.random(in: -1...1, using: &generator) * strength
  return picture.map { sample in
    let grain = strength == 0 ? 0 : Int(generator.next() >> 40) % (2 * strength + 1) - strength
    return UInt8(min(255, max(0, Int(sample) + light + grain)))
  }
}

/// The join by the plain double loop over images, with the measure's own similarity.
func plainJoin(
  _ measure: RasterMeasure, rows: ByteRows, images: [UInt32], floor: Double
) -> TileResult {
  let steps = SimilaritySteps(floor: floor)
  var links: [Link] = []
  var counts = [UInt64](repeating: 0, count: steps.count)
  let prepared = measure == .complexWavelet ? ComplexWaveletRows(rows) : nil
  for row in 0..<rows.count {
    for column in (row + 1)..<max(rows.count, row + 1) {
      let similarity =
        prepared?.similarity(row, column) ?? measure.similarity(rows[row], rows[column])
      if similarity < floor { continue }
      counts[steps.step(of: similarity)] += 1
      links.append(Link(images[row], images[column], similarity: similarity))
    }
  }
  let imageCount = Int(images.last ?? 0) + 1
  return TileResult(
    links: SpanningForest(merging: [links], imageCount: imageCount).links, counts: counts)
}
