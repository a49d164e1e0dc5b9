import LinearAlgebra
import TestImages

/// Rows of random whole numbers in 0..<`steps`, plus an offset: with few steps equal distances are
/// the rule.
func randomRows(
  _ count: Int, dimension: Int, steps: Int, offset: Float = 0, seed: UInt64
) -> Rows {
  var generator = SplitMix(seed: seed)
  let values = (0..<count * dimension).map { _ in
    offset + Float(Int.random(in: 0..<steps, using: &generator))
  }
  return Rows(count: count, dimension: dimension, values: values)
}
