import LinearAlgebra

/// Clusters as Ward's linkage sees them, at places `0..<count`: centers and sizes.
///
/// Blocks of products in single precision rule out what cannot be nearest; the rest is measured in
/// double precision.
struct WardClusters {
  private(set) var count: Int
  private var centers: Matrix
  private var sizes: [Double]
  /// The lowest row of each cluster.
  private var names: [UInt32]
  /// Centers and sizes once more, for products.
  private var floats: Rows
  private var floatSizes: [Float]
  /// Half of the squared norm of each center, less what products and sums may be off by.
  private var halfNorms: [Float]
  private let slack: Double
  private var block = ProductBlock()

  init(_ rows: Rows) {
    count = rows.count
    centers = Matrix(rows)
    sizes = Array(repeating: 1, count: count)
    names = (0..<UInt32(count)).map { $0 }
    floats = rows
    floatSizes = Array(repeating: 1, count: count)
    halfNorms = Array(repeating: 0, count: count)
    // Of |a||b|, which is at most half of |a|² + |b|²: the product's own rounding; twice 2⁻²⁴ for
    // that of the centers to single precision, six for the sums. Two more to be safe.
    slack = Double(rows.productError) + 10 * 0x1p-24
    moveOriginToMean()
    for place in 0..<count { updateProductSide(of: place) }
    precondition(halfNorms.allSatisfy(\.isFinite), "rows too long for single precision")
  }

  /// Makes one cluster of two, at the place of the first.
  mutating func merge(_ place: Int, _ other: Int) -> Edge {
    let edge = Edge(
      names[place], names[other], weight: 2 * quarter(place, other).squareRoot())
    let size = sizes[place] + sizes[other]
    let (share, otherShare) = (sizes[place] / size, sizes[other] / size)
    for column in 0..<centers.columnCount {
      centers[place, column] =
        share * centers[place, column] + otherShare * centers[other, column]
    }
    sizes[place] = size
    names[place] = edge.a
    updateProductSide(of: place)
    return edge
  }

  /// Gives up all places but some, ascending, which close up.
  mutating func keep(_ kept: [Int]) {
    let dimension = centers.columnCount
    for (place, old) in kept.enumerated() where place != old {
      sizes[place] = sizes[old]
      names[place] = names[old]
      floatSizes[place] = floatSizes[old]
      halfNorms[place] = halfNorms[old]
      for column in 0..<dimension {
        centers.values[place * dimension + column] = centers.values[old * dimension + column]
        floats.values[place * dimension + column] = floats.values[old * dimension + column]
      }
    }
    count = kept.count
  }

  /// The nearest cluster of each of some places.
  ///
  /// Equally near ones are told apart by the bits in which the lowest rows differ: so all of n
  /// equal rows find partners at once, and merge in log₂ n rounds.
  ///
  /// - Parameter hints: for some places another that is not far.
  mutating func nearest(
    of seeking: [Int], hints: [Int?], checkpoint: () throws -> Void
  ) rethrows -> [Int] {
    var found: [Int] = []
    found.reserveCapacity(seeking.count)
    for start in stride(from: 0, to: seeking.count, by: ProductBlock.side) {
      let places = seeking[start..<min(seeking.count, start + ProductBlock.side)]
      var best = places.map { place in
        hints[place].map { Candidate(place: $0, quarter: quarter(place, $0)) } ?? .none
      }
      let seekers = floats.gathered(places)
      for from in stride(from: 0, to: count, by: ProductBlock.side) {
        let columns = from..<min(count, from + ProductBlock.side)
        block.multiply(seekers, 0..<places.count, floats, columns)
        for (row, place) in places.enumerated() {
          if row & 63 == 0 { try checkpoint() }
          look(for: place, row: row, among: columns, &best[row])
        }
      }
      found += best.map(\.place)
    }
    return found
  }

  private struct Candidate {
    let place: Int
    let quarter: Double

    static let none = Candidate(place: -1, quarter: .infinity)
  }

  /// Measures what may be nearer to `place` than the best so far.
  private mutating func look(
    for place: Int, row: Int, among columns: Range<Int>, _ best: inout Candidate
  ) {
    if columns.contains(place) { block[row, place - columns.lowerBound] = -.infinity }
    let largest = block.turnToWardNearness(
      row: row, halfNorms: halfNorms, sizes: floatSizes, from: columns.lowerBound,
      halfNorm: halfNorms[place], size: floatSizes[place])
    guard largest >= Self.leastNearness(best.quarter), largest > -.infinity else { return }
    // The most promising first, so that few others are left.
    for least in [largest, nil] {
      let least = least ?? Self.leastNearness(best.quarter)
      for column in block.columns(inRow: row, atLeast: least) {
        let other = columns.lowerBound + Int(column)
        let candidate = Candidate(place: other, quarter: quarter(place, other))
        if isNearer(candidate, than: best, to: place) { best = candidate }
      }
    }
  }

  /// What the nearness of a cluster at this distance, or nearer, is at least: the last
  /// multiplications round by four times 2⁻²⁴.
  private static func leastNearness(_ quarter: Double) -> Float {
    Float(-quarter * (1 + 0x1p-20)).nextDown
  }

  private func isNearer(_ left: Candidate, than right: Candidate, to place: Int) -> Bool {
    if left.quarter != right.quarter { return left.quarter < right.quarter }
    return names[left.place] ^ names[place] < names[right.place] ^ names[place]
  }

  /// A quarter of Ward's squared distance.
  private func quarter(_ place: Int, _ other: Int) -> Double {
    sizes[place] * sizes[other] / (sizes[place] + sizes[other])
      * (centers.squaredDistance(place, other) / 2)
  }

  /// Differences are smaller than the rows, and with them the rounding of products.
  private mutating func moveOriginToMean() {
    for column in 0..<centers.columnCount {
      var sum = 0.0
      for row in 0..<count { sum += centers[row, column] }
      let mean = sum / Double(max(1, count))
      for row in 0..<count { centers[row, column] -= mean }
    }
  }

  private mutating func updateProductSide(of place: Int) {
    let dimension = centers.columnCount
    var norm = 0.0
    for column in 0..<dimension {
      let component = centers.values[place * dimension + column]
      norm += component * component
      floats.values[place * dimension + column] = Float(component)
    }
    halfNorms[place] = Float(norm / 2 * (1 - slack))
    floatSizes[place] = Float(sizes[place])
  }
}
