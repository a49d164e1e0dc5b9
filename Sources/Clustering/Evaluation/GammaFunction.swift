import Foundation

/// What the gamma distribution needs beyond the C library's `lgamma`.
enum GammaFunction {
  /// ψ(x) = d log Γ(x) / dx for x > 0: the recurrence up to 10, then its asymptotic series (Abramowitz and
  /// Stegun 6.3.18), to about 1e-14.
  static func digamma(_ x: Double) -> Double {
    var (x, sum) = (x, 0.0)
    while x < 10 {
      sum -= 1 / x
      x += 1
    }
    let t = 1 / (x * x)
    let series = t * (1.0 / 12 - t * (1.0 / 120 - t * (1.0 / 252 - t * (1.0 / 240 - t / 132))))
    return sum + log(x) - 0.5 / x - series
  }

  /// ψ'(x), likewise (6.4.12).
  static func trigamma(_ x: Double) -> Double {
    var (x, sum) = (x, 0.0)
    while x < 10 {
      sum += 1 / (x * x)
      x += 1
    }
    let t = 1 / (x * x)
    let series = t * (1.0 / 6 - t * (1.0 / 30 - t * (1.0 / 42 - t * (1.0 / 30 - t * 5 / 66))))
    return sum + 1 / x + t / 2 + series / x
  }

  /// P(a, x), the share of the gamma integral of shape a that lies below x: its series under a + 1, its
  /// continued fraction over it by Lentz's method (Abramowitz and Stegun 6.5.29 and 6.5.31).
  static func regularizedLower(_ a: Double, _ x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x.isFinite else { return 1 }
    let factor = exp(a * log(x) - x - lgamma(a))
    return x < a + 1 ? factor * series(a, x) : 1 - factor * fraction(a, x)
  }

  private static func series(_ a: Double, _ x: Double) -> Double {
    var (term, sum, n) = (1 / a, 1 / a, a)
    while term > sum * 0x1p-54 {
      n += 1
      term *= x / n
      sum += term
    }
    return sum
  }

  private static func fraction(_ a: Double, _ x: Double) -> Double {
    let tiny = Double.leastNormalMagnitude / 0x1p-53
    var b = x + 1 - a
    var (c, d) = (1 / tiny, 1 / b)
    var result = d
    // Some √a terms are enough for any x over a + 1.
    for n in 1...100_000 {
      let numerator = -Double(n) * (Double(n) - a)
      b += 2
      d = 1 / nonzero(numerator * d + b, tiny)
      c = nonzero(b + numerator / c, tiny)
      result *= d * c
      if abs(d * c - 1) < 0x1p-52 { break }
    }
    return result
  }

  private static func nonzero(_ value: Double, _ tiny: Double) -> Double {
    abs(value) < tiny ? tiny : value
  }
}
