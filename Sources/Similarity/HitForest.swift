import Clustering

/// How the kernels write a hit: `distance << 48 | lower node << 24 | higher node`.
///
/// The nodes of a tile, its rows and then its columns, are ordered by image: so hits, compared as
/// integers, are in `Link`'s order.
enum Hit {
  static func distance(_ hit: UInt64) -> Int { Int(hit >> 48) }
  static func lower(_ hit: UInt64) -> UInt32 { UInt32(hit >> 24 & 0xff_ffff) }
  static func higher(_ hit: UInt64) -> UInt32 { UInt32(hit & 0xff_ffff) }
}

/// The forest of the hits of one tile, in the tile's own numbers.
///
/// Kruskal's algorithm over the waiting hits and the forest so far; since a tile of near-duplicates
/// may have a thousand million hits, they are sorted by distance in one pass, and only those that
/// closer pairs have not joined already are sorted further.
struct HitForest {
  /// Links of the forest; they are the first of the buffer, sorted.
  private(set) var linkCount = 0

  let nodeCount: Int
  private var sets: DisjointSets
  private var byDistance: [UInt64] = []
  private var ends: [Int]

  /// Makes an empty forest.
  init(nodeCount: Int, maximumDistance: Int) {
    self.nodeCount = nodeCount
    sets = DisjointSets(count: nodeCount)
    ends = Array(repeating: 0, count: maximumDistance + 1)
  }

  /// Reduces `hits[..<count]`, the forest so far included, to a forest at the front.
  mutating func reduce(_ hits: inout [UInt64], count: Int) {
    groupByDistance(hits[..<count])
    sets.reset()
    linkCount = 0
    var start = 0
    for end in ends {
      let undecided = dropJoined(start..<end)
      byDistance[start..<undecided].sort()
      for position in start..<undecided {
        let hit = byDistance[position]
        if sets.join(Hit.lower(hit), Hit.higher(hit)) == nil { continue }
        hits[linkCount] = hit
        linkCount += 1
      }
      start = end
    }
  }

  /// Moves the hits whose ends are not joined yet to the front of a range; returns their end.
  private mutating func dropJoined(_ range: Range<Int>) -> Int {
    var end = range.lowerBound
    for position in range {
      let hit = byDistance[position]
      if sets.root(of: Hit.lower(hit)) == sets.root(of: Hit.higher(hit)) { continue }
      byDistance[end] = hit
      end += 1
    }
    return end
  }

  /// Fills `byDistance`; the hits at distance d end at `ends[d]`.
  private mutating func groupByDistance(_ hits: ArraySlice<UInt64>) {
    if byDistance.count < hits.count { byDistance = Array(repeating: 0, count: hits.count) }
    for distance in ends.indices { ends[distance] = 0 }
    for hit in hits { ends[Hit.distance(hit)] += 1 }
    var start = 0
    for distance in ends.indices {
      (ends[distance], start) = (start, start + ends[distance])
    }
    for hit in hits {
      let distance = Hit.distance(hit)
      byDistance[ends[distance]] = hit
      ends[distance] += 1
    }
  }
}

extension HitForest {
  /// Components of the forest at a few distances, by which the kernel drops hits.
  struct Levels {
    /// For each distance of a hit, the level to look at, or -1.
    var levelOfDistance: [Int32]
    /// How many levels there are.
    var count = 0
    /// The component of each node at each level, `count` labels a node.
    var labels: [UInt32] = []
  }

  /// Where the levels lie among the forest's links.
  ///
  /// A hit is tried at the last level below its distance; copies with a few bits changed lie at all
  /// of a cluster's distances, so levels do too.
  private static let levelShares = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.97, 1]

  /// Levels for the forest at the front of `hits`.
  ///
  /// A hit at distance d whose ends have one label at a level below d is joined by closer pairs: it
  /// cannot enter the forest, now or later.
  func levels(_ hits: [UInt64]) -> Levels {
    var levels = Levels(levelOfDistance: Array(repeating: -1, count: ends.count))
    if linkCount == 0 { return levels }
    var distances: [Int] = []
    for share in Self.levelShares {
      let distance = Hit.distance(hits[Int(Double(linkCount - 1) * share)])
      if distances.last != distance { distances.append(distance) }
    }
    levels.count = distances.count
    levels.labels = Array(repeating: 0, count: nodeCount * distances.count)
    var sets = DisjointSets(count: nodeCount)
    var position = 0
    for (level, distance) in distances.enumerated() {
      while position < linkCount, Hit.distance(hits[position]) <= distance {
        sets.join(Hit.lower(hits[position]), Hit.higher(hits[position]))
        position += 1
      }
      for node in 0..<nodeCount {
        levels.labels[node * distances.count + level] = sets.root(of: UInt32(node))
      }
      for farther in (distance + 1)..<max(ends.count, distance + 1) {
        levels.levelOfDistance[farther] = Int32(level)
      }
    }
    return levels
  }
}
