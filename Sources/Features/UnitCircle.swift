/// Cosines and sines of fractions of a turn, the same on every machine.
///
/// The C library's last bit depends on the processor, so the Taylor series is summed here in pairs
/// of doubles (Dekker 1971), some 100 bits, and rounded once.
enum UnitCircle {
  /// The cosine and sine of `numerator / denominator` turns.
  ///
  /// The angle is folded into the first eighth of a turn and rounded to a double there, as the
  /// references do; of that double the results are correctly rounded.
  ///
  /// - Precondition: `numerator` is not negative, `denominator` is positive.
  static func point(_ numerator: Int, of denominator: Int) -> (cosine: Double, sine: Double) {
    let eighths = numerator % denominator * 8
    let (quadrant, inQuadrant) = eighths.quotientAndRemainder(dividingBy: 2 * denominator)
    let isFolded = inQuadrant >= denominator
    let octant = isFolded ? 2 * denominator - inQuadrant : inQuadrant
    let angle = Double(octant) * (Double.pi / 4 / Double(denominator))
    let near = (cosine: cosine(of: angle), sine: sine(of: angle))
    let (x, y) = isFolded ? (near.sine, near.cosine) : (near.cosine, near.sine)
    switch quadrant {
    case 0: return (x, y)
    case 1: return (-y, x)
    case 2: return (-x, -y)
    default: return (y, -x)
    }
  }

  private static func cosine(of angle: Double) -> Double {
    series(of: angle, first: Pair(high: 1, low: 0), factor: 1)
  }

  private static func sine(of angle: Double) -> Double {
    series(of: angle, first: Pair(high: angle, low: 0), factor: 2)
  }

  /// first · (1 - a² / (k (k + 1)) + a⁴ / (k (k + 1) (k + 2) (k + 3)) - ...) for k = `factor`.
  private static func series(of angle: Double, first: Pair, factor: Int) -> Double {
    let square = Pair(high: angle, low: 0) * Pair(high: angle, low: 0)
    var terms = [first]
    // At an eighth of a turn the 15th term is under 1e-34.
    for k in stride(from: factor, to: factor + 30, by: 2) {
      terms.append(terms[terms.count - 1] * square / -Double(k * (k + 1)))
    }
    // From the smallest up: each sum keeps its low part.
    return terms.reversed().reduce(Pair(high: 0, low: 0), +).high
  }
}

/// The unevaluated sum of two doubles; the second is at most half a unit in the last place of the
/// first, so the first is the sum, rounded.
private struct Pair {
  let high: Double
  let low: Double

  static func + (a: Pair, b: Pair) -> Pair {
    let sum = a.high + b.high
    let part = sum - a.high
    let error = (a.high - (sum - part)) + (b.high - part)
    return normalized(sum, error + (a.low + b.low))
  }

  static func * (a: Pair, b: Pair) -> Pair {
    let product = exactProduct(a.high, b.high)
    return normalized(product.high, product.low + (a.high * b.low + a.low * b.high))
  }

  static func / (a: Pair, b: Double) -> Pair {
    let quotient = a.high / b
    let product = exactProduct(quotient, b)
    return normalized(quotient, ((a.high - product.high) - product.low + a.low) / b)
  }

  /// The product of two doubles without any rounding: halves of 26 bits are multiplied, so that no
  /// fused multiplication, which the C library would have to provide, is needed.
  private static func exactProduct(_ a: Double, _ b: Double) -> Pair {
    let (aHead, aTail) = halves(of: a)
    let (bHead, bTail) = halves(of: b)
    let product = a * b
    let low = aTail * bTail - (((product - aHead * bHead) - aTail * bHead) - aHead * bTail)
    return Pair(high: product, low: low)
  }

  private static func halves(of value: Double) -> (head: Double, tail: Double) {
    let scaled = 134_217_729 * value
    let head = scaled - (scaled - value)
    return (head, value - head)
  }

  private static func normalized(_ high: Double, _ low: Double) -> Pair {
    let sum = high + low
    return Pair(high: sum, low: low - (sum - high))
  }
}
