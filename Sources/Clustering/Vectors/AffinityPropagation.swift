import LinearAlgebra

/// Affinity propagation: rows agree by messages on which of them stand for the others (Frey and Dueck
/// 2007).
///
/// Similarities are negative squared distances. The number of clusters follows from the preference.
/// Memory is quadratic in the rows. The same input gives the same bits on every processor.
public struct AffinityPropagation: Sendable {
  /// How much of a message is kept from one iteration to the next, from 0.5 up to 1, not included; the
  /// more, the slower and the surer it settles.
  public var damping = 0.5
  /// The similarity of each row with itself: the larger, the more clusters.
  ///
  /// Nil: the median of all similarities, the 0 of each row with itself among them, as scikit-learn
  /// takes it.
  public var preference: Double?
  /// Iterations at most.
  public var iterationLimit = 200
  /// It ends where the same rows have been exemplars for so many iterations.
  public var steadyIterationCount = 15
  /// What the noise starts from that parts equal similarities, 2⁻⁵² of each at most.
  public var seed: UInt64 = 0

  /// The usual settings.
  public init() {}

  /// The memory that ``cluster(_:checkpoint:)`` takes besides the rows.
  ///
  /// - Returns: bytes, 24 n² + 64 n; the caller refuses what is over its limit.
  public static func memoryBytes(rowCount: Int) -> Int {
    24 * rowCount * rowCount + 64 * rowCount
  }

  /// Clusters `rows`.
  ///
  /// - Parameter checkpoint: called for each row of each iteration; what it throws ends the work.
  /// - Returns: exemplars and their clusters; where iterations ran out before the exemplars settled, the
  ///   last ones, which the result says.
  /// - Complexity: O(n²·(d + iterations)) time; `memoryBytes(rowCount:)`.
  public func cluster(
    _ rows: Rows, checkpoint: () throws -> Void
  ) rethrows -> AffinityPropagationResult {
    precondition((0.5..<1).contains(damping) && steadyIterationCount > 0)
    var similarities = try rows.negativeSquaredDistances(checkpoint)
    let preference = preference ?? similarities.medianOfNegativeDistances()
    for row in 0..<rows.count { similarities[row, row] = preference }
    if let only = similarities.exemplarsOfEqualSimilarities() {
      return AffinityPropagationResult(
        similarities: similarities, exemplars: only, iterationCount: 0, isConverged: true)
    }
    var messages = AffinityMessages(similarities: similarities.parted(seed: seed))
    var steady = 0
    var exemplars: [Int] = []
    for iteration in 1...max(1, iterationLimit) {
      let last = exemplars
      exemplars = try messages.exchange(damping: damping, checkpoint)
      steady = iteration > 1 && exemplars == last ? steady + 1 : 1
      if steady >= steadyIterationCount, iteration > steadyIterationCount, !exemplars.isEmpty {
        return AffinityPropagationResult(
          similarities: messages.similarities, exemplars: exemplars, iterationCount: iteration,
          isConverged: true)
      }
    }
    return AffinityPropagationResult(
      similarities: messages.similarities, exemplars: exemplars, iterationCount: iterationLimit,
      isConverged: false)
  }
}

/// Responsibilities and availabilities of all pairs.
private struct AffinityMessages {
  let similarities: Matrix
  private var responsibilities: Matrix
  private var availabilities: Matrix

  init(similarities: Matrix) {
    self.similarities = similarities
    responsibilities = Matrix(
      rowCount: similarities.rowCount, columnCount: similarities.columnCount)
    availabilities = responsibilities
  }

  /// One iteration.
  ///
  /// - Returns: the rows that then want to be exemplars, ascending.
  mutating func exchange(damping: Double, _ checkpoint: () throws -> Void) rethrows -> [Int] {
    let size = similarities.rowCount
    var sums = [Double](repeating: 0, count: size)
    for row in 0..<size {
      try checkpoint()
      respond(row, damping: damping, sums: &sums)
    }
    for row in 0..<size {
      try checkpoint()
      offer(row, damping: damping, sums: sums)
    }
    return (0..<size).filter { responsibilities[$0, $0] + availabilities[$0, $0] > 0 }
  }

