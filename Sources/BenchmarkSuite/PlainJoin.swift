import Clustering
import Similarity

/// The join by the plain double loop, to compare with: every pair of images, equal or not.
///
/// Shares with the join under test only the reduction of links to a forest.
func plainJoin(_ rows: BitRows, maximumDistance: Int) -> TileResult {
  var counts = [UInt64](repeating: 0, count: maximumDistance + 1)
  var builder = ForestBuilder(imageCount: rows.count)
  for row in 0..<rows.count {
    for column in (row + 1)..<max(rows.count, row + 1) {
      let distance = rows.distance(row, column)
      if distance > maximumDistance { continue }
      counts[distance] += 1
      let similarity = 1 - Double(distance) / Double(rows.bitCount)
      builder.add(Link(UInt32(row), UInt32(column), similarity: similarity))
    }
  }
  return TileResult(links: builder.finish(), counts: counts)
}
