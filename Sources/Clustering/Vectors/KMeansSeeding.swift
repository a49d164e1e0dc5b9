import Foundation
import LinearAlgebra

/// First centers by k-means++ (Arthur and Vassilvitskii 2007), then as many tries to swap one for a
/// better (Lattanzi and Sohler 2019).
///
/// A row is drawn as often as its squared distance to the nearest center so far is of their sum over
/// all rows. Of 2 + ln k rows so drawn the one counts that leaves the least sum: their greedy variant.
/// Once there are k centers, the best of as many rows takes the place of the center that it makes the
/// least needed, where that leaves a lower sum. That parts clusters that share a center, and joins those
/// that have two, which Lloyd's iteration cannot.
enum KMeansSeeding {
  /// Draws different centers among the rows, if there are as many different ones.
  ///
  /// - Complexity: O(n·k·log k·d) time; 24 bytes a row, and 4 for each row drawn at once.
  static func centers(
    of rows: Rows, count: Int, generator: inout SeededGenerator, checkpoint: () throws -> Void
  ) rethrows -> Rows {
    let drawCount = 2 + Int(log(Double(count)))
    var reach = CenterReach(rows: rows)
    try reach.measure([generator.below(rows.count)], checkpoint)
    reach.add(0)
    while reach.centers.count < count {
      try reach.measure(reach.draw(drawCount, generator: &generator), checkpoint)
      reach.add(reach.trials().best)
    }
    // A single center is moved to the mean, wherever it is.
    guard count > 1 else { return rows.gathered(reach.centers) }
    for _ in 0..<count {
      try reach.measure(reach.draw(drawCount, generator: &generator), checkpoint)
      if let swap = reach.trials().bestSwap(losses: reach.losses()) {
        try reach.replace(swap.center, by: swap.candidate, checkpoint)
      }
    }
    return rows.gathered(reach.centers)
  }
}

/// What rows would change as centers, each by itself.
struct CenterTrials {
  /// How much the sum of squared distances to the nearest center would fall.
  var gains: [Double]
  /// For each candidate, and each center there is, how much less that center would be missed.
  var reliefs: Matrix

  init(candidateCount: Int, centerCount: Int) {
    gains = Array(repeating: 0, count: candidateCount)
    reliefs = Matrix(rowCount: candidateCount, columnCount: centerCount)
  }

  /// The candidate of the largest gain, the first of equal ones.
  var best: Int { gains.indices.min { gains[$0] > gains[$1] } ?? 0 }

  /// The candidate and the center that it should replace, the first of equal ones, where the sum would
  /// fall.
  func bestSwap(losses: [Double]) -> (candidate: Int, center: Int)? {
    var (best, swap) = (0.0, (candidate: Int, center: Int)?.none)
    for candidate in gains.indices {
      for center in losses.indices {
        let gain = gains[candidate] + reliefs[candidate, center] - losses[center]
        if gain > best { (best, swap) = (gain, (candidate, center)) }
      }
    }
    return swap
  }
}
