/// Some rows of descriptors, with what chooses their candidates.
final class DescriptorPanel: PairJoinPanel {
  private let kind: DescriptorKind
  private let join: PairJoin
  private let rows: [ArraySlice<UInt8>]
  private let guide: (words: DescriptorGuide, least: Double)?

  /// Rows in a panel; what they share is counted in the second cache.
  static let rowCount = 512

  /// Takes some rows of a block, which stay where they are.
  ///
  /// - Throws: `JoinOutOfMemory`.
  init(_ block: ByteStrings, places: ArraySlice<UInt32>, of join: PairJoin) throws {
    guard let kind = join.measure.descriptor else {
      preconditionFailure("\(join.measure) has no descriptors")
    }
    self.kind = kind
    self.join = join
    rows = places.map { block[Int($0)] }
    rows.forEach(join.measure.checkRow)
    guide =
      switch join.candidates {
      case .all: nil
      case .atLeast(let least): (try DescriptorGuide(block, rows, kind), least)
      }
  }

  static func scratch() {}

  /// Words beside the block, and what a comparison counts.
  static func memoryBytes(_ measure: PairMeasure) -> Int {
    rowCount * 16 + DescriptorGuide.memoryBytes(rowCount: rowCount)
  }

  func compare(with columns: DescriptorPanel, _ scratch: inout Void, _ links: inout TileLinks) {
    let candidates = guide.flatMap { guide in
      columns.guide.map { guide.words.candidates(with: $0.words, atLeast: guide.least) }
    }
    for row in rows.indices {
      for column in columns.rows.indices.dropFirst(columns === self ? row + 1 : 0) {
        let (first, second) = (rows[row], columns.rows[column])
        if let candidates, !candidates[row * columns.rows.count + column] {
          links.skip(row, column) { similarityOrBound(first, second) }
          continue
        }
        let similarity = similarityOrBound(first, second)
        if similarity >= join.floor { links.hit(row, column, similarity: similarity) }
      }
    }
  }

  /// The similarity, or a bound of it that is below the floor.
  private func similarityOrBound(
    _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>
  ) -> Double {
    let most = kind.largestSimilarity(first.count, second.count)
    if most < join.floor { return most }
    return kind.similarity(first, second, geometry: join.geometry, kernel: join.kernel)
  }
}
