import Foundation
import Testing

@testable import Features

@Suite struct ArithmeticTests {
  @Test(arguments: [4, 32, 64, 128, 256, 1024, 4096])
  func `points of the circle agree with the C library within its rounding`(denominator: Int) {
    for numerator in 0..<2 * denominator {
      let point = UnitCircle.point(numerator, of: denominator)
      let angle = Double(numerator % denominator) / Double(denominator) * 2 * Double.pi
      // The library's argument is rounded at up to a whole turn: half a unit there is 4.4e-16.
      #expect(abs(point.cosine - cos(angle)) < 7e-16)
      #expect(abs(point.sine - sin(angle)) < 7e-16)
    }
  }

  @Test func `quarter turns are exact and eighths are the rounded root of a half`() {
    let points = (0..<4).map { UnitCircle.point($0, of: 4) }
    #expect(points.map(\.cosine) == [1, 0, -1, 0])
    #expect(points.map(\.sine) == [0, 1, 0, -1])
    let eighth = UnitCircle.point(1, of: 8)
    #expect(abs(eighth.cosine - 0.5.squareRoot()) <= 0.5.squareRoot().ulp)
    #expect(abs(eighth.sine - 0.5.squareRoot()) <= 0.5.squareRoot().ulp)
  }

  @Test(arguments: [8, 16, 32, 64, 128, 256])
  func `the transform is the sum it is defined by, in each lane`(length: Int) {
    var random = Noise(state: UInt64(length))
    let values = (0..<length).map { _ in
      var lanes = CosineTransform.Lanes()
      for lane in 0..<8 { lanes[lane] = Double(UInt8.random(in: 0...255, using: &random)) }
      return lanes
    }
    var result = values
    var scratch = values
    CosineTransform(length: length).transform(&result, scratch: &scratch)
    for frequency in 0..<length {
      var sum = CosineTransform.Lanes()
      for n in 0..<length {
        let angle = Double.pi * Double(frequency * (2 * n + 1)) / Double(2 * length)
        sum += values[n] * (2 * cos(angle))
      }
      let error = sum - result[frequency]
      for lane in 0..<8 { #expect(abs(error[lane]) < 1e-8) }
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func `the value of a rank is the one sorting puts there`(seed: UInt64) {
    var random = Noise(state: seed)
    let count = 1 + Int(random.next() % 60)
    // Coarse values, so that ties occur.
    let values = (0..<count).map { _ in Int(random.next() % 12) }
    for rank in 0..<count {
      var scratch = values
      #expect(selectRank(rank, in: &scratch) == values.sorted()[rank])
      #expect(scratch.sorted() == values.sorted())
    }
  }

  @Test func `the median of an even count is half the sum of the middle two`() {
    #expect(evenMedian(of: [4, 1, 3, 10]) == 3.5)
    #expect(evenMedian(of: [2, 2]) == 2)
  }

  @Test func `the low band of a constant is that constant times the root of two, to its ends`() {
    var count = 256
    for expected in [131, 69, 38, 22, 14] {
      let band = DaubechiesFilter.lowBand(ofColumnsOf: .init(repeating: 3, count: count), width: 1)
      #expect(band.count == expected)
      for value in band { #expect(abs(value - 3 * 2.0.squareRoot()) < 1e-10) }
      count = expected
    }
  }
}
