import LinearAlgebra

/// Vectors in single precision, a row each, with what it takes to compare any two of them.
public struct VectorRows: Sendable {
  let measure: VectorMeasure
  let rows: Rows
  /// The inner product of each row with itself.
  let squaredNorms: [Double]

  /// Widens rows as they are stored.
  public init(_ rows: ByteRows, _ component: VectorComponent, measure: VectorMeasure) {
    self.init(rows, places: 0..<rows.count, component, measure: measure)
  }

  /// Widens some of the rows.
  init(
    _ rows: ByteRows, places: some RandomAccessCollection<Int>, _ component: VectorComponent,
    measure: VectorMeasure
  ) {
    let dimension = rows.byteCount / component.byteCount
    precondition(
      rows.byteCount == dimension * component.byteCount, "a row of \(rows.byteCount) bytes")
    // Distances stay the same, and products round less, if bytes are counted from their middle.
    let origin: Float = if case .euclidean = measure { 128 } else { 0 }
    let count = places.count * dimension
    let values = unsafe [Float](unsafeUninitializedCapacity: count) { values, initializedCount in
      for (row, place) in places.enumerated() {
        unsafe rows[place].withUnsafeBytes { bytes in
          for index in 0..<dimension {
            unsafe values[row * dimension + index] =
              switch component {
              case .uint8: unsafe Float(bytes[index]) - origin
              case .float32: unsafe float(bytes, at: index * 4)
              }
          }
        }
      }
      initializedCount = count
    }
    self.measure = measure
    self.rows = Rows(count: places.count, dimension: dimension, values: values)
    squaredNorms = self.rows.squaredNorms()
  }

  /// The similarity of two rows; what every join finds again, bit for bit.
  ///
  /// In double precision and in one order, whatever the processor.
  public func similarity(_ first: Int, _ second: Int) -> Double {
    similarity(first, self, second)
  }

  /// The similarity of a row and one of other rows of the same measure.
  func similarity(_ row: Int, _ other: VectorRows, _ otherRow: Int) -> Double {
    switch measure {
    case .cosine:
      VectorMeasure.cosine(
        innerProduct: rows.innerProduct(row, other.rows, otherRow), squaredNorms[row],
        other.squaredNorms[otherRow])
    case .euclidean(let unit):
      1 / (1 + rows.squaredDistance(row, other.rows, otherRow).squareRoot() / unit)
    }
  }
}

extension VectorRows {
  /// Lengths whose products, and the errors of these, are far from the ends of single precision.
  static let boundedNorms = 0x1p-50...0x1p50

  /// How far a product of two rows in single precision, after a few more roundings, may be from the true
  /// one, over the product of both rows' lengths.
  var productError: Double { Double(rows.productError) + ProductBounds.roundings }

  /// Where the similarity of a row and another lies, their product in single precision being known.
  func similarities(
    _ row: Int, _ other: VectorRows, _ otherRow: Int, product: Float
  ) -> ClosedRange<Double> {
    let squares = (squaredNorms[row], other.squaredNorms[otherRow])
    let norms = (squares.0.squareRoot(), squares.1.squareRoot())
    guard Self.boundedNorms.contains(norms.0), Self.boundedNorms.contains(norms.1) else {
      return 0...1
    }
    let error = productError * norms.0 * norms.1
    switch measure {
    case .cosine:
      func cosine(_ product: Double) -> Double { min(max(product / (norms.0 * norms.1), 0), 1) }
      return cosine(Double(product) - error)...cosine(Double(product) + error)
    case .euclidean(let unit):
      let square = squares.0 + squares.1 - 2 * Double(product)
      // Of the lengths, too, which are sums in double precision.
      let squareError = 2 * error + 0x1p-36 * (squares.0 + squares.1)
      func similarity(_ square: Double) -> Double { 1 / (1 + max(square, 0).squareRoot() / unit) }
      return similarity(square + squareError)...similarity(square - squareError)
    }
  }
}

/// A float of 32 bits, little endian.
private func float(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Float {
  let bits = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
  return Float(bitPattern: UInt32(littleEndian: bits))
}
