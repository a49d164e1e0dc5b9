/// Permutations drawn from a seed, the same in every version of this program and of Swift.
///
/// Durstenfeld's shuffle over SplitMix64 (Steele, Lea and Flood 2014).
struct SeededPermutations {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A permutation of 0 ..< `count`; each is as likely as any other.
  mutating func next(count: Int) -> [Int] {
    var values = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { values.swapAt(last, below(last + 1)) }
    return values
  }

  /// A number in 0 ..< `bound`, drawn again where the remainder would favour small ones.
  private mutating func below(_ bound: Int) -> Int {
    let bound = UInt64(bound)
    while true {
      let value = mixed()
      let remainder = value % bound
      if value - remainder <= UInt64.max - (bound - 1) { return Int(remainder) }
    }
  }

  private mutating func mixed() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
