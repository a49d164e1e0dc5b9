import Foundation
import LinearAlgebra

extension EdgeSampling.Curve {
  /// The curve nearest to 1 up to `minimumDistance` and exp(-(d - minimumDistance) / spread) beyond.
  ///
  /// By least squares over 300 distances up to three times `spread` (McInnes, Healy and Melville 2018,
  /// 3.2), found by Levenberg's and Marquardt's method.
  init(minimumDistance: Double, spread: Double) {
    let samples = (1..<300).map { step in
      let distance = 3 * spread * Double(step) / 299
      let wanted =
        distance < minimumDistance ? 1 : exp(-(distance - minimumDistance) / spread)
      return (logarithm: log(distance), wanted: wanted)
    }
    var (a, b) = (1.0, 1.0)
    var (damping, error) = (1e-3, Self.error(samples, a, b))
    for _ in 0..<200 {
      var (aa, ab, bb, ga, gb) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for sample in samples {
        let grown = exp(2 * b * sample.logarithm)
        let value = 1 / (1 + a * grown)
        let byA = -value * value * grown
        let byB = 2 * a * sample.logarithm * byA
        let missing = sample.wanted - value
        (aa, ab, bb) = (aa + byA * byA, ab + byA * byB, bb + byB * byB)
        (ga, gb) = (ga + byA * missing, gb + byB * missing)
      }
      let (damped, other) = (aa * (1 + damping), bb * (1 + damping))
      let determinant = damped * other - ab * ab
      let stepA = (ga * other - gb * ab) / determinant
      let stepB = (gb * damped - ga * ab) / determinant
      let newError = Self.error(samples, a + stepA, b + stepB)
      if a + stepA > 0, newError <= error {
        (a, b, error, damping) = (a + stepA, b + stepB, newError, damping / 10)
        if abs(stepA) + abs(stepB) < 1e-10 { break }
      } else {
        damping *= 10
      }
    }
    self.init(a: Float(a), b: Float(b))
  }

  private static func error(
    _ samples: [(logarithm: Double, wanted: Double)], _ a: Double, _ b: Double
  ) -> Double {
    samples.reduce(0) { sum, sample in
      let missing = sample.wanted - 1 / (1 + a * exp(2 * b * sample.logarithm))
      return sum + missing * missing
    }
  }
}
