/// Draws `count` different numbers from a range, in rising order; all of them when it holds fewer.
///
/// Floyd's algorithm (Bentley and Floyd 1987) over SplitMix64 (Steele et al. 2014): O(count) time and
/// memory whatever the range. The same arguments give the same numbers on every machine.
func sample(_ count: Int, of range: ClosedRange<Int>, seed: UInt64) -> [Int] {
  guard count > 0 else { return [] }
  guard range.count > count else { return Array(range) }
  var state = seed
  var drawn: Set<Int> = []
  for last in (range.upperBound - count + 1)...range.upperBound {
    let choices = UInt64(last - range.lowerBound + 1)
    let choice = range.lowerBound + Int(splitMix64(&state).multipliedFullWidth(by: choices).high)
    if !drawn.insert(choice).inserted { drawn.insert(last) }
  }
  return drawn.sorted()
}

/// The next of a sequence of random numbers.
private func splitMix64(_ state: inout UInt64) -> UInt64 {
  state &+= 0x9E37_79B9_7F4A_7C15
  var z = state
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
