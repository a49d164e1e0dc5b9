/// A similarity of two vectors, symmetric, from 0 to 1, and 1 for equal vectors.
public enum VectorMeasure: Hashable, Sendable {
  /// The cosine of the angle between them; below 0 counts as 0.
  ///
  /// Two vectors of length 0 are 1, one of length 0 and another 0.
  case cosine
  /// 1 / (1 + d / unit) of the Euclidean distance d: finite, in the order of distances, and a half at
  /// a distance of `unit`, which is over 0.
  case euclidean(unit: Double)

  /// The similarity where the inner product and the squared lengths are known, as `.cosine` has it.
  static func cosine(
    innerProduct: Double, _ firstSquaredNorm: Double, _ secondSquaredNorm: Double
  ) -> Double {
    if firstSquaredNorm == 0 || secondSquaredNorm == 0 {
      return firstSquaredNorm == secondSquaredNorm ? 1 : 0
    }
    // The root of a square is exact, so that equal vectors are 1.
    let cosine = innerProduct / (firstSquaredNorm * secondSquaredNorm).squareRoot()
    return min(max(cosine, 0), 1)
  }
}

/// How a component of a vector is stored.
public enum VectorComponent: Hashable, Sendable {
  /// An unsigned byte.
  case uint8
  /// A float of 32 bits, little endian, finite.
  case float32

  /// Bytes of a component.
  public var byteCount: Int {
    switch self {
    case .uint8: 1
    case .float32: 4
    }
  }
}
