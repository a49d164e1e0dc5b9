import LinearAlgebra

/// Which rows are within a radius of each other, block by block.
///
/// A product in single precision decides most pairs, its rounding bounded; the rest is measured in
/// double precision.
struct RadiusSearch {
  private let rows: Rows
  private let squaredRadius: Double
  /// Half of each row's squared norm, and what products and sums may be off by, relative to it.
  private let halfNorms: [Double]
  private let slack: Double
  /// The least that half of the norm can be, negative.
  private let added: [Float]
  private var block = ProductBlock()
  private var queries = 0..<0
  private var columns = 0..<0

  init(_ rows: Rows, radius: Double) {
    self.rows = rows
    squaredRadius = radius * radius
    // The product is off by productError |a||b|, which is at most as much of half of |a|² + |b|²;
    // the sums by five times 2⁻²⁴.
    let slack = Double(rows.productError) + 8 * 0x1p-24
    self.slack = slack
    halfNorms = rows.squaredNorms().map { $0 / 2 }
    added = halfNorms.map { Float(-$0 * (1 - slack)) }
  }

  /// Looks at the pairs of two ranges, each no longer than `ProductBlock.side`.
  mutating func look(at queries: Range<Int>, _ columns: Range<Int>) {
    (self.queries, self.columns) = (queries, columns)
    block.multiply(rows, queries, rows, columns)
  }

  /// The rows of the columns that may be within the radius of a query, ascending.
  mutating func candidates(for query: Int) -> [Int] {
    // Half of the squared distance is half of both norms less the product.
    let least = halfNorms[query] * (1 - slack) - squaredRadius / 2 * (1 + 0x1p-20)
    return block.columns(
      inRow: query - queries.lowerBound, adding: added, from: columns.lowerBound,
      atLeast: Float(least).nextDown
    ).map { columns.lowerBound + Int($0) }
  }

  /// Whether a candidate is within the radius.
  func isNear(_ query: Int, _ other: Int) -> Bool {
    let product = Double(block[query - queries.lowerBound, other - columns.lowerBound])
    let norms = halfNorms[query] + halfNorms[other]
    if 2 * (norms * (1 + slack) - product) <= squaredRadius { return true }
    return rows.squaredDistance(query, other) <= squaredRadius
  }
}
