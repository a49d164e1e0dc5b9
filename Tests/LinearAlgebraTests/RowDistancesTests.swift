import LinearAlgebra
import Testing

@Suite struct RowDistancesTests {
  @Test(arguments: [1, 7, 8, 19], [1, 3, 4, 9])
  func `distances in single precision are those of double, rounded`(
    dimension: Int, pointCount: Int
  ) {
    let rows = randomRows(count: 23, dimension: dimension, seed: 3)
    let points = randomRows(count: pointCount, dimension: dimension, seed: 4)
    var distances = [Float](repeating: -1, count: 5 + 21 * pointCount)
    rows.squaredDistances(2..<23, to: points, into: &distances, at: 5)
    #expect(distances[..<5] == [-1, -1, -1, -1, -1])
    for row in 2..<23 {
      for point in 0..<pointCount {
        let expected = rows.squaredDistance(row, points, point)
        let found = Double(distances[5 + (row - 2) * pointCount + point])
        #expect(abs(found - expected) <= Double(dimension + 2) * 0x1p-23 * expected)
      }
    }
  }
}
