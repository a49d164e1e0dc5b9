import Foundation
import LinearAlgebra
import Testing

@testable import Embedding

@Suite struct StartTests {
  /// Each row tied to the next and the last to the first.
  private func ring(_ count: Int) -> SparseMatrix {
    let columns = (0..<count).flatMap { row -> [UInt32] in
      let (before, next) = (UInt32((row + count - 1) % count), UInt32((row + 1) % count))
      return [min(before, next), max(before, next)]
    }
    return SparseMatrix(
      starts: (0...count).map { 2 * $0 }, columns: columns,
      values: Array(repeating: 0.25, count: 2 * count))
  }

  @Test(arguments: [5, 40, 300])
  func `the spectral layout of a ring is a circle`(count: Int) throws {
    let points = try SpectralLayout(ring(count)).points(seed: 1) {}
    let radius = (2 / Double(count)).squareRoot()
    for row in 0..<count {
      let (x, y) = (points[2 * row], points[2 * row + 1])
      #expect(abs((x * x + y * y).squareRoot() / radius - 1) < 0.05)
      let next = (row + 1) % count
      let step = hypot(points[2 * next] - x, points[2 * next + 1] - y)
      #expect(abs(step / (2 * radius * sin(.pi / Double(count))) - 1) < 0.2)
    }
  }

  @Test func `a ring hangs together, two do not`() {
    #expect(ring(30).isConnected)
    let one = ring(5)
    let two = SparseMatrix(
      starts: one.starts + one.starts.dropFirst().map { $0 + 10 },
      columns: one.columns + one.columns.map { $0 + 5 }, values: one.values + one.values)
    #expect(!two.isConnected)
  }

  // The curve's parameters as umap-learn's find_ab_params gives them.
  @Test(arguments: [
    (0.1, 1.0, 1.576943, 0.895061), (0.5, 1.0, 0.583030, 1.334167), (0.0, 1.0, 1.932808, 0.790495),
    (0.1, 2.0, 0.544661, 0.842055),
  ])
  func `the curve is that of umap-learn`(
    minimumDistance: Double, spread: Double, a: Float, b: Float
  ) {
    let curve = EdgeSampling.Curve(minimumDistance: minimumDistance, spread: spread)
    #expect(abs(curve.a - a) < 1e-3 && abs(curve.b - b) < 1e-3, "\(curve)")
  }

  @Test(arguments: [2.0, 5, 30])
  func `affinities have the perplexity that is asked for`(perplexity: Double) {
    let rows = groupedRows(count: 120, dimension: 4, groupCount: 3, seed: 2)
    let neighbors = NearestNeighbors(of: rows, count: 91)
    let affinities = Affinities(neighbors, perplexity: perplexity) {}
    for row in 0..<120 {
      let own = affinities.values[row * 91..<(row + 1) * 91].map(Double.init)
      #expect(abs(own.reduce(0, +) - 1) < 1e-5)
      let entropy = own.reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
      #expect(abs(exp(entropy) / perplexity - 1) < 1e-3)
    }
  }

  @Test func `memberships are 1 for the nearest and add up to what is asked for`() {
    let rows = groupedRows(count: 60, dimension: 4, groupCount: 3, seed: 2)
    let neighbors = NearestNeighbors(of: rows, count: 14)
    let memberships = Memberships(neighbors, total: 3.9) {}
    for row in 0..<60 {
      let own = memberships.values[row * 14..<(row + 1) * 14]
      #expect(own.first == 1)
      #expect(abs(own.reduce(0, +) - 3.9) < 1e-3)
    }
  }
}
