/// One pass of a real Fourier transform from half-complex values back to real ones: FFTPACK's
/// `radb2` and `radb4` (Swarztrauber 1982), eight transforms side by side.
///
/// The input is `groupCount` groups of `radix` parts of `span` values; the output has the parts
/// outside and the groups inside. In a part the complex number at odd i is the values i and i + 1.
struct RadixPass {
  typealias Lanes = CosineTransform.Lanes

  let radix: Int
  let span: Int
  let groupCount: Int
  /// The factor of each complex number of part 1, then of part 2, and so on.
  let twiddles: [(cosine: Double, sine: Double)]

  /// Where part `index` of `group` begins in the output.
  private func target(_ index: Int, _ group: Int) -> Int { (index * groupCount + group) * span }

  /// Runs the pass; every element of `output` is overwritten.
  func run(from input: [Lanes], to output: inout [Lanes]) {
    for group in 0..<groupCount {
      if radix == 4 {
        runGroupOfFour(group, input, &output)
      } else {
        runGroupOfTwo(group, input, &output)
      }
    }
  }

  private func runGroupOfTwo(_ group: Int, _ input: [Lanes], _ output: inout [Lanes]) {
    let (s0, s1) = (group * 2 * span, (group * 2 + 1) * span)
    let (t0, t1) = (target(0, group), target(1, group))
    let last = span - 1
    output[t0] = input[s0] + input[s1 + last]
    output[t1] = input[s0] - input[s1 + last]
    guard span % 2 == 0 else { return }
    output[t0 + last] = 2 * input[s0 + last]
    output[t1 + last] = -2 * input[s1]
    for i in stride(from: 2, to: span, by: 2) {
      let mirror = s1 + span - i
      let (real, imaginary) = (input[s0 + i - 1], input[s0 + i])
      output[t0 + i - 1] = real + input[mirror - 1]
      output[t0 + i] = imaginary - input[mirror]
      store(
        real - input[mirror - 1], imaginary + input[mirror],
        turnedBy: twiddles[i / 2 - 1], at: t1 + i, in: &output)
    }
  }

  private func runGroupOfFour(_ group: Int, _ input: [Lanes], _ output: inout [Lanes]) {
    let s0 = group * 4 * span
    let (s1, s2, s3) = (s0 + span, s0 + 2 * span, s0 + 3 * span)
    let (t0, t1, t2, t3) = (
      target(0, group), target(1, group), target(2, group), target(3, group)
    )
    let last = span - 1
    let sum = input[s0] + input[s3 + last]
    let difference = input[s0] - input[s3 + last]
    output[t0] = sum + 2 * input[s1 + last]
    output[t1] = difference - 2 * input[s2]
    output[t2] = sum - 2 * input[s1 + last]
    output[t3] = difference + 2 * input[s2]
    guard span % 2 == 0 else { return }
    let real = (input[s0 + last] + input[s2 + last], input[s0 + last] - input[s2 + last])
    let imaginary = (input[s3] + input[s1], input[s3] - input[s1])
    let rootOfTwo = 1.4142135623730951
    output[t0 + last] = real.0 + real.0
    output[t1 + last] = rootOfTwo * (real.1 - imaginary.0)
    output[t2 + last] = imaginary.1 + imaginary.1
    output[t3 + last] = -rootOfTwo * (real.1 + imaginary.0)
    let turnsPerPart = (span - 1) / 2
    for i in stride(from: 2, to: span, by: 2) {
      let mirror = span - i
      // Sums and differences of parts 0 and 3, 2 and 1.
      let (a, b) = (input[s0 + i - 1], input[s3 + mirror - 1])
      let (c, d) = (input[s0 + i], input[s3 + mirror])
      let (e, f) = (input[s2 + i], input[s1 + mirror])
      let (g, h) = (input[s2 + i - 1], input[s1 + mirror - 1])
      output[t0 + i - 1] = (a + b) + (g + h)
      output[t0 + i] = (c - d) + (e - f)
      let turn = i / 2 - 1
      store(
        (a - b) - (e + f), (c + d) + (g - h),
        turnedBy: twiddles[turn], at: t1 + i, in: &output)
      store(
        (a + b) - (g + h), (c - d) - (e - f),
        turnedBy: twiddles[turnsPerPart + turn], at: t2 + i, in: &output)
      store(
        (a - b) + (e + f), (c + d) - (g - h),
        turnedBy: twiddles[2 * turnsPerPart + turn], at: t3 + i, in: &output)
    }
  }

  /// Multiplies a complex number by a twiddle; its real part goes before `position`.
  @inline(__always)
  private func store(
    _ real: Lanes, _ imaginary: Lanes, turnedBy turn: (cosine: Double, sine: Double),
    at position: Int, in output: inout [Lanes]
  ) {
    output[position - 1] = turn.cosine * real - turn.sine * imaginary
    output[position] = turn.cosine * imaginary + turn.sine * real
  }
}
