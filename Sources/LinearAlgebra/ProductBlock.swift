import COpenBLAS

/// The inner products of two ranges of rows in single precision, and which of them are large: what
/// rules out pairs before they are measured in double precision.
public struct ProductBlock: Sendable {
  /// Rows on each side that are worth a block: 512 x 512 floats stay near the processor.
  public static let side = 512

  private var columnCount = 0
  private var values = [Float](repeating: 0, count: side * side)
  private var positions = [UInt32](repeating: 0, count: side)

  /// A block of no products.
  public init() {}

  /// Multiplies the rows of a range with those of another: one `sgemm`.
  ///
  /// - Precondition: no range is longer than ``side``.
  public mutating func multiply(
    _ rows: Rows, _ range: Range<Int>, _ other: Rows, _ otherRange: Range<Int>
  ) {
    precondition(range.count <= Self.side && otherRange.count <= Self.side)
    columnCount = otherRange.count
    rows.products(range, other, otherRange, into: &values)
  }

  /// One product, or what it was turned into.
  public subscript(row: Int, column: Int) -> Float {
    get { values[row * columnCount + column] }
    set { values[row * columnCount + column] = newValue }
  }

  /// The columns, ascending, in which the value of a row is at or above `least`.
  public mutating func columns(inRow row: Int, atLeast least: Float) -> ArraySlice<UInt32> {
    precondition((row + 1) * columnCount <= values.count)
    let found = unsafe values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return 0 }
      return unsafe copenblas_at_least(
        values + row * columnCount, columnCount, least, &positions)
    }
    return positions[..<found]
  }

  /// The columns, ascending, in which the value of a row plus `added[offset + column]` is at or
  /// above `least`.
  public mutating func columns(
    inRow row: Int, adding added: [Float], from offset: Int, atLeast least: Float
  ) -> ArraySlice<UInt32> {
    precondition(
      (row + 1) * columnCount <= values.count && offset + columnCount <= added.count)
    let found = unsafe values.withUnsafeBufferPointer { values in
      unsafe added.withUnsafeBufferPointer { added in
        guard let values = values.baseAddress, let added = added.baseAddress else { return 0 }
        return unsafe copenblas_sums_at_least(
          values + row * columnCount, added + offset, columnCount, least, &positions)
      }
    }
    return positions[..<found]
  }

  /// Turns the products of a row's center with those of the columns, clusters of `sizes`, into a
  /// quarter of Ward's squared distance, negative.
  ///
  /// - Parameters:
  ///   - halfNorms: half of the squared norm of each center; of the block's columns from `offset`.
  ///   - halfNorm, size: the same of the row's.
  /// - Returns: the largest.
  public mutating func turnToWardNearness(
    row: Int, halfNorms: [Float], sizes: [Float], from offset: Int, halfNorm: Float, size: Float
  ) -> Float {
    precondition(
      (row + 1) * columnCount <= values.count && offset + columnCount <= halfNorms.count
        && offset + columnCount <= sizes.count)
    return unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe halfNorms.withUnsafeBufferPointer { norms in
        unsafe sizes.withUnsafeBufferPointer { sizes in
          guard let values = values.baseAddress, let norms = norms.baseAddress,
            let sizes = sizes.baseAddress
          else { return -.infinity }
          return unsafe copenblas_ward_nearness(
            values + row * columnCount, norms + offset, sizes + offset, columnCount, halfNorm, size)
        }
      }
    }
  }
}
