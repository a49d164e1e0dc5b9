import LinearAlgebra
import TestImages

/// Rows of whole numbers, so that products are exact and ties occur.
func randomRows(count: Int, dimension: Int, seed: UInt64) -> Rows {
  var numbers = SplitMix(seed: seed)
  return Rows(
    count: count, dimension: dimension,
    values: (0..<count * dimension).map { _ in Float(Int.random(in: -9...9, using: &numbers)) })
}
