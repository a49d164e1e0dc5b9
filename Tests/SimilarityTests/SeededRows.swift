import Clustering
import TestImages

@testable import Similarity

/// Rows around `centreCount` centres, each with up to `flipCount` bits flipped: equal rows, ties and
/// close pairs all occur.
func clusteredRows(
  count: Int, bitCount: Int, centreCount: Int, flipCount: Int, seed: UInt64
) -> BitRows {
  var generator = SplitMix(seed: seed)
  let byteCount = (bitCount + 7) / 8
  let centres = (0..<centreCount).map { _ in
    (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
  var rows = BitRows(bitCount: bitCount)
  for _ in 0..<count {
    var row = centres[Int.random(in: 0..<centreCount, using: &generator)]
    for _ in 0..<Int.random(in: 0...flipCount, using: &generator) {
      let bit = Int.random(in: 0..<bitCount, using: &generator)
      row[bit / 8] ^= 1 << (bit % 8)
    }
    if bitCount % 8 > 0 { row[byteCount - 1] &= 1 << (bitCount % 8) - 1 }
    rows.append(row[...])
  }
  return rows
}

/// Image numbers with gaps, ascending.
func gappyImages(count: Int, seed: UInt64) -> [UInt32] {
  var generator = SplitMix(seed: seed)
  var image: UInt32 = 0
  return (0..<count).map { _ in
    image += UInt32.random(in: 1...3, using: &generator)
    return image
  }
}

/// The join by the plain double loop over images: every link, and the counts.
func plainJoin(rows: BitRows, images: [UInt32], maximumDistance: Int) -> TileResult {
  var links: [Link] = []
  var counts = [UInt64](repeating: 0, count: maximumDistance + 1)
  for row in 0..<rows.count {
    for column in (row + 1)..<max(rows.count, row + 1) {
      let distance = rows.distance(row, column)
      if distance > maximumDistance { continue }
      counts[distance] += 1
      let similarity = 1 - Double(distance) / Double(rows.bitCount)
      links.append(Link(images[row], images[column], similarity: similarity))
    }
  }
  let imageCount = Int(images.last ?? 0) + 1
  return TileResult(
    links: SpanningForest(merging: [links], imageCount: imageCount).links, counts: counts)
}
