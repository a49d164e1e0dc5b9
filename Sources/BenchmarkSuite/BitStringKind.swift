import LinearAlgebra
import Similarity

/// What synthetic bit strings look like.
enum BitStringKind: String, CaseIterable {
  /// Independent fair bits: next to no pair is close.
  case random
  /// Centres with 50 to 5,000 copies each, of which up to eight bits are flipped: very many hits.
  case clustered
  /// Two thirds random; every third row is one of a hundred strings.
  case equal

  func rows(count: Int, bitCount: Int, seed: UInt64) -> BitRows {
    var generator = SeededGenerator(seed: seed)
    var rows = BitRows(bitCount: bitCount)
    switch self {
    case .random: for _ in 0..<count { rows.append(Self.row(bitCount, &generator)[...]) }
    case .clustered: Self.appendClusters(&rows, count: count, &generator)
    case .equal:
      let repeated = (0..<100).map { _ in Self.row(bitCount, &generator) }
      for row in 0..<count {
        let again = repeated[Int.random(in: 0..<100, using: &generator)]
        rows.append((row % 3 == 0 ? again : Self.row(bitCount, &generator))[...])
      }
    }
    return rows
  }

  private static func row(_ bitCount: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = (0..<(bitCount + 7) / 8).map { _ in
      UInt8(truncatingIfNeeded: generator.next() >> 32)
    }
    if bitCount % 8 > 0 { bytes[bytes.count - 1] &= 1 << (bitCount % 8) - 1 }
    return bytes
  }

  /// Copies of all clusters are mixed, as in an archive whose folders are not sorted by likeness.
  private static func appendClusters(
    _ rows: inout BitRows, count: Int, _ generator: inout SeededGenerator
  ) {
    var centreOfRow: [[UInt8]] = []
    while centreOfRow.count < count {
      let centre = row(rows.bitCount, &generator)
      let copies = [50, 100, 500, 1000, 5000][Int.random(in: 0..<5, using: &generator)]
      for _ in 0..<min(copies, count - centreOfRow.count) { centreOfRow.append(centre) }
    }
    centreOfRow.shuffle(using: &generator)
    for var row in centreOfRow {
      for _ in 0..<Int.random(in: 0...8, using: &generator) {
        let bit = Int.random(in: 0..<rows.bitCount, using: &generator)
        row[bit / 8] ^= 1 << (bit % 8)
      }
      rows.append(row[...])
    }
  }
}
