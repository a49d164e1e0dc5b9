import CKernels

/// A few hundred rows of a measure that is compared without candidates.
@safe final class PairPanel: PairJoinPanel {
  private let count: Int
  private let panel: OpaquePointer

  /// Rows in a panel: those of slots and strokes stay in the second cache.
  static let rowCount = 512

  /// Takes some rows of a block.
  ///
  /// - Throws: `JoinOutOfMemory`.
  init(_ block: ByteStrings, places: ArraySlice<UInt32>, of join: PairJoin) throws {
    var bytes: [UInt8] = []
    var byteCounts: [UInt32] = []
    for place in places {
      let row = block[Int(place)]
      join.measure.checkRow(row)
      bytes.append(contentsOf: row)
      byteCounts.append(UInt32(row.count))
    }
    let panel = unsafe ckernels_pairs_open(
      join.kernel.code, join.measure.pairsCode, join.floor, bytes, byteCounts,
      UInt32(places.count))
    guard let panel = unsafe panel else {
      throw JoinOutOfMemory(detail: "a panel of \(places.count) rows of \(join.measure.rawValue)")
    }
    count = places.count
    unsafe self.panel = unsafe panel
  }

  deinit { unsafe ckernels_pairs_free(panel) }

  func compare(with columns: PairPanel, _ hits: inout PanelHits, _ links: inout TileLinks) {
    unsafe hits.compare(rowCount: count, &links) { start, end, hits in
      unsafe ckernels_pairs_compare(panel, start, end, columns.panel, hits)
    }
  }

  static func scratch() -> PanelHits { PanelHits(columnCount: rowCount) }

  /// Bytes of a full panel.
  static func memoryBytes(_ measure: PairMeasure) -> Int {
    ckernels_pairs_bytes(
      measure.pairsCode, UInt32(rowCount), rowCount * measure.largestRowByteCount)
  }
}
