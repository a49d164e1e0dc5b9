import LinearAlgebra

/// Lloyd's iteration with Hamerly's bounds (2010).
///
/// For each row there is a distance that its center is not farther than, and one that all others are
/// not nearer than. While the first is less, nothing is computed.
struct Lloyd {
  /// How much farther bounds are taken to be, over their sum: rounding of a thousand iterations.
  private static let slack = 1e-12
  /// Rows that are tested and then measured while they are in the cache.
  private static let blockSize = 1024

  let rows: Rows
  let squaredNorms: [Double]
  private(set) var centers: Rows
  /// The center of each row.
  private(set) var nearest: [Int]

  private var ownDistance: [Double]
  private var otherDistance: [Double]
  /// The sums of the rows of each center, and how many there are.
  private var sums: [Double]
  private var counts: [Int]

  init(rows: Rows, squaredNorms: [Double], centers: Rows) {
    self.rows = rows
    self.squaredNorms = squaredNorms
    self.centers = centers
    nearest = Array(repeating: -1, count: rows.count)
    ownDistance = Array(repeating: .infinity, count: rows.count)
    otherDistance = Array(repeating: 0, count: rows.count)
    sums = Array(repeating: 0, count: centers.values.count)
    counts = Array(repeating: 0, count: centers.count)
  }

  /// Moves the centers until no row changes its center, or they move too little to go on.
  ///
  /// - Returns: iterations; one that changes no row counts. Each row is with its nearest center then.
  mutating func run(
    iterationLimit: Int, shiftLimit: Double, checkpoint: () throws -> Void
  ) rethrows -> Int {
    for iteration in 0..<iterationLimit {
      let changeCount = try assign(checkpoint)
      if changeCount == 0 { return iteration + 1 }
      try fillEmpty(checkpoint)
      if move() <= shiftLimit {
        _ = try assign(checkpoint)
        return iteration + 1
      }
    }
    _ = try assign(checkpoint)
    return iterationLimit
  }

  /// Brings each row to its nearest center, and its sums with it.
  ///
  /// - Returns: how many rows changed their center.
  private mutating func assign(_ checkpoint: () throws -> Void) rethrows -> Int {
    let gaps = centers.halfDistancesToNearest()
    var search = NearestCenters(centers)
    var changeCount = 0
    for start in stride(from: 0, to: rows.count, by: Self.blockSize) {
      try checkpoint()
      let open = openRows(start..<min(rows.count, start + Self.blockSize), gaps: gaps)
      search.find(open, of: rows, squaredNorms: squaredNorms, checkpoint: {}) { match in
        ownDistance[match.row] = match.distance
        otherDistance[match.row] = match.otherDistance
        guard nearest[match.row] != match.center else { return }
        bring(match.row, to: match.center)
        changeCount += 1
      }
    }
    return changeCount
  }

  /// The rows of a range for which bounds do not tell that their center is still the nearest.
  private mutating func openRows(_ range: Range<Int>, gaps: [Double]) -> [Int] {
    var open: [Int] = []
    for row in range {
      let center = nearest[row]
      if center != -1 {
        let bound = max(gaps[center], otherDistance[row]) * (1 - Self.slack)
        if ownDistance[row] < bound { continue }
        ownDistance[row] = rows.squaredDistance(row, centers, center).squareRoot()
        if ownDistance[row] < bound { continue }
      }
      open.append(row)
    }
    return open
  }

  private mutating func bring(_ row: Int, to center: Int) {
    let old = nearest[row]
    if old != -1 {
      rows.addRow(row, scale: -1, to: &sums, at: old * rows.dimension)
      counts[old] -= 1
    }
    rows.addRow(row, scale: 1, to: &sums, at: center * rows.dimension)
    counts[center] += 1
    nearest[row] = center
  }

  /// Gives each center without rows the row that is farthest from its center, the first of equal ones.
  private mutating func fillEmpty(_ checkpoint: () throws -> Void) rethrows {
    for center in 0..<counts.count where counts[center] == 0 {
      try checkpoint()
      var (farthest, distance) = (0, 0.0)
      for row in 0..<rows.count where counts[nearest[row]] > 1 {
        let squared = rows.squaredDistance(row, centers, nearest[row])
        if squared > distance { (farthest, distance) = (row, squared) }
      }
      // There are fewer different rows than centers.
      guard distance > 0 else { return }
      bring(farthest, to: center)
      ownDistance[farthest] = .infinity
      otherDistance[farthest] = 0
    }
  }

  /// Moves each center to the mean of its rows, and the bounds with it.
  ///
  /// - Returns: the squared distances that they moved, in sum.
  private mutating func move() -> Double {
    let dimension = rows.dimension
    var moved = centers
    for center in 0..<centers.count where counts[center] > 0 {
      for index in center * dimension..<(center + 1) * dimension {
        moved.values[index] = Float(sums[index] / Double(counts[center]))
      }
    }
    let squared = (0..<centers.count).map { moved.squaredDistance($0, centers, $0) }
    centers = moved
    let shifts = squared.map { $0.squareRoot() }
    let farthest = shifts.indices.max { shifts[$0] < shifts[$1] } ?? 0
    let others = shifts.indices.lazy.filter { $0 != farthest }.map { shifts[$0] }.max() ?? 0
    for row in 0..<rows.count {
      let center = nearest[row]
      ownDistance[row] += shifts[center]
      otherDistance[row] -= center == farthest ? others : shifts[farthest]
    }
    return squared.reduce(0, +)
  }
}

extension Rows {
  /// Half the distance of each row to the nearest other one; infinite where there is none.
  fileprivate func halfDistancesToNearest() -> [Double] {
    var nearest = [Double](repeating: .infinity, count: count)
    for first in 0..<count {
      for second in (first + 1)..<max(count, first + 1) {
        let squared = squaredDistance(first, second)
        nearest[first] = min(nearest[first], squared)
        nearest[second] = min(nearest[second], squared)
      }
    }
    return nearest.map { $0.squareRoot() / 2 }
  }
}
