import CKernels

/// Some bit strings in eight orientations, laid out to be compared with a row or as columns.
final class TurnedPanel: TilePanel {
  typealias Rows = ByteRows

  static let rowCount = 1_024

  private let count: Int
  private let wordCount: Int
  private let bitCount: Int
  private let largestDistance: Int
  /// A row after the other, each orientation after orientation.
  private let rows: [UInt64]
  /// Orientation by orientation, word by word, that of all rows.
  private let columns: [UInt64]

  /// Lays out rows of eight times the bytes of `bitCount` bits.
  init(_ rows: [ArraySlice<UInt8>], bitCount: Int, largestDistance: Int) {
    let byteCount = (bitCount + 7) / 8
    var words = BitRows(bitCount: bitCount)
    for row in rows {
      precondition(
        row.count == byteCount * TurnedJoin.orientationCount,
        "a row of \(row.count) bytes for \(bitCount) bits")
      for orientation in 0..<TurnedJoin.orientationCount {
        let start = row.startIndex + orientation * byteCount
        words.append(row[start..<start + byteCount])
      }
    }
    count = rows.count
    wordCount = words.wordCount
    self.bitCount = bitCount
    self.largestDistance = largestDistance
    self.rows = words.words
    let rowWordCount = wordCount * TurnedJoin.orientationCount
    var columns = [UInt64](repeating: 0, count: words.words.count)
    for row in 0..<count {
      for word in 0..<rowWordCount {
        columns[word * count + row] = words.words[row * rowWordCount + word]
      }
    }
    self.columns = columns
  }

  static func scratch() -> [UInt16] { Array(repeating: 0, count: rowCount) }

  func compare(
    with columns: TurnedPanel, _ distances: inout [UInt16], _ links: inout TileLinks
  ) {
    for row in 0..<count {
      let first = columns === self ? row + 1 : 0
      measure(row, columns, from: first, &distances)
      for column in first..<max(first, columns.count)
      where Int(distances[column]) <= largestDistance {
        let similarity = 1 - Double(distances[column]) / Double(bitCount)
        links.hit(row, column, similarity: similarity)
      }
    }
  }

  /// The distance of the first row here and the first there.
  func distance(ofFirstTo other: TurnedPanel) -> Int {
    var distances = Self.scratch()
    measure(0, other, from: 0, &distances)
    return Int(distances[0])
  }

  private func measure(
    _ row: Int, _ columns: TurnedPanel, from first: Int, _ distances: inout [UInt16]
  ) {
    let start = row * wordCount * TurnedJoin.orientationCount
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe ckernels_turned_distances(
        rows.baseAddress?.advanced(by: start), columns.columns, UInt32(wordCount),
        UInt32(columns.count), UInt32(first), &distances)
    }
  }
}
