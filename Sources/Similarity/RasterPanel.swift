import CKernels

/// A few hundred rasters with what a join needs of each besides its samples: made for a tile, never
/// stored.
@safe final class RasterPanel: TilePanel {
  typealias Rows = ByteRows

  /// How many rows it has.
  private let count: Int
  private let panel: OpaquePointer

  /// Rows in a panel at most: what is made of them stays in the second cache while another's rows
  /// pass by, as far as the larger rasters allow.
  static func rowCount(_ measure: RasterMeasure) -> Int {
    max(64, min(largestRowCount, (2 << 20) / measure.byteCount))
  }
  private static let largestRowCount = 512

  /// Takes some rows of a block.
  ///
  /// - Throws: `JoinOutOfMemory`.
  init(_ block: ByteRows, rows: ArraySlice<UInt32>, of join: RasterJoin) throws {
    let measure = join.measure
    var samples: [UInt8] = []
    samples.reserveCapacity(rows.count * block.byteCount)
    for row in rows { samples.append(contentsOf: block[Int(row)]) }
    let panel = unsafe ckernels_panel_open(
      join.kernel.code, measure.code, UInt32(measure.side), UInt32(measure.channelCount),
      join.floor, samples, UInt32(rows.count))
    guard let panel = unsafe panel else {
      throw JoinOutOfMemory(detail: "a panel of \(rows.count) rasters")
    }
    count = rows.count
    unsafe self.panel = unsafe panel
  }

  deinit { unsafe ckernels_panel_free(panel) }

  func compare(with columns: RasterPanel, _ hits: inout PanelHits, _ links: inout TileLinks) {
    unsafe hits.compare(rowCount: count, &links) { start, end, hits in
      unsafe ckernels_panel_compare(panel, start, end, columns.panel, hits)
    }
  }

  static func scratch() -> PanelHits { PanelHits(columnCount: largestRowCount) }

  /// Bytes of a full panel.
  static func memoryBytes(_ measure: RasterMeasure) -> Int {
    ckernels_panel_bytes(
      measure.code, UInt32(measure.side), UInt32(measure.channelCount),
      UInt32(rowCount(measure)))
  }
}
