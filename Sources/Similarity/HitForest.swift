import Clustering

/// How the kernels write a hit: `distance << 48 | row << 24 | column`.
///
/// Rows and columns of a tile are ordered by image, and in a tile off the diagonal all rows come
/// before all columns: so hits, compared as integers, are in `Link`'s order.
enum Hit {
  static func distance(_ hit: UInt64) -> Int { Int(hit >> 48) }
  static func row(_ hit: UInt64) -> Int { Int(hit >> 24 & 0xff_ffff) }
  static func column(_ hit: UInt64) -> Int { Int(hit & 0xff_ffff) }
}

/// The forest of the hits of one tile, in the tile's own numbers.
struct HitForest {
  /// Links of the forest; they are the first of the buffer, sorted.
  private(set) var linkCount = 0

  private var sets: DisjointSets
  private let columnOffset: Int
  private let maximumDistance: Int

  /// Makes an empty forest; `columnCount` nil means that columns are the rows.
  init(rowCount: Int, columnCount: Int?, maximumDistance: Int) {
    sets = DisjointSets(count: rowCount + (columnCount ?? 0))
    columnOffset = columnCount == nil ? 0 : rowCount
    self.maximumDistance = maximumDistance
  }

  /// Reduces `hits[..<count]`, the forest so far included, to a forest at the front.
  mutating func reduce(_ hits: inout [UInt64], count: Int) {
    hits[..<count].sort()
    sets.reset()
    linkCount = 0
    for position in 0..<count {
      let hit = hits[position]
      let (row, column) = (UInt32(Hit.row(hit)), UInt32(Hit.column(hit) + columnOffset))
      if sets.join(row, column) == nil { continue }
      hits[linkCount] = hit
      linkCount += 1
    }
  }
}
