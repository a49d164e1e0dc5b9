import COpenBLAS

extension Rows {
  /// Adds a multiple of a row to as many elements of `sums` from `start` on.
  ///
  /// Each product and each sum is rounded to double precision, the same on every processor.
  public func addRow(_ row: Int, scale: Double, to sums: inout [Double], at start: Int = 0) {
    precondition(row < count && start >= 0 && start + dimension <= sums.count)
    unsafe values.withUnsafeBufferPointer { values in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        guard let values = values.baseAddress, let sums = sums.baseAddress else { return }
        unsafe copenblas_add_row(dimension, scale, values + row * dimension, sums + start)
      }
    }
  }
}
