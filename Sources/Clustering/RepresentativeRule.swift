/// Which member stands for a cluster; ties go to the lower image number.
public enum RepresentativeRule: String, CaseIterable, Sendable {
  /// The lowest image number.
  case first
  /// The member with the lowest sum of distances to the others (in clusters of more than
  /// `medoidMemberLimit`, among and to a fixed sample of the members).
  case medoid
  /// The picture with the most pixels.
  case largest

  /// How many members a medoid is sought among at most.
  ///
  /// 1,024 members are half a million distances, a few milliseconds for bit strings. Of a larger
  /// cluster, members at even steps are the sample, the first among them.
  public static let medoidMemberLimit = 1024

  /// The representative of a cluster.
  ///
  /// - Parameters:
  ///   - members: image numbers, ascending, at least one.
  ///   - pixelCount: width times height of an image; asked by `largest` only.
  ///   - distances: of the images at two positions of those given; asked by `medoid` only. Integers, so
  ///     that no sum rounds.
  /// - Complexity: O(n); `medoid` asks for min(n, limit)² / 2 distances.
  public func representative(
    of members: some RandomAccessCollection<UInt32>, pixelCount: (UInt32) -> Int,
    distances: ([UInt32]) throws -> (Int, Int) -> Int
  ) rethrows -> UInt32 {
    guard let lowest = members.first else { preconditionFailure("a cluster without members") }
    switch self {
    case .first: return lowest
    case .largest:
      var (best, bestCount) = (lowest, pixelCount(lowest))
      for member in members.dropFirst() {
        let count = pixelCount(member)
        if count > bestCount { (best, bestCount) = (member, count) }
      }
      return best
    case .medoid:
      let sample = Self.sample(members)
      return Self.medoid(of: sample, try distances(sample))
    }
  }

  private static func sample(_ members: some RandomAccessCollection<UInt32>) -> [UInt32] {
    if members.count <= medoidMemberLimit { return Array(members) }
    return (0..<medoidMemberLimit).map { step in
      let offset = step * members.count / medoidMemberLimit
      return members[members.index(members.startIndex, offsetBy: offset)]
    }
  }

  private static func medoid(
    of members: [UInt32], _ distance: (Int, Int) -> Int
  ) -> UInt32 {
    var sums = [Int](repeating: 0, count: members.count)
    for first in members.indices {
      for second in members.indices[(first + 1)...] {
        let distance = distance(first, second)
        sums[first] += distance
        sums[second] += distance
      }
    }
    var best = 0
    for position in members.indices where sums[position] < sums[best] { best = position }
    return members[best]
  }
}
