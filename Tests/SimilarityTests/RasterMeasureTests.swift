import TestImages
import Testing

@testable import Similarity

@Suite struct RasterMeasureTests {
  @Test(arguments: RasterMeasure.allCases, UInt64(0)..<3)
  func `a similarity is what the formula says, whichever comes first`(
    measure: RasterMeasure, seed: UInt64
  ) {
    let isLarge = measure.side > 64
    let rows = clusteredRasters(measure, count: isLarge ? 2 : 8, centreCount: 2, seed: seed)
    for row in 0..<rows.count {
      for column in row..<rows.count {
        let similarity = measure.similarity(rows[row], rows[column])
        #expect(similarity == measure.similarity(rows[column], rows[row]))
        #expect((similarity == 1) == rows[row].elementsEqual(rows[column]))
        let expected = formula(measure, Array(rows[row]), Array(rows[column]))
        #expect(abs(similarity - expected) < tolerance(measure), "\(row) and \(column)")
      }
    }
  }

  /// SSIM divides window by window in single precision, four roundings of 2^-24 each; of CW-SSIM all
  /// after the spectrum is in single precision.
  private func tolerance(_ measure: RasterMeasure) -> Double {
    switch measure {
    case .meanSquaredError, .templateMatch: 1e-12
    case .structural, .structural32, .structural128, .structural256: 4e-7
    case .complexWavelet: 2e-6
    }
  }

  @Test func `two black rasters are equal, one black one is like no other, but for waves`() {
    for measure in RasterMeasure.allCases {
      let black = [UInt8](repeating: 0, count: measure.byteCount)
      let white = [UInt8](repeating: 255, count: measure.byteCount)
      #expect(measure.similarity(black[...], black[...]) == 1)
      let similarity = measure.similarity(black[...], white[...])
      // No wave is in a plain raster, and its light is not compared.
      #expect(measure == .complexWavelet ? similarity > 0.999_999 : similarity < 0.02)
    }
    let measure = RasterMeasure.templateMatch
    var spot = [UInt8](repeating: 0, count: measure.byteCount)
    let black = spot
    spot[7] = 1
    #expect(measure.similarity(black[...], spot[...]) == 0)
  }

  /// As the definition is written, in floating point.
  private func formula(_ measure: RasterMeasure, _ first: [UInt8], _ second: [UInt8]) -> Double {
    let (a, b) = (first.map(Double.init), second.map(Double.init))
    let difference = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    switch measure {
    case .meanSquaredError: return 1000 / (1000 + difference / Double(a.count))
    case .templateMatch:
      if difference == 0 { return 1 }
      let squares = a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }
      return squares == 0 ? 0 : max(0, 1 - difference / squares.squareRoot())
    case .complexWavelet:
      return PlainComplexWavelet(first).similarity(to: PlainComplexWavelet(second))
    case .structural, .structural32, .structural128, .structural256:
      let windowSide = measure.side - 6
      var total = 0.0
      for corner in 0..<windowSide * windowSide {
        let (row, column) = (corner / windowSide, corner % windowSide)
        total += window(a, b, row * measure.side + column, side: measure.side)
      }
      return max(0, total / Double(windowSide * windowSide))
    }
  }

  /// The window of 7 x 7 pixels that begins at a corner.
  private func window(_ x: [Double], _ y: [Double], _ corner: Int, side: Int) -> Double {
    var (sumX, sumY, squaresX, squaresY, products) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for row in 0..<7 {
      for place in corner + side * row..<corner + side * row + 7 {
        sumX += x[place]
        sumY += y[place]
        squaresX += x[place] * x[place]
        squaresY += y[place] * y[place]
        products += x[place] * y[place]
      }
    }
    let (meanX, meanY) = (sumX / 49, sumY / 49)
    let varianceX = (squaresX - 49 * meanX * meanX) / 48
    let varianceY = (squaresY - 49 * meanY * meanY) / 48
    let covariance = (products - 49 * meanX * meanY) / 48
    let (c1, c2) = (2.55 * 2.55, 7.65 * 7.65)
    return (2 * meanX * meanY + c1) * (2 * covariance + c2)
      / ((meanX * meanX + meanY * meanY + c1) * (varianceX + varianceY + c2))
  }
}

@Suite struct SimilarityStepsTests {
  @Test(arguments: [0, 0.25, 0.5, 0.7505, 0.9, 0.999, 1])
  func `every similarity counts at the step that begins at or below it`(floor: Double) {
    let steps = SimilaritySteps(floor: floor)
    #expect(steps.similarity(ofStep: steps.count - 1) == floor)
    #expect(steps.similarity(ofStep: 0) == 1)
    var generator = SplitMix(seed: 1)
    let random = (0..<500).map { _ in Double.random(in: floor...1, using: &generator) }
    let edges = (0..<steps.count).map(steps.similarity(ofStep:))
    let beyond = edges.map { min(1, $0.nextUp) }
    for similarity in random + edges + beyond {
      let step = steps.step(of: similarity)
      #expect(steps.similarity(ofStep: step) <= similarity)
      if step > 0 { #expect(steps.similarity(ofStep: step - 1) > similarity) }
    }
  }
}
