import COpenBLAS

/// How many of `values` come before the one at `position`: lower ones, and equal ones at a lower position.
///
/// - Complexity: O(n).
public func rankOfValue(at position: Int, in values: [Double]) -> Int {
  precondition(values.indices.contains(position))
  return unsafe copenblas_count_before(values, values.count, position)
}
