import Foundation
import LinearAlgebra
import Testing

@Suite struct EdgeSamplingTests {
  /// One point tied to another that is fixed, and the only one that can push it.
  private func move(from x: Float, a: Float, b: Float, epochCount: Int) -> [Float] {
    var sampling = EdgeSampling(
      heads: [0], tails: [0], periods: [1], curve: EdgeSampling.Curve(a: a, b: b),
      pushesPerPull: 5, seed: 1)
    var points: [Float] = [x, 0]
    for epoch in 0..<epochCount {
      sampling.run(epoch: epoch, rate: 0.01, moving: &points, among: [0, 0])
    }
    return points
  }

  @Test(arguments: [Float(0.001), 0.02, 0.3, 1, 1.5, 7, 300, 1e5], [Float(0.5), 0.8950608, 1.3])
  func `a step is the gradient's`(x: Float, b: Float) {
    let (a, distance) = (1.5769434, Double(x))
    let grown = a * pow(distance * distance, Double(b))
    let squared = distance * distance
    let pull = -2 * Double(b) * grown / (squared * (1 + grown)) * distance
    let push = 2 * Double(b) / ((0.001 + squared) * (1 + grown)) * distance
    // At epoch 1 an edge of period 1 is due, with 4 pushes; at epoch 0 it is not.
    let step = 0.01 * (max(-4, pull) + 4 * min(4, push))
    let moved = move(from: x, a: Float(a), b: b, epochCount: 2)
    #expect(abs(Double(moved[0]) - (distance + step)) < 1e-6 * max(1, distance))
    #expect(moved[1] == 0)
    #expect(move(from: x, a: Float(a), b: b, epochCount: 1) == [x, 0])
  }

  @Test func `edges are sampled as often as their periods say, and tails move where they may`() {
    var sampling = EdgeSampling(
      heads: [0, 2], tails: [1, 3], periods: [1, 4], curve: EdgeSampling.Curve(a: 1, b: 1),
      pushesPerPull: 1, seed: 3)
    var points: [Float] = [0, 0, 1, 0, 100, 100, 101, 100]
    var movedCount = [0, 0]
    for epoch in 0..<40 {
      let before = points
      sampling.run(epoch: epoch, rate: 0.001, moving: &points)
      movedCount[0] += points[2] == before[2] ? 0 : 1
      movedCount[1] += points[6] == before[6] ? 0 : 1
    }
    #expect(movedCount == [39, 9])
  }

  @Test func `points at one place stay finite`() {
    #expect(move(from: 0, a: 1.5, b: 0.9, epochCount: 10) == [0, 0])
  }
}
