/// A range of values with round numbers to label: multiples of 1, 2 or 5 times a power of ten.
struct PlotAxis {
  /// A labelled value.
  struct Tick {
    let value: Double
    let text: String
  }

  /// The value at the start of the axis.
  let low: Double
  /// The value at its end, above `low`.
  let high: Double
  /// The labelled values from `low` to `high`, ascending; never empty.
  let ticks: [Tick]

  /// Makes an axis that covers all values.
  ///
  /// - Parameters:
  ///   - values: what is to be shown; values that cannot be drawn are passed over (see ``isDrawable``).
  ///   - tickCount: about how many values to label.
  ///   - endsAtTicks: whether the axis is made longer until a labelled value is at either end.
  ///   - isIntegral: whether only whole numbers are labelled.
  ///   - unit: what follows each number.
  init(
    covering values: some Sequence<Double>, tickCount: Int, endsAtTicks: Bool = true,
    isIntegral: Bool = false, unit: String = ""
  ) {
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    for value in values where isDrawable(value) {
      lowest = min(lowest, value)
      highest = max(highest, value)
    }
    if lowest > highest { (lowest, highest) = (0, 1) }
    // Equal values, or nearly so: room around them, so that there is a range to divide.
    let magnitude = max(abs(lowest), abs(highest))
    if highest - lowest <= magnitude * 1e-9 {
      let room = magnitude == 0 || isIntegral ? 1 : magnitude / 2
      (lowest, highest) = (magnitude == 0 ? 0 : lowest - room, highest + room)
    }
    let step = DecimalStep(
      atLeast: (highest - lowest) / Double(max(1, tickCount)), isIntegral: isIntegral)
    let first = step.index(of: lowest, endsAtTicks ? .down : .up)
    let last = step.index(of: highest, endsAtTicks ? .up : .down)
    low = endsAtTicks ? min(lowest, step.value(first)) : lowest
    high = endsAtTicks ? max(highest, step.value(last)) : highest
    let largest = max(abs(step.value(first)), abs(step.value(last)))
    ticks = (first...max(first, last)).map { index in
      Tick(value: step.value(index), text: step.text(index, largest: largest) + unit)
    }
  }
}

/// Whether a value can have a place on an axis: finite, and so small that differences are too.
func isDrawable(_ value: Double) -> Bool { value.magnitude < 1e100 }

/// The distance of two labelled values: 1, 2 or 5 times a power of ten.
struct DecimalStep {
  private let mantissa: Int
  private let exponent: Int
  private let size: Double

  /// The smallest step of at least `least`, which is positive.
  init(atLeast least: Double, isIntegral: Bool) {
    var exponent = isIntegral ? 0 : -110
    if !isIntegral, least > 1e-5 { exponent = -6 }
    // Powers are read as text, which rounds them once; multiplied up they would drift.
    while powerOfTen(exponent + 1) < least { exponent += 1 }
    let mantissa =
      [1, 2, 5].first { Double($0) * powerOfTen(exponent) >= least * (1 - 1e-12) } ?? 10
    self.mantissa = mantissa == 10 ? 1 : mantissa
    self.exponent = mantissa == 10 ? exponent + 1 : exponent
    size = Double(self.mantissa) * powerOfTen(self.exponent)
  }

  /// The number of the step at or below (above) a value; values a rounding error off are on it.
  func index(of value: Double, _ rule: FloatingPointRoundingRule) -> Int {
    let nearest = (value / size).rounded()
    let isOn = abs(value / size - nearest) < 1e-6
    return Int(isOn ? nearest : (value / size).rounded(rule))
  }

  /// The value of a step.
  func value(_ index: Int) -> Double {
    exponent >= 0
      ? Double(index) * size : Double(index * mantissa) / powerOfTen(-exponent)
  }

  /// A step as text, in thousands, millions or billions where the largest value is.
  func text(_ index: Int, largest: Double) -> String {
    let units = [(1e9, 9, "G"), (1e6, 6, "M"), (1e4, 3, "k")]
    let unit = largest < 1e13 ? units.first { largest >= $0.0 } : nil
    if index == 0 { return "0" }
    return decimalText(index * mantissa, exponent: exponent - (unit?.1 ?? 0)) + (unit?.2 ?? "")
  }
}
