import Embedding
import LinearAlgebra
import Testing

@Suite struct PrincipalPlaneTests {
  @Test(arguments: [(60, 7), (7, 60), (2, 5), (600, 3)])
  func `axes are those of the whole covariance, whichever side is shorter`(
    count: Int, dimension: Int
  ) throws {
    let rows = groupedRows(count: count, dimension: dimension, groupCount: 3, seed: 5)
    let plane = try PrincipalComponents.plane(of: rows) {}
    let sum = CovarianceSum(dimension: dimension, center: 0)
    for start in stride(from: 0, to: count, by: CovarianceSum.blockRowCount) {
      let end = min(count, start + CovarianceSum.blockRowCount)
      let block = sum.begin(rows.gathered(start..<end))
      for tile in 0..<sum.tileCount { sum.add(block, toTile: tile) }
    }
    let whole = try PrincipalComponents(sum, count: .number(2))
    #expect(plane.axes.rowCount == min(2, count - 1))
    // The covariance is from products in single precision.
    for axis in 0..<plane.axes.rowCount {
      let cosine = zip(plane.axes[row: axis], whole.axes[row: axis]).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(cosine - 1) < 1e-6)
      #expect(abs(plane.variances[axis] / whole.variances[axis] - 1) < 1e-4)
    }
  }

  @Test func `rows on a line have one axis, equal rows none, and 0 along the others`() throws {
    let line = Rows(count: 3, dimension: 2, values: [0, 0, 3, 4, 6, 8])
    let plane = try PrincipalComponents.plane(of: line) {}
    #expect(plane.axes.rowCount == 1)
    let points = PlaneEmbedding(of: line, in: plane)
    #expect(points.values == [-5, 0, 0, 0, 5, 0])
    for count in 0...3 {
      let equal = Rows(count: count, dimension: 2, values: Array(repeating: 7, count: 2 * count))
      let plane = try PrincipalComponents.plane(of: equal) {}
      #expect(PlaneEmbedding(of: equal, in: plane).values == Array(repeating: 0, count: 2 * count))
    }
  }
}
