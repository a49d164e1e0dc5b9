import Catalog

/// The few members of a cluster that a page shows, chosen while all of them stream by.
///
/// Holds the first by path, those with the weakest links, and the representative; memory does not
/// depend on the size of the cluster.
struct MemberSelection {
  /// A member on a page, with its place in each of the two orders, or nil where it is not shown.
  struct Shown {
    let member: ClusterMember
    let isRepresentative: Bool
    let pathRank: Int?
    let weakestRank: Int?
  }

  let heading: ClusterHeading
  private let limit: Int
  private var firstMembers: [ClusterMember] = []
  private var weakestMembers: [ClusterMember] = []
  private var representative: ClusterMember?
  private(set) var memberCount = 0

  init(heading: ClusterHeading, limit: Int) {
    self.heading = heading
    self.limit = limit
  }

  mutating func append(_ member: ClusterMember) {
    memberCount += 1
    if firstMembers.count < limit { firstMembers.append(member) }
    if member.image == heading.representative { representative = member }
    // Behind its equals, so that ties stay in the order of the paths.
    let place =
      weakestMembers.firstIndex { Self.strength($0) > Self.strength(member) }
      ?? weakestMembers.endIndex
    weakestMembers.insert(member, at: place)
    if weakestMembers.count > limit { weakestMembers.removeLast() }
  }

  private static func strength(_ member: ClusterMember) -> Double { member.weakestSimilarity ?? 1 }

  /// Whether each of the two orders leaves members out.
  var isPartial: Bool { memberCount > limit }

  /// What to show: the first by path, the representative, then those that only the other order shows.
  var shown: [Shown] {
    var byPath = firstMembers
    if let representative, !byPath.contains(where: { $0.image == representative.image }) {
      byPath.append(representative)
    }
    let ranks = Dictionary(
      uniqueKeysWithValues: weakestMembers.enumerated().map { ($1.image, $0) })
    let first = byPath.enumerated().map { rank, member in
      shown(member, pathRank: rank, weakestRank: ranks[member.image])
    }
    let others = weakestMembers.filter { member in
      !byPath.contains { $0.image == member.image }
    }
    return first
      + others.map { shown($0, pathRank: nil, weakestRank: ranks[$0.image]) }
  }

  private func shown(_ member: ClusterMember, pathRank: Int?, weakestRank: Int?) -> Shown {
    Shown(
      member: member, isRepresentative: member.image == heading.representative, pathRank: pathRank,
      weakestRank: weakestRank)
  }
}
