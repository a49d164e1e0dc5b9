/// Which member stands for a cluster; ties go to the lower image number.
public enum RepresentativeRule: String, CaseIterable, Sendable {
  /// The lowest image number.
  case first
  /// The member with the highest sum of similarities to the others (in clusters of more than
  /// `medoidMemberLimit`, among and to a fixed sample of the members).
  case medoid
  /// The picture with the most pixels.
  case largest

  /// How many members a medoid is sought among at most.
  ///
  /// 1,024 members are half a million similarities, a few milliseconds for bit strings. Of a larger
  /// cluster, members at even steps are the sample, the first among them.
  public static let medoidMemberLimit = 1024

  /// The representative of a cluster.
  ///
  /// - Parameters:
  ///   - members: image numbers, ascending, at least one.
  ///   - pixelCount: width times height of an image; asked by `largest` only.
  ///   - similarity: of two images; asked by `medoid` only.
  /// - Complexity: O(n); `medoid` asks for min(n, limit)² / 2 similarities.
  public func representative(
    of members: some RandomAccessCollection<UInt32>, pixelCount: (UInt32) -> Int,
    similarity: (UInt32, UInt32) -> Double
  ) -> UInt32 {
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
    case .medoid: return Self.medoid(of: Self.sample(members), similarity)
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
    of members: [UInt32], _ similarity: (UInt32, UInt32) -> Double
  ) -> UInt32 {
    var sums = [Double](repeating: 0, count: members.count)
    for first in members.indices {
      for second in members.indices[(first + 1)...] {
        let similarity = similarity(members[first], members[second])
        sums[first] += similarity
        sums[second] += similarity
      }
    }
    var best = 0
    for position in members.indices where sums[position] > sums[best] { best = position }
    return members[best]
  }
}
