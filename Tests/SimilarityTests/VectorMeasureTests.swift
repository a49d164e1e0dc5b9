import TestImages
import Testing

@testable import Similarity

@Suite struct VectorMeasureTests {
  @Test(arguments: VectorJoinTests.components)
  func `similarities are those of the formulas`(component: VectorComponent) {
    var generator = SplitMix(seed: 2)
    let vectors = (0..<30).map { _ in
      (0..<41).map { _ in Float(Int.random(in: -100...100, using: &generator)) }
    }
    let rows = ByteRows(
      byteCount: 41 * component.byteCount, bytes: vectors.flatMap { stored($0, as: component) })
    // Bytes are counted from 0.
    let shift = component == .uint8 ? 128.0 : 0
    let values = vectors.map { $0.map { Double($0) + shift } }
    let cosines = VectorRows(rows, component, measure: .cosine)
    let distances = VectorRows(rows, component, measure: .euclidean(unit: 300))
    for (row, first) in values.enumerated() {
      for (column, second) in values.enumerated() {
        func product(_ a: [Double], _ b: [Double]) -> Double {
          zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let cosine =
          product(first, second)
          / (product(first, first).squareRoot() * product(second, second).squareRoot())
        #expect(abs(cosines.similarity(row, column) - max(0, cosine)) < 1e-14)
        let square = zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let similarity = 1 / (1 + square.squareRoot() / 300)
        #expect(distances.similarity(row, column) == similarity)
      }
    }
  }

  @Test(arguments: VectorJoinTests.measures, VectorJoinTests.components)
  func `similarities are symmetric, from 0 to 1, and 1 for equal rows`(
    measure: VectorMeasure, component: VectorComponent
  ) {
    let rows = clusteredVectors(component, dimension: 37, count: 120, centreCount: 9, seed: 7)
    let vectors = VectorRows(rows, component, measure: measure)
    for row in 0..<rows.count {
      #expect(vectors.similarity(row, row) == 1)
      for column in 0..<row {
        let similarity = vectors.similarity(row, column)
        #expect((0...1).contains(similarity))
        #expect(similarity == vectors.similarity(column, row))
        if rows[row] == rows[column] { #expect(similarity == 1) }
      }
    }
  }

  @Test func `vectors of one direction have a cosine of 1, of opposite ones and of none 0`() {
    let vectors: [[Float]] = [[3, 4], [6, 8], [-3, -4], [0, 0], [-4, 3], [-0.0, 0]]
    let rows = VectorRows(
      ByteRows(byteCount: 8, bytes: vectors.flatMap { stored($0, as: .float32) }), .float32,
      measure: .cosine)
    #expect((0..<6).map { rows.similarity(0, $0) } == [1, 1, 0, 0, 0, 0])
    #expect((0..<6).map { rows.similarity(3, $0) } == [0, 0, 0, 1, 0, 1])
  }

  @Test func `a distance of a unit is a half, and no distance is 0`() {
    let vectors: [[Float]] = [[0, 0], [3, 4], [6, 8], [3e38, -3e38]]
    let rows = VectorRows(
      ByteRows(byteCount: 8, bytes: vectors.flatMap { stored($0, as: .float32) }), .float32,
      measure: .euclidean(unit: 5))
    #expect((0..<3).map { rows.similarity(0, $0) } == [1, 0.5, 1.0 / 3])
    #expect(rows.similarity(0, 3) > 0)
  }
}
