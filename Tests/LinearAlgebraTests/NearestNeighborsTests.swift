import LinearAlgebra
import Testing

@Suite struct NearestNeighborsTests {
  @Test(arguments: [(40, 3, 7), (700, 2, 5), (600, 17, 12), (5, 1, 4)])
  func `neighbours are those of sorting every distance`(count: Int, dimension: Int, wanted: Int) {
    let rows = randomRows(count: count, dimension: dimension, seed: UInt64(count))
    let found = NearestNeighbors(of: rows, count: wanted)
    for row in 0..<count {
      let all = (0..<count).filter { $0 != row }
        .map { (rows.squaredDistance(row, $0), UInt32($0)) }.sorted(by: <).prefix(wanted)
      #expect(Array(found.indices[row * wanted..<(row + 1) * wanted]) == all.map(\.1))
      #expect(Array(found.squaredDistances[row * wanted..<(row + 1) * wanted]) == all.map(\.0))
    }
  }

  @Test func `rows far from the origin have the same neighbours`() {
    var rows = randomRows(count: 300, dimension: 8, seed: 3)
    let near = NearestNeighbors(of: rows, count: 9)
    for index in rows.values.indices { rows.values[index] += 4096 }
    #expect(NearestNeighbors(of: rows, count: 9).indices == near.indices)
  }

  @Test func `new rows have neighbours, themselves among them`() {
    let rows = randomRows(count: 600, dimension: 5, seed: 9)
    let found = NearestNeighbors(of: rows.gathered([17, 599]), among: rows, count: 1)
    #expect(found.squaredDistances == [0, 0])
    #expect(found.indices.map { rows[Int($0)] } == [rows[17], rows[599]])
  }
}
