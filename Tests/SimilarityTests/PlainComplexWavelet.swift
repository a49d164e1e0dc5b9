import Foundation

/// Complex-wavelet SSIM as its definition is written: sums over all pixels, filters and windows in
/// double precision.
struct PlainComplexWavelet {
  /// Coefficients of each orientation, real and imaginary, 16 x 16 row by row.
  private let bands: [[(real: Double, imaginary: Double)]]

  private static let frequencies = -7...7

  init(_ pixels: [UInt8]) {
    let spectrum = Self.spectrum(pixels)
    bands = (0..<8).map { orientation in
      var band = [(real: Double, imaginary: Double)](repeating: (0, 0), count: 256)
      for (frequency, value) in spectrum {
        let gain = Self.gain(frequency, angle: Double.pi * Double(orientation) / 8)
        if gain == 0 { continue }
        for place in band.indices {
          let turns = Double(frequency.across * (place % 16) + frequency.down * (place / 16)) / 16
          let (cosine, sine) = (cos(2 * .pi * turns), sin(2 * .pi * turns))
          band[place].real += gain / 256 * (value.real * cosine - value.imaginary * sine)
          band[place].imaginary += gain / 256 * (value.real * sine + value.imaginary * cosine)
        }
      }
      return band
    }
  }

  func similarity(to other: PlainComplexWavelet) -> Double {
    var total = 0.0
    var weights = 0.0
    for window in 0..<100 {
      let (row, column) = (window / 10, window % 10)
      let (x, y) = (Double(column) - 4.5, Double(row) - 4.5)
      let weight = exp(-(x * x + y * y) / 32)
      weights += weight
      for (a, b) in zip(bands, other.bands) { total += weight * Self.window(a, b, row, column) }
    }
    return total / weights / 8
  }

  private typealias Frequency = (across: Int, down: Int)

  private static func spectrum(
    _ pixels: [UInt8]
  ) -> [(Frequency, (real: Double, imaginary: Double))] {
    // Row by row first, then down: the transform of two axes is one after the other.
    let rows = (0..<128).map { y in
      frequencies.map { k in
        (0..<128).reduce(into: (real: 0.0, imaginary: 0.0)) { sum, x in
          let angle = -2 * Double.pi * Double(k * x) / 128
          sum.real += Double(pixels[y * 128 + x]) * cos(angle)
          sum.imaginary += Double(pixels[y * 128 + x]) * sin(angle)
        }
      }
    }
    return frequencies.flatMap { down in
      frequencies.map { across in
        let sum = (0..<128).reduce(into: (real: 0.0, imaginary: 0.0)) { sum, y in
          let angle = -2 * Double.pi * Double(down * y) / 128
          let value = rows[y][across + 7]
          sum.real += value.real * cos(angle) - value.imaginary * sin(angle)
          sum.imaginary += value.real * sin(angle) + value.imaginary * cos(angle)
        }
        return ((across, down), sum)
      }
    }
  }

  private static func gain(_ frequency: Frequency, angle: Double) -> Double {
    let (x, y) = (Double(frequency.across), Double(frequency.down))
    let radius = (x * x + y * y).squareRoot()
    let octaves = log2(radius / 4)
    let near = radius == 0 ? 0 : (x * cos(angle) + y * sin(angle)) / radius
    if abs(octaves) >= 1 || near <= 0 { return 0 }
    return cos(.pi / 2 * octaves) * pow(near, 7) * 2 * (2048.0 / 3432).squareRoot()
  }

  private static func window(
    _ a: [(real: Double, imaginary: Double)], _ b: [(real: Double, imaginary: Double)], _ row: Int,
    _ column: Int
  ) -> Double {
    var (real, imaginary, energy) = (0.0, 0.0, 0.0)
    for y in row..<row + 7 {
      for place in y * 16 + column..<y * 16 + column + 7 {
        let (p, q) = (a[place], b[place])
        real += p.real * q.real + p.imaginary * q.imaginary
        imaginary += p.imaginary * q.real - p.real * q.imaginary
        energy += p.real * p.real + p.imaginary * p.imaginary
        energy += q.real * q.real + q.imaginary * q.imaginary
      }
    }
    let correlation = (real * real + imaginary * imaginary).squareRoot()
    return (2 * correlation / 49 + 100) / (energy / 49 + 100)
  }
}
