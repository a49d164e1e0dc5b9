import CKernels

/// Room for the hits of a kernel that compares a few rows of a panel at once with all of another.
struct PanelHits {
  private static let unitRowCount = 16
  private var hits: [ckernels_raster_hit]

  /// Makes room for panels of so many rows at most.
  init(columnCount: Int) {
    hits = Array(
      repeating: ckernels_raster_hit(row: 0, column: 0, similarity: 0),
      count: Self.unitRowCount * columnCount)
  }

  /// Compares all rows and hands over what is found.
  ///
  /// - Parameter kernel: compares the rows from the first to before the second, and returns how many hits
  ///   it wrote.
  mutating func compare(
    rowCount: Int, _ links: inout TileLinks,
    _ kernel: (UInt32, UInt32, UnsafeMutablePointer<ckernels_raster_hit>?) -> Int
  ) {
    for start in stride(from: 0, to: rowCount, by: Self.unitRowCount) {
      let end = min(start + Self.unitRowCount, rowCount)
      let hitCount = unsafe hits.withUnsafeMutableBufferPointer {
        unsafe kernel(UInt32(start), UInt32(end), $0.baseAddress)
      }
      for hit in hits[..<hitCount] {
        links.hit(Int(hit.row), Int(hit.column), similarity: hit.similarity)
      }
    }
  }
}
