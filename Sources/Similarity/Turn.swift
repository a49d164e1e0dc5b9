/// Cosine and sine of an angle, the same on every machine: a library's may differ in the last bit.
struct Turn {
  let cosine: Double
  let sine: Double

  /// Takes any number of degrees; exact at quarters, within 2⁻⁵⁰ elsewhere.
  init(degrees: Double) {
    let quarters = (degrees / 90).rounded()
    let x = (degrees - 90 * quarters) * .pi / 180
    // Taylor's series on an eighth of a turn to either side; what is left off is below 2⁻⁵².
    var (cosine, sine) = (0.0, 0.0)
    for term in stride(from: 16.0, through: 2, by: -2) {
      cosine = (1 + cosine) * -x * x / (term * (term - 1))
      sine = (1 + sine) * -x * x / (term * (term + 1))
    }
    (cosine, sine) = (1 + cosine, x * (1 + sine))
    let quarter = Int(quarters.truncatingRemainder(dividingBy: 4) + 4) % 4
    switch quarter {
    case 0: (self.cosine, self.sine) = (cosine, sine)
    case 1: (self.cosine, self.sine) = (-sine, cosine)
    case 2: (self.cosine, self.sine) = (-cosine, -sine)
    default: (self.cosine, self.sine) = (sine, -cosine)
    }
  }

  /// The angle of a point on the unit circle, from 0 to less than 360, by Newton's method from the middle
  /// of its quarter.
  static func degrees(cosine: Double, sine: Double) -> Double {
    var degrees =
      switch (cosine >= 0, sine >= 0) {
      case (true, true): 45.0
      case (false, true): 135.0
      case (false, false): 225.0
      case (true, false): 315.0
      }
    for _ in 0..<6 {
      let turn = Turn(degrees: degrees)
      degrees += (sine * turn.cosine - cosine * turn.sine) * 180 / .pi
    }
    if degrees < 0 { degrees += 360 }
    return degrees >= 360 ? degrees - 360 : degrees
  }
}
