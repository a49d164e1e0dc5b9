import LinearAlgebra

/// The two nearest centers of each row, while rows become centers and cease to be.
///
/// Squared distances are in single precision, the same on every processor; sums over rows in double.
struct CenterReach {
  /// The nearest centers of a row, and their squared distances.
  private struct Standing {
    var first = Float.infinity
    var second = Float.infinity
    var firstCenter: Int32 = 0
    var secondCenter: Int32 = 0

    mutating func take(_ squared: Float, _ center: Int32) {
      if squared < first {
        (second, secondCenter) = (first, firstCenter)
        (first, firstCenter) = (squared, center)
      } else if squared < second {
        (second, secondCenter) = (squared, center)
      }
    }
  }

  /// Rows that are measured between two checkpoints.
  private static let blockSize = 1024

  private let rows: Rows
  /// The rows that are centers.
  private(set) var centers: [Int] = []
  private var standings: [Standing]
  /// Rows on trial, and the squared distance of each row to each of them.
  private var candidates: [Int] = []
  private var distances: [Float] = []

  init(rows: Rows) {
    self.rows = rows
    standings = Array(repeating: Standing(), count: rows.count)
  }

  /// Rows drawn by their squared distance to the nearest center; the last row where all are 0.
  func draw(_ count: Int, generator: inout SeededGenerator) -> [Int] {
    var sum = 0.0
    let sums = standings.map { standing in
      sum += Double(standing.first)
      return sum
    }
    return (0..<count).map { _ in
      let target = generator.uniform() * sum
      var (low, high) = (0, sums.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > target { high = middle } else { low = middle + 1 }
      }
      return low
    }
  }

  /// Measures all rows to candidates.
  mutating func measure(_ candidates: [Int], _ checkpoint: () throws -> Void) rethrows {
    self.candidates = candidates
    let count = rows.count * candidates.count
    if distances.count < count { distances = Array(repeating: 0, count: count) }
    let points = rows.gathered(candidates)
    for start in stride(from: 0, to: rows.count, by: Self.blockSize) {
      try checkpoint()
      rows.squaredDistances(
        start..<min(rows.count, start + Self.blockSize), to: points, into: &distances,
        at: start * points.count)
    }
  }

  /// What each measured candidate would change as a center.
  func trials() -> CenterTrials {
    let (candidateCount, centerCount) = (candidates.count, centers.count)
    var trials = CenterTrials(candidateCount: candidateCount, centerCount: centerCount)
    unsafe distances.withUnsafeBufferPointer { distances in
      unsafe trials.gains.withUnsafeMutableBufferPointer { gains in
        unsafe trials.reliefs.values.withUnsafeMutableBufferPointer { reliefs in
          for (row, standing) in standings.enumerated() {
            for candidate in 0..<candidateCount {
              let squared = unsafe distances[row * candidateCount + candidate]
              guard squared < standing.second else { continue }
              let nearest = max(standing.first, squared)
              let center = Int(standing.firstCenter)
              unsafe gains[candidate] += Double(nearest) - Double(squared)
              unsafe reliefs[candidate * centerCount + center] +=
                Double(standing.second) - Double(nearest)
            }
          }
        }
      }
    }
    return trials
  }

  /// How much the sum of squared distances would rise without each center.
  func losses() -> [Double] {
    var losses = [Double](repeating: 0, count: centers.count)
    for standing in standings {
      losses[Int(standing.firstCenter)] += Double(standing.second) - Double(standing.first)
    }
    return losses
  }

  /// Takes a measured candidate as one more center.
  mutating func add(_ candidate: Int) {
    let center = Int32(centers.count)
    centers.append(candidates[candidate])
    for row in standings.indices {
      standings[row].take(distances[row * candidates.count + candidate], center)
    }
  }

  /// Takes a measured candidate as a center in place of another.
  mutating func replace(
    _ center: Int, by candidate: Int, _ checkpoint: () throws -> Void
  ) rethrows {
    centers[center] = candidates[candidate]
    let points = rows.gathered(centers)
    var own = [Float](repeating: 0, count: centers.count)
    for row in standings.indices {
      if row % Self.blockSize == 0 { try checkpoint() }
      if standings[row].firstCenter == center || standings[row].secondCenter == center {
        rows.squaredDistances(row..<row + 1, to: points, into: &own)
        standings[row] = Standing()
        for (other, squared) in own.enumerated() { standings[row].take(squared, Int32(other)) }
      } else {
        standings[row].take(distances[row * candidates.count + candidate], Int32(center))
      }
    }
  }
}
