import LinearAlgebra

/// What the product of two rows, off by what single precision may make it, is at least where their
/// similarity is at or above a floor.
///
/// For rows a and b that is `scales[a] · factors[b] + offsets[b] + constants[a]`:
///
/// - cosine: (floor - e) |a| |b|,
/// - Euclidean, of a distance at most r: ½|a|² + ½|b|² - ½r² - e |a| |b|,
///
/// where e is `Rows.productError` and four roundings of the bound itself, which is computed in single
/// precision too. A row whose length is so small or large that products could leave the range of
/// single precision, and a floor of 0, are not bounded: the bound is then -infinity.
struct ProductBounds {
  private(set) var scales: [Float] = []
  private(set) var constants: [Float] = []
  private(set) var factors: [Float] = []
  private(set) var offsets: [Float] = []

  /// Of a few roundings in single precision, one after another.
  static let roundings = 0x1p-22

  /// The bounds of some rows, as rows of a tile and as columns.
  init(_ rows: VectorRows, floor: Double) {
    let error = rows.productError
    for squaredNorm in rows.squaredNorms {
      let norm = squaredNorm.squareRoot()
      guard floor > 0, VectorRows.boundedNorms.contains(norm) else {
        append(scale: 0, constant: -.infinity, factor: 0, offset: -.infinity)
        continue
      }
      switch rows.measure {
      case .cosine: append(scale: (floor - error) * norm, constant: 0, factor: norm, offset: 0)
      case .euclidean(let unit):
        let reach = Self.reach(floor: floor, unit: unit)
        let (half, halfReach) = (squaredNorm / 2, reach * reach / 2)
        append(
          scale: -error * norm,
          constant: half - halfReach - Self.roundings * (half + halfReach),
          factor: norm, offset: half - Self.roundings * half)
      }
    }
  }

  private mutating func append(scale: Double, constant: Double, factor: Double, offset: Double) {
    scales.append(Float(scale))
    constants.append(Float(constant))
    factors.append(Float(factor))
    offsets.append(Float(offset))
  }

  /// The longest distance with a similarity at or above the floor, and a little more than it and the
  /// similarity may be off by in double precision.
  private static func reach(floor: Double, unit: Double) -> Double {
    unit * ((1 + 0x1p-30) / floor - 1)
  }
}
