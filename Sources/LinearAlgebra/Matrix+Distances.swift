import COpenBLAS

extension Matrix {
  /// The squared Euclidean distances of a row to the rows of a range, to the first places of
  /// `distances`: the same bits on every processor.
  ///
  /// - Precondition: `distances` has a place for each of the range.
  public func squaredDistances(
    from row: Int, to range: Range<Int>, into distances: inout [Double]
  ) {
    precondition(
      (0..<rowCount).contains(row) && range.lowerBound >= 0 && range.upperBound <= rowCount
        && range.count <= distances.count)
    unsafe values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      unsafe copenblas_squared_distances_double(
        columnCount, values + row * columnCount, values + range.lowerBound * columnCount,
        range.count, &distances)
    }
  }

  /// The squared Euclidean distance of two rows.
  public func squaredDistance(_ first: Int, _ second: Int) -> Double {
    precondition((0..<rowCount).contains(first) && (0..<rowCount).contains(second))
    var distance = 0.0
    unsafe values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      unsafe copenblas_squared_distances_double(
        columnCount, values + first * columnCount, values + second * columnCount, 1, &distance)
    }
    return distance
  }
}
