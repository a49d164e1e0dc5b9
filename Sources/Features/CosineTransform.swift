/// The discrete cosine transform of the second kind, unnormalised, of a length that is a power of
/// two: y(k) = 2 Σ x(n) cos(π k (2 n + 1) / 2N).
///
/// A real Fourier transform of the same length does the work (Makhoul 1980), with FFTPACK's real
/// passes of radix 4 and 2 (Swarztrauber 1982). The order of every operation is that of SciPy's
/// implementation, pocketfft, so that coefficients that ought to be equal, as in a symmetric
/// picture, are equal or differ by the last bit exactly where they are or do in the reference.
struct CosineTransform {
  /// Eight transforms are computed side by side, one a lane.
  typealias Lanes = SIMD8<Double>

  let length: Int
  private let passes: [RadixPass]
  /// cos(π (k + 1) / 2N) at position k.
  private let halfTurns: [Double]

  /// Makes the plan for a `length` of 8 or more, a power of two.
  init(length: Int) {
    precondition(length >= 8 && length.nonzeroBitCount == 1, "a transform of \(length)")
    self.length = length
    let circle = SteppedCircle(pointCount: length)
    var radices = [Int](repeating: 4, count: length.trailingZeroBitCount / 2)
    if length.trailingZeroBitCount % 2 == 1 { radices.insert(2, at: 0) }
    var passes: [RadixPass] = []
    var groupCount = 1
    for radix in radices {
      let span = length / (groupCount * radix)
      let pairCount = (span - 1) / 2
      let twiddles = (1..<radix).flatMap { multiple in
        (0..<pairCount).map { circle[multiple * groupCount * ($0 + 1)] }
      }
      passes.append(
        RadixPass(radix: radix, span: span, groupCount: groupCount, twiddles: twiddles))
      groupCount *= radix
    }
    self.passes = passes
    let fineCircle = SteppedCircle(pointCount: 4 * length)
    halfTurns = (0..<length).map { fineCircle[$0 + 1].cosine }
  }

  /// Transforms `values` in place; `scratch` is overwritten.
  ///
  /// - Precondition: both hold ``length`` elements.
  /// - Complexity: O(N log N).
  func transform(_ values: inout [Lanes], scratch: inout [Lanes]) {
    precondition(
      values.count == length && scratch.count == length,
      "\(values.count) values and \(scratch.count) of scratch for a transform of \(length)")
    values[0] *= 2
    values[length - 1] *= 2
    for k in stride(from: 1, to: length - 1, by: 2) {
      let (a, b) = (values[k + 1], values[k])
      values[k + 1] = a - b
      values[k] = a + b
    }
    for pass in passes {
      pass.run(from: values, to: &scratch)
      swap(&values, &scratch)
    }
    for k in 1..<length / 2 {
      let mirror = length - k
      let (near, far) = (halfTurns[k - 1], halfTurns[mirror - 1])
      let sum = near * values[mirror] + far * values[k]
      let difference = near * values[k] - far * values[mirror]
      values[k] = 0.5 * (sum + difference)
      values[mirror] = 0.5 * (sum - difference)
    }
    values[length / 2] *= halfTurns[length / 2 - 1]
  }
}

/// A circle of points made as pocketfft makes it: each the product of a coarse and a fine step.
private struct SteppedCircle {
  private let pointCount: Int
  private let shift: Int

  init(pointCount: Int) {
    self.pointCount = pointCount
    var shift = 1
    while 1 << (2 * shift) < (pointCount + 2) / 2 { shift += 1 }
    self.shift = shift
  }

  /// The point at `index` of `pointCount`; over half a turn the mirror image of the one below.
  subscript(index: Int) -> (cosine: Double, sine: Double) {
    guard 2 * index <= pointCount else {
      let mirror = self[pointCount - index]
      return (mirror.cosine, -mirror.sine)
    }
    let fine = UnitCircle.point(index & ((1 << shift) - 1), of: pointCount)
    let coarse = UnitCircle.point((index >> shift) << shift, of: pointCount)
    return (
      fine.cosine * coarse.cosine - fine.sine * coarse.sine,
      fine.cosine * coarse.sine + fine.sine * coarse.cosine
    )
  }
}
