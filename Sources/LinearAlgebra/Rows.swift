import COpenBLAS

/// Feature vectors of one dimension, a row each, in single precision.
///
/// Component `c` of row `r` is `values[r * dimension + c]`: row-major, no padding. Sums over
/// components are made in double precision and in one order, so that they are the same bits on every
/// processor, except where said.
public struct Rows: Equatable, Sendable {
  /// How many there are.
  public let count: Int
  /// Components of each; at least 1.
  public let dimension: Int
  /// All components.
  public var values: [Float]

  /// Takes `values` as rows.
  ///
  /// - Precondition: `values` holds `count` × `dimension`, all finite.
  public init(count: Int, dimension: Int, values: [Float]) {
    precondition(
      dimension > 0 && values.count == count * dimension,
      "\(values.count) values for \(count) rows of \(dimension)")
    self.count = count
    self.dimension = dimension
    self.values = values
  }

  /// The components of one row.
  public subscript(row: Int) -> ArraySlice<Float> {
    values[row * dimension..<(row + 1) * dimension]
  }

  /// The rows at these positions, in their order.
  public func gathered(_ positions: some Sequence<Int>) -> Rows {
    var gathered: [Float] = []
    gathered.reserveCapacity(positions.underestimatedCount * dimension)
    var count = 0
    for position in positions {
      gathered += self[position]
      count += 1
    }
    return Rows(count: count, dimension: dimension, values: gathered)
  }

  /// The squared Euclidean distance of two rows.
  public func squaredDistance(_ first: Int, _ second: Int) -> Double {
    squaredDistance(first, self, second)
  }

  /// The squared Euclidean distance of a row and a row of `other`.
  public func squaredDistance(_ row: Int, _ other: Rows, _ otherRow: Int) -> Double {
    precondition(row < count && otherRow < other.count && dimension == other.dimension)
    return unsafe values.withUnsafeBufferPointer { own in
      unsafe other.values.withUnsafeBufferPointer { theirs in
        guard let own = own.baseAddress, let theirs = theirs.baseAddress else { return 0 }
        return unsafe copenblas_squared_distance(
          dimension, own + row * dimension, theirs + otherRow * dimension)
      }
    }
  }

  /// The squared Euclidean distances of `point` to rows in a range, to the first places of `distances`.
  ///
  /// - Precondition: `point` has the dimension of the rows, `distances` a place for each of the range.
  public func squaredDistances(
    to point: ArraySlice<Float>, _ range: Range<Int>, into distances: inout [Double]
  ) {
    precondition(
      point.count == dimension && range.upperBound <= count && range.count <= distances.count)
    unsafe values.withUnsafeBufferPointer { own in
      unsafe point.withUnsafeBufferPointer { point in
        guard let own = own.baseAddress, let point = point.baseAddress else { return }
        unsafe copenblas_squared_distances(
          dimension, point, own + range.lowerBound * dimension, range.count, &distances)
      }
    }
  }

  /// The squared Euclidean distances of rows in a range to all of `points`, row-major, to the places of
  /// `distances` from `start` on.
  ///
  /// They are made in single precision, in one order as well: each is off by at most
  /// (dimension + 2) × 2⁻²³ of itself.
  ///
  /// - Precondition: `distances` has a place for each pair.
  public func squaredDistances(
    _ range: Range<Int>, to points: Rows, into distances: inout [Float], at start: Int = 0
  ) {
    precondition(
      points.dimension == dimension && range.upperBound <= count && start >= 0
        && start + range.count * points.count <= distances.count)
    unsafe values.withUnsafeBufferPointer { own in
      unsafe points.values.withUnsafeBufferPointer { theirs in
        unsafe distances.withUnsafeMutableBufferPointer { distances in
          guard let own = own.baseAddress, let theirs = theirs.baseAddress,
            let distances = distances.baseAddress
          else { return }
          unsafe copenblas_squared_distances_float(
            dimension, own + range.lowerBound * dimension, range.count, theirs, points.count,
            distances + start)
        }
      }
    }
  }

  /// The inner product of a row and a row of `other`.
  public func innerProduct(_ row: Int, _ other: Rows, _ otherRow: Int) -> Double {
    precondition(row < count && otherRow < other.count && dimension == other.dimension)
    return unsafe values.withUnsafeBufferPointer { own in
      unsafe other.values.withUnsafeBufferPointer { theirs in
        guard let own = own.baseAddress, let theirs = theirs.baseAddress else { return 0 }
        return unsafe copenblas_inner_product(
          dimension, own + row * dimension, theirs + otherRow * dimension)
      }
    }
  }

  /// The inner product of each row with itself.
  public func squaredNorms() -> [Double] {
    (0..<count).map { innerProduct($0, self, $0) }
  }

  /// Inner products of rows in a range with rows of `other` in a range, row-major, to the first places
  /// of `products`: one `sgemm`, whose rounding depends on the processor.
  ///
  /// A product is off by at most ``productError`` times the product of both rows' norms.
  ///
  /// - Precondition: `products` has a place for each pair.
  /// - Complexity: O(m·n·d).
  public func products(
    _ range: Range<Int>, _ other: Rows, _ otherRange: Range<Int>, into products: inout [Float]
  ) {
    precondition(
      dimension == other.dimension && range.upperBound <= count
        && otherRange.upperBound <= other.count
        && products.count >= range.count * otherRange.count)
    guard !range.isEmpty, !otherRange.isEmpty else { return }
    BLAS.prepare()
    unsafe values.withUnsafeBufferPointer { own in
      unsafe other.values.withUnsafeBufferPointer { theirs in
        guard let own = own.baseAddress, let theirs = theirs.baseAddress else { return }
        unsafe copenblas_products_float(
          range.count, otherRange.count, dimension, 1, own + range.lowerBound * dimension,
          dimension, theirs + otherRange.lowerBound * dimension, dimension, 0, &products,
          otherRange.count)
      }
    }
  }

  /// How far a product of ``products(_:_:_:into:)`` may be from the true one, over the product of both
  /// rows' norms: dimension × 2⁻²⁴ bounds the rounding of any order of the sum (Higham 2002, 3.1), and
  /// the last place of the result comes on top.
  public var productError: Float { Float(dimension + 1) * 0x1p-24 * 1.01 }
}
