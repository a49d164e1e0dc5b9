/// Some rows of descriptors with what their guide needs.
final class DescriptorPanel: PairJoinPanel {
  private let kind: DescriptorKind
  private let join: PairJoin
  private let rows: [ArraySlice<UInt8>]

  /// Rows in a panel.
  static let rowCount = 512

  /// Takes some rows of a block, which stay where they are.
  init(
    _ block: ByteStrings, places: ArraySlice<UInt32>, of join: PairJoin
  ) {
    guard let kind = join.measure.descriptor else {
      preconditionFailure("\(join.measure) has no descriptors")
    }
    self.kind = kind
    self.join = join
    rows = places.map { block[Int($0)] }
    rows.forEach(join.measure.checkRow)
  }

  static func scratch() {}

  /// Nothing beside the block.
  static func memoryBytes(_ measure: PairMeasure) -> Int { rowCount * 16 }

  func compare(with columns: DescriptorPanel, _ scratch: inout Void, _ links: inout TileLinks) {
    for row in rows.indices {
      for column in columns.rows.indices.dropFirst(columns === self ? row + 1 : 0) {
        let (first, second) = (rows[row], columns.rows[column])
        if kind.largestSimilarity(first.count, second.count) < join.floor { continue }
        let similarity = kind.similarity(
          first, second, geometry: join.geometry, kernel: join.kernel)
        if similarity >= join.floor { links.hit(row, column, similarity: similarity) }
      }
    }
  }
}
