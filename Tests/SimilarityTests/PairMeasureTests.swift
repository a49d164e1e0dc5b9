import TestImages
import Testing

@testable import Similarity

@Suite struct PairMeasureTests {
  @Test(arguments: PairMeasure.allCases, UInt64(0)..<3)
  func `a similarity is what the formula says, whichever comes first`(
    measure: PairMeasure, seed: UInt64
  ) {
    let rows = seededSets(measure, count: 13, seed: seed)
    var similarities: Set<Double> = []
    for row in 0..<rows.count {
      for column in row..<rows.count {
        let similarity = measure.similarity(rows[row], rows[column])
        similarities.insert(similarity)
        #expect(similarity == measure.similarity(rows[column], rows[row]))
        let isEqual = rows[row].elementsEqual(rows[column])
        let expected = isEqual ? 1 : formula(measure, Array(rows[row]), Array(rows[column]))
        #expect(abs(similarity - expected) < 1e-12, "\(row) and \(column)")
      }
    }
    #expect(similarities.count > 3)
  }

  @Test(arguments: [PairMeasure.orb, .sift], UInt64(0)..<4)
  func `both kernels find the same matches, in either order`(measure: PairMeasure, seed: UInt64)
    throws
  {
    let kind = try #require(measure.descriptor)
    let rows = seededSets(measure, count: 12, seed: seed)
    for row in 0..<rows.count {
      for column in 0..<rows.count where column != row {
        let matches = kind.matches(rows[row], rows[column], kernel: .portable)
        #expect(matches == kind.matches(rows[row], rows[column], kernel: .widest))
        let reversed = kind.matches(rows[column], rows[row], kernel: .widest)
        #expect(Set(matches) == Set(reversed.map { .init(first: $0.second, second: $0.first) }))
      }
    }
  }

  @Test func `two flat pictures have equal strokes, a flat one and another none in common`() {
    let flat = strokes([0, 0, 0, 0, 0, 0], level: 3)
    let other = strokes([1, 2, 3, 4, 5, 6], level: 9)
    let measure = PairMeasure.brushStrokes
    #expect(measure.similarity(flat[...], flat[...]) == 1)
    #expect(measure.similarity(flat[...], strokes([0, 0, 0, 0, 0, 0], level: 9)[...]) == 0.5)
    #expect(measure.similarity(flat[...], other[...]) == 0)
    let near = measure.similarity(other[...], strokes([2, 1, 3, 4, 5, 6], level: 9)[...])
    #expect(abs(near - 11.0 / 12) < 1e-15)
  }

  private func strokes(_ deviations: [Float], level: Int) -> [UInt8] {
    let row = deviations + (0..<256).map { $0 == level ? 1 : 0 }
    return row.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
    }
  }

  /// As the definition is written.
  private func formula(_ measure: PairMeasure, _ a: [UInt8], _ b: [UInt8]) -> Double {
    switch measure {
    case .cornerMinHash:
      let equal = (0..<128).filter { a[2 * $0..<2 * $0 + 2] == b[2 * $0..<2 * $0 + 2] }
      return Double(equal.count) / 128
    case .brushStrokes: return strokeFormula(floats(a), floats(b))
    case .cropHash:
      let (first, second) = (records(a, of: 8, from: 0), records(b, of: 8, from: 0))
      let partners = first.map { bits in
        second.indices.filter { hamming(bits, second[$0]) <= 16 }
      }
      let matched = largestMatching(partners[...], taken: [])
      return Double(matched) / Double(min(first.count, second.count))
    case .orb:
      let (first, second) = (records(a, of: 48, from: 16), records(b, of: 48, from: 16))
      let distances = first.map { row in second.map { hamming(row, $0) } }
      let good = matches(distances) { row, column in
        row.min() == row[column] && row[column] <= 50 && row.firstIndex(of: row[column]) == column
      }
      return 2 * Double(good) / Double(first.count + second.count)
    case .sift:
      let (first, second) = (records(a, of: 144, from: 16), records(b, of: 144, from: 16))
      let distances = first.map { row in second.map { squaredDistance(row, $0) } }
      let good = matches(distances) { row, column in
        row.count > 1
          && row.indices.allSatisfy { $0 == column || 100 * row[column] < 49 * row[$0] }
      }
      return 2 * Double(good) / Double(first.count + second.count)
    }
  }

  /// Pairs that a rule takes from both sides.
  private func matches(_ distances: [[Int]], _ rule: ([Int], Int) -> Bool) -> Int {
    let columns = distances[0].indices.map { column in distances.map { $0[column] } }
    return distances.indices.map { row in
      columns.indices.filter { rule(distances[row], $0) && rule(columns[$0], row) }.count
    }.reduce(0, +)
  }

  private func strokeFormula(_ a: [Float], _ b: [Float]) -> Double {
    let edges = (0..<6).map { k in
      max(a[k], b[k]) == 0 ? 1 : Double(min(a[k], b[k])) / Double(max(a[k], b[k]))
    }
    let shared = (6..<262).map { Double(min(a[$0], b[$0])) }.reduce(0, +)
    return min(1, shared / 2 + edges.reduce(0, +) / 12)
  }

  /// By trying every choice.
  private func largestMatching(_ partners: ArraySlice<[Int]>, taken: Set<Int>) -> Int {
    guard let first = partners.first else { return 0 }
    let rest = partners.dropFirst()
    let without = largestMatching(rest, taken: taken)
    return first.filter { !taken.contains($0) }.reduce(without) { most, partner in
      if most == partners.count { return most }
      return max(most, 1 + largestMatching(rest, taken: taken.union([partner])))
    }
  }

  private func records(_ row: [UInt8], of size: Int, from start: Int) -> [[UInt8]] {
    stride(from: 0, to: row.count, by: size).map { Array(row[($0 + start)..<($0 + size)]) }
  }

  private func floats(_ row: [UInt8]) -> [Float] {
    stride(from: 0, to: row.count, by: 4).map { place in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(row[place + $1]) << (8 * UInt32($1)) })
    }
  }

  private func hamming(_ a: [UInt8], _ b: [UInt8]) -> Int {
    zip(a, b).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
  }

  private func squaredDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    zip(a, b).reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
  }
}
