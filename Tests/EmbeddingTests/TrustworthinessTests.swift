import Embedding
import LinearAlgebra
import Testing

@Suite struct TrustworthinessTests {
  @Test(arguments: [UInt64(1), 2, 3])
  func `it counts by how much each neighbour's rank is over the limit`(seed: UInt64) {
    let rows = groupedRows(count: 40, dimension: 3, groupCount: 2, seed: seed)
    let points = PlaneEmbedding(
      groupedRows(count: 40, dimension: 2, groupCount: 5, seed: seed + 9).values)
    for k in [1, 4, 19] {
      var excess = 0
      for row in 0..<40 {
        let others = (0..<40).filter { $0 != row }
        let byRows = others.sorted {
          (rows.squaredDistance(row, $0), $0) < (rows.squaredDistance(row, $1), $1)
        }
        let near = others.sorted {
          points.rows.squaredDistance(row, $0) < points.rows.squaredDistance(row, $1)
        }
        for neighbor in near.prefix(k) {
          excess += max(0, (byRows.firstIndex(of: neighbor) ?? 0) + 1 - k)
        }
      }
      let wanted = 1 - 2 * Double(excess) / Double(40 * k * (2 * 40 - 3 * k - 1))
      let found = points.trustworthiness(of: rows, neighborCount: k) {}
      #expect(found == wanted)
    }
  }

  @Test func `rows of the plane can be trusted as they are`() {
    let rows = groupedRows(count: 50, dimension: 2, groupCount: 5, seed: 1)
    let found = PlaneEmbedding(rows.values).trustworthiness(of: rows, neighborCount: 7) {}
    #expect(found == 1)
  }
}
