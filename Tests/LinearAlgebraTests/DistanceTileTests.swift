import LinearAlgebra
import Testing

@Suite struct DistanceTileTests {
  @Test(arguments: [1, 3, 64])
  func `sums of a tile are those of the distances of its rows`(dimension: Int) {
    let rows = randomRows(count: 300, dimension: dimension, seed: 1)
    let others = randomRows(count: 40, dimension: dimension, seed: 2)
    var tile = DistanceTile(rows, others)
    tile.measure(100..<300, 5..<40)
    func distance(_ row: Int, _ column: Int) -> Double {
      rows.squaredDistance(100 + row, others, 5 + column).squareRoot()
    }
    var sums = [Double](repeating: 0, count: DistanceTile.side)
    for row in [0, 7, 199] {
      tile.sum(row: row, runsEndingAt: [1, 1, 30, 35], into: &sums)
      let expected = [0..<1, 1..<1, 1..<30, 30..<35].map { run in
        run.reduce(0) { $0 + distance(row, $1) }
      }
      for (ours, theirs) in zip(sums, expected) { #expect(abs(ours - theirs) < 1e-10) }
    }
    tile.sumColumns(3..<200, into: &sums)
    for column in 0..<35 {
      let expected = (3..<200).reduce(0) { $0 + distance($1, column) }
      #expect(abs(sums[column] - expected) < 1e-9)
    }
  }

  @Test func `equal rows are at distance 0, near ones far from the origin are not`() {
    let rows = Rows(
      count: 3, dimension: 3, values: [1000.1, 2000.3, 3, 1000.1, 2000.3, 3, 1000.1, 2000.3, 3.001])
    var tile = DistanceTile(rows, rows)
    tile.measure(0..<1, 0..<3)
    var sums = [Double](repeating: 0, count: 3)
    tile.sum(row: 0, runsEndingAt: [1, 2, 3], into: &sums)
    #expect(sums[0] == 0 && sums[1] == 0)
    #expect(abs(sums[2] - 0.001) < 1e-5)
  }
}
