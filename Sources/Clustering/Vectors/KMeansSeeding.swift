import Foundation
import LinearAlgebra

/// First centers by k-means++ (Arthur and Vassilvitskii 2007).
///
/// A row is drawn as often as its squared distance to the nearest center so far is of their sum over
/// all rows. Of 2 + ln k rows so drawn the one counts that leaves the least sum, the first of equal
/// ones: their greedy variant.
struct KMeansSeeding {
  /// Rows that are measured to all draws while they are in the cache.
  private static let blockSize = 512

  private let rows: Rows
  /// The squared distance of each row to the nearest center so far.
  private var potential: [Double]
  private var distances = [Double](repeating: 0, count: blockSize)

  init(rows: Rows) {
    self.rows = rows
    potential = Array(repeating: .infinity, count: rows.count)
  }

  /// Draws centers among the rows.
  ///
  /// - Complexity: O(n·k·log k·d) time; 16 bytes a row.
  mutating func centers(
    count: Int, generator: inout SeededGenerator, checkpoint: () throws -> Void
  ) rethrows -> Rows {
    let trialCount = 2 + Int(log(Double(count)))
    var chosen = [generator.below(rows.count)]
    while chosen.count < count {
      try lower(to: chosen[chosen.count - 1], checkpoint)
      let draws = draw(trialCount, generator: &generator)
      let sums = try sums(with: draws, checkpoint)
      let best = sums.indices.min { sums[$0] < sums[$1] } ?? 0
      chosen.append(draws[best])
    }
    return rows.gathered(chosen)
  }

  /// Rows drawn by their potential; the last row where all of it is used up.
  private func draw(_ count: Int, generator: inout SeededGenerator) -> [Int] {
    var sum = 0.0
    let sums = potential.map { value in
      sum += value
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

  /// Takes a center into the potential.
  private mutating func lower(to center: Int, _ checkpoint: () throws -> Void) rethrows {
    for block in blocks {
      try checkpoint()
      rows.squaredDistances(to: rows[center], block, into: &distances)
      for (offset, row) in block.enumerated() {
        potential[row] = min(potential[row], distances[offset])
      }
    }
  }

  /// What the potential would be in sum with each of these rows as a center.
  private mutating func sums(
    with draws: [Int], _ checkpoint: () throws -> Void
  ) rethrows -> [Double] {
    var sums = [Double](repeating: 0, count: draws.count)
    for block in blocks {
      try checkpoint()
      for (index, draw) in draws.enumerated() {
        rows.squaredDistances(to: rows[draw], block, into: &distances)
        var sum = 0.0
        for (offset, row) in block.enumerated() { sum += min(potential[row], distances[offset]) }
        sums[index] += sum
      }
    }
    return sums
  }

  private var blocks: some Sequence<Range<Int>> {
    stride(from: 0, to: rows.count, by: Self.blockSize).lazy.map { [count = rows.count] in
      $0..<min(count, $0 + Self.blockSize)
    }
  }
}
