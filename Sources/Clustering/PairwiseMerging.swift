/// Agglomeration over a matrix of all pairs, with exact ties: Müllner's generic algorithm (2011)
/// with a scan in place of his queue, since a component is small or refused.
///
/// A cluster lives at the position of its lowest member, so comparing positions is comparing lowest
/// numbers. Each position knows its best partner among the higher positions.
struct PairwiseMerging {
  struct Merge {
    let a: Int
    let b: Int
    let similarity: Double
  }

  private let linkage: Linkage
  private let count: Int
  private let scale: Int
  /// The distance of positions first < second, or under average linkage the sum over all pairs.
  ///
  /// Row after row of the upper triangle. Integers, so that no sum rounds: means that are equal
  /// compare equal, whatever merged before and whatever the scale.
  private var values: [Int]
  private var partners: [Int]
  private var sizes: [Int]
  /// The positions that still hold a cluster, ascending.
  private var alive: [Int]

  init(
    linkage: Linkage, count: Int, scale: Int, checkpoint: () throws -> Void,
    distance: (Int, Int) -> Int
  ) rethrows {
    self.linkage = linkage
    self.count = count
    self.scale = scale
    values = []
    values.reserveCapacity(count * max(count - 1, 0) / 2)
    for first in 0..<count {
      try checkpoint()
      for second in (first + 1)..<max(count, first + 1) {
        values.append(distance(first, second))
      }
    }
    sizes = Array(repeating: 1, count: count)
    alive = Array(0..<count)
    partners = Array(repeating: 0, count: count)
    for position in 0..<count {
      try checkpoint()
      findPartner(of: position, amongAliveFrom: position + 1)
    }
  }

  /// Merges while the best two clusters are at or above the threshold.
  ///
  /// - Returns: the positions of each cluster, ascending, by their lowest.
  mutating func clusters(
    threshold: Double, checkpoint: () throws -> Void
  ) rethrows -> [[Int]] {
    var members = (0..<count).map { [$0] }
    while let merge = bestMerge(), merge.similarity >= threshold {
      try checkpoint()
      members[merge.a] += members[merge.b]
      members[merge.b] = []
      apply(merge)
    }
    return alive.map { members[$0].sorted() }
  }

  /// The most similar two clusters, ties by the lower positions.
  private func bestMerge() -> Merge? {
    var best: Merge?
    for position in alive.dropLast() {
      let similarity = similarity(position, partners[position])
      if similarity > best?.similarity ?? -.infinity {
        best = Merge(a: position, b: partners[position], similarity: similarity)
      }
    }
    return best
  }

  private mutating func apply(_ merge: Merge) {
    for other in alive where other != merge.a && other != merge.b {
      values[index(merge.a, other)] = merged(merge, other)
    }
    sizes[merge.a] += sizes[merge.b]
    alive.removeAll { $0 == merge.b }
    for (rank, position) in alive.enumerated() {
      let partner = partners[position]
      if position == merge.a || partner == merge.a || partner == merge.b {
        if position < merge.b { findPartner(of: position, amongAliveFrom: rank + 1) }
      } else if position < merge.a {
        let (new, old) = (similarity(position, merge.a), similarity(position, partner))
        if new > old || (new == old && merge.a < partner) { partners[position] = merge.a }
      }
    }
  }

  /// The similarity of two clusters under the linkage.
  ///
  /// By the formula of two images' similarity, whose division rounds once, so the mean of equal
  /// similarities is that similarity.
  private func similarity(_ first: Int, _ second: Int) -> Double {
    let pairCount = linkage == .average ? sizes[first] * sizes[second] : 1
    return 1 - Double(values[index(first, second)]) / Double(scale * pairCount)
  }

  /// The value of a third cluster and the union of two (Lance and Williams 1967; the average's weights
  /// cancel in sums).
  private func merged(_ merge: Merge, _ other: Int) -> Int {
    let (left, right) = (values[index(merge.a, other)], values[index(merge.b, other)])
    return switch linkage {
    case .single: min(left, right)
    case .average: left + right
    case .complete: max(left, right)
    }
  }

  private mutating func findPartner(of position: Int, amongAliveFrom rank: Int) {
    var (best, bestSimilarity) = (position, -Double.infinity)
    for other in alive[rank...] {
      let similarity = similarity(position, other)
      if similarity > bestSimilarity { (best, bestSimilarity) = (other, similarity) }
    }
    partners[position] = best
  }

  private func index(_ first: Int, _ second: Int) -> Int {
    let (low, high) = (min(first, second), max(first, second))
    return low * (2 * count - low - 1) / 2 + high - low - 1
  }
}