  /// How well each column would serve a row as exemplar, next to the best other; `sums` gains what is
  /// positive, and what the row thinks of itself.
  private mutating func respond(_ row: Int, damping: Double, sums: inout [Double]) {
    let size = similarities.rowCount
    let range = row * size..<(row + 1) * size
    unsafe similarities.values.withUnsafeBufferPointer { similarities in
      unsafe availabilities.values.withUnsafeBufferPointer { availabilities in
        var (best, largest, second) = (0, -Double.infinity, -Double.infinity)
        for index in range {
          let value = unsafe similarities[index] + availabilities[index]
          if value > largest {
            (best, largest, second) = (index, value, largest)
          } else if value > second {
            second = value
          }
        }
        unsafe responsibilities.values.withUnsafeMutableBufferPointer { responsibilities in
          for index in range {
            let rival = index == best ? second : largest
            let value =
              unsafe damping * responsibilities[index]
              + (1 - damping) * (similarities[index] - rival)
            unsafe responsibilities[index] = value
            sums[index - range.lowerBound] +=
              index - range.lowerBound == row ? value : max(0, value)
          }
        }
      }
    }
  }

  /// How much the other rows speak for each column as a row's exemplar.
  private mutating func offer(_ row: Int, damping: Double, sums: [Double]) {
    let size = similarities.rowCount
    unsafe responsibilities.values.withUnsafeBufferPointer { responsibilities in
      unsafe availabilities.values.withUnsafeMutableBufferPointer { availabilities in
        for column in 0..<size {
          let index = row * size + column
          let value = unsafe responsibilities[index]
          let offer =
            column == row ? sums[column] - value : min(0, sums[column] - max(0, value))
          unsafe availabilities[index] = damping * availabilities[index] + (1 - damping) * offer
        }
      }
    }
  }
}

extension Rows {
  fileprivate func negativeSquaredDistances(_ checkpoint: () throws -> Void) rethrows -> Matrix {
    var result = Matrix(rowCount: count, columnCount: count)
    for first in 0..<count {
      try checkpoint()
      for second in (first + 1)..<max(count, first + 1) {
        let value = -squaredDistance(first, second)
        result[first, second] = value
        result[second, first] = value
      }
    }
    return result
  }
}

extension Matrix {
  /// The median of a symmetric matrix of zeros on the diagonal and nothing above 0 beside it.
  fileprivate func medianOfNegativeDistances() -> Double {
    var upper: [Double] = []
    upper.reserveCapacity(values.count / 2)
    for row in 0..<rowCount { upper += self[row: row].dropFirst(row + 1) }
    upper.sort()
    // In the order of all values each of `upper` stands twice, and the zeros are the last.
    let ranked: (Int) -> Double = { $0 / 2 < upper.count ? upper[$0 / 2] : 0 }
    guard !values.isEmpty else { return 0 }
    return (ranked((values.count - 1) / 2) + ranked(values.count / 2)) / 2
  }

  /// The exemplars where all pairs are equally similar, which messages would not part: all rows where
  /// the preference is larger, or else the first; nil where pairs differ.
  fileprivate func exemplarsOfEqualSimilarities() -> [Int]? {
    guard rowCount > 1 else { return Array(0..<rowCount) }
    for row in 0..<rowCount {
      for column in 0..<rowCount where column != row && self[row, column] != self[0, 1] {
        return nil
      }
    }
    return self[0, 0] > self[0, 1] ? Array(0..<rowCount) : [0]
  }

  /// Values with a little noise, so that no two are equal for long.
  fileprivate consuming func parted(seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    for index in values.indices {
      let noise = 2 * generator.uniform() - 1
      values[index] += (values[index] * 0x1p-52 + 100 * .leastNormalMagnitude) * noise
    }
    return self
  }
}
