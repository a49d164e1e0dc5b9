import LinearAlgebra

/// Points of the plane, one for each row.
public struct PlaneEmbedding: Equatable, Sendable {
  /// x and y of each: point r lies at (`values[2 * r]`, `values[2 * r + 1]`).
  public let values: [Float]

  /// Takes `values` as points.
  ///
  /// - Precondition: pairs of x and y, all finite.
  public init(_ values: [Float]) {
    precondition(values.count % 2 == 0, "\(values.count) values for points of the plane")
    self.values = values
  }

  /// How many there are.
  public var count: Int { values.count / 2 }

  /// One point.
  public subscript(row: Int) -> SIMD2<Float> { SIMD2(values[2 * row], values[2 * row + 1]) }

  /// The points as rows of two components.
  public var rows: Rows { Rows(count: count, dimension: 2, values: values) }
}
