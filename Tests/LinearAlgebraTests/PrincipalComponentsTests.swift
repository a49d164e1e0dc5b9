import Foundation
import LinearAlgebra
import Testing

@Suite struct PrincipalComponentsTests {
  private func sum(_ rows: Rows, center: Float, blocks: [Int], reversed: Bool = false)
    -> CovarianceSum
  {
    let sum = CovarianceSum(dimension: rows.dimension, center: center)
    var start = 0
    for count in blocks {
      let block = sum.begin(rows.gathered(start..<start + count))
      let tiles = reversed ? Array((0..<sum.tileCount).reversed()) : Array(0..<sum.tileCount)
      for tile in tiles { sum.add(block, toTile: tile) }
      start += count
    }
    precondition(start == rows.count)
    return sum
  }

  @Test func `of whole numbers the covariance does not depend on blocks`() {
    let rows = randomRows(count: 2_500, dimension: 1_030, seed: 8)
    let whole = sum(rows, center: 0, blocks: [1_024, 1_024, 452]).finish()
    let parts = sum(rows, center: 0, blocks: [7, 1_000, 93, 1_024, 376], reversed: true).finish()
    #expect(whole.covariance == parts.covariance)
    #expect(whole.means == parts.means)
    var expected = 0.0
    for row in 0..<rows.count {
      expected +=
        (Double(rows[row].first ?? 0) - whole.means[0])
        * (Double(rows[row].last ?? 0) - whole.means[1_029])
    }
    #expect(abs(whole.covariance[0, 1_029] - expected / 2_499) < 1e-9)
  }

  @Test func `the axes explain the variance of the rows projected on them`() throws {
    let rows = randomRows(count: 500, dimension: 12, seed: 4)
    let fit = try PrincipalComponents(sum(rows, center: 3, blocks: [500]), count: .number(5))
    let projected = fit.project(rows)
    for axis in 0..<5 {
      let values = (0..<500).map { Double(projected.values[$0 * 5 + axis]) }
      #expect(abs(values.reduce(0, +) / 500) < 1e-6)
      let variance = values.reduce(0) { $0 + $1 * $1 } / 499
      #expect(abs(variance - fit.variances[axis]) < 1e-5 * fit.variances[0])
    }
    #expect(fit.variances.count == 12)
    #expect(fit.project(rows.gathered([77])).values == Array(projected[77]))
  }

  @Test func `few rows have the same directions by the products of rows`() throws {
    let rows = randomRows(count: 30, dimension: 40, seed: 6)
    let few = try PrincipalComponents(few: rows, count: .explaining(0.8))
    let many = try PrincipalComponents(sum(rows, center: 0, blocks: [30]), count: .explaining(0.8))
    #expect(few.axes.rowCount == many.axes.rowCount && few.axes.rowCount > 3)
    #expect(few.means == many.means)
    for (value, expected) in zip(few.axes.values, many.axes.values) {
      #expect(abs(value - expected) < 1e-9)
    }
    for (value, expected) in zip(few.variances, many.variances) {
      #expect(abs(value - expected) < 1e-9 * many.variances[0])
    }
    let equal = Rows(count: 3, dimension: 2, values: [1, 2, 1, 2, 1, 2])
    #expect(
      try PrincipalComponents(few: equal, count: .number(2)).project(equal).values == [0, 0, 0])
  }

  @Test func `as few axes are kept as explain the part asked for`() throws {
    // Two columns vary, one of them nine times as much.
    let rows = Rows(
      count: 400, dimension: 3,
      values: (0..<400).flatMap { row -> [Float] in
        [row % 2 == 0 ? 3 : -3, row % 4 < 2 ? 1 : -1, 5]
      })
    let sum = { self.sum(rows, center: 0, blocks: [400]) }
    #expect(try PrincipalComponents(sum(), count: .explaining(0.89)).axes.rowCount == 1)
    #expect(try PrincipalComponents(sum(), count: .explaining(0.91)).axes.rowCount == 2)
    #expect(try PrincipalComponents(sum(), count: .explaining(1)).axes.rowCount == 3)
    #expect(try PrincipalComponents(sum(), count: .number(99)).axes.rowCount == 3)
  }
}
