import Testing

@testable import Similarity

@Suite struct ComplexWaveletTests {
  private let measure = RasterMeasure.complexWavelet

  @Test(arguments: UInt64(0)..<2)
  func `prepared rasters have the similarity of the measure, in any order`(seed: UInt64) {
    let rows = clusteredRasters(measure, count: 12, centreCount: 2, seed: seed)
    let wavelets = (0..<rows.count).map { ComplexWavelet(pixels: rows[$0]) }
    let prepared = ComplexWaveletRows(rows)
    for row in 0..<rows.count {
      for column in 0..<rows.count {
        let similarity = measure.similarity(rows[row], rows[column])
        #expect(wavelets[row].similarity(to: wavelets[column]) == similarity)
        #expect(prepared.similarity(row, column) == similarity)
      }
    }
  }

  @Test func `every kernel gives the same similarities, bit for bit`() throws {
    let rows = clusteredRasters(measure, count: 60, centreCount: 9, seed: 4)
    let results = try RasterKernel.supported.map { kernel in
      try RasterJoin(
        measure: measure, rows: rows, images: Array(0..<60), floor: 0, kernel: kernel
      ).result()
    }
    #expect(results[0].counts.reduce(0, +) == 60 * 59 / 2)
    for result in results { #expect(result == results[0]) }
  }

  @Test func `light and a shift by two pixels change little, another picture much`() {
    let picture = waves { x, y in (3 * x + y, x - 2 * y) }
    let brighter = picture.map { $0 + 40 }
    let shifted = picture.indices.map { picture[$0 / 128 * 128 + min(127, $0 % 128 + 2)] }
    let other = waves { x, y in (x + 4 * y, 3 * x + 2 * y) }
    let wavelet = ComplexWavelet(pixels: picture[...])
    func similarity(to pixels: [UInt8]) -> Double {
      wavelet.similarity(to: ComplexWavelet(pixels: pixels[...]))
    }
    #expect(similarity(to: picture) == 1)
    #expect(similarity(to: brighter) > 0.9999 && similarity(to: brighter) < 1)
    #expect(similarity(to: shifted) > 0.9)
    #expect(similarity(to: other) < 0.5)
    let structural = RasterMeasure.structural128
    #expect(structural.similarity(picture[...], shifted[...]) < similarity(to: shifted) - 0.1)
  }

  /// Two sawtooth waves over each other, from 0 to 200.
  private func waves(_ phases: (Int, Int) -> (Int, Int)) -> [UInt8] {
    (0..<128 * 128).map { place in
      let (first, second) = phases(place % 128, place / 128)
      return UInt8(abs((first & 63) - 32) * 3 + abs((second & 63) - 32) * 3)
    }
  }
}
