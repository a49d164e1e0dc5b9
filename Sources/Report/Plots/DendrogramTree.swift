/// One merge of a dendrogram.
public struct DendrogramMerge: Hashable, Sendable {
  /// What is merged: a leaf by its number, or the merge of number `i` as `leafCount + i`.
  public let first, second: Int
  /// How far apart the two were.
  public let height: Double

  /// Makes a merge of its parts.
  public init(first: Int, second: Int, height: Double) {
    (self.first, self.second, self.height) = (first, second, height)
  }
}

/// The top of a dendrogram: its last merges, and under them whole subtrees as leaves.
struct DendrogramTree {
  /// A node that is drawn.
  struct Node {
    /// Leaves of the whole dendrogram under it.
    let leafCount: Int
    /// The lowest of their numbers.
    let firstLeaf: Int
    /// 0 for a leaf.
    let height: Double
    /// The nodes that it merges, or nil for a leaf of the picture.
    let children: (first: Int, second: Int)?
    /// The one label that all its leaves have, -1 for none; nil where they differ.
    let label: Int32?
    /// Where it lies among the leaves of the picture, the first of which is at 0.
    let place: Double
  }

  /// The nodes that are drawn, children before their parents; `children` are indices of this array.
  let nodes: [Node]
  /// Leaves of the picture.
  let leafCount: Int
  /// Trees that are not drawn, because there are more than leaves may be.
  let hiddenTreeCount: Int

  /// Whether there are so few leaves that each has room for a name.
  var hasNames: Bool { leafCount <= 100 }

  /// Keeps the last merges, so many that there are at most `leafLimit` leaves.
  init(leafCount: Int, merges: [DendrogramMerge], labels: [Int32], leafLimit: Int) {
    let subtrees = Subtrees(leafCount: leafCount, merges: merges, labels: labels)
    let roots = subtrees.roots
      .sorted { (subtrees.counts[$1], $0) < (subtrees.counts[$0], $1) }.prefix(leafLimit)
    var isShown = [Bool](repeating: false, count: leafCount + merges.count)
    var isOpen = isShown
    for root in roots { isShown[root] = true }
    var shownCount = roots.count
    for (index, merge) in merges.enumerated().reversed()
    where shownCount < leafLimit && isShown[leafCount + index] {
      isOpen[leafCount + index] = true
      isShown[merge.first] = true
      isShown[merge.second] = true
      shownCount += 1
    }
    self.leafCount = shownCount
    hiddenTreeCount = subtrees.roots.count - roots.count
    nodes = Self.placed(Array(roots), subtrees, merges, isOpen: isOpen, isShown: isShown)
  }

  /// Gives the shown nodes their places, depth first from the roots.
  private static func placed(
    _ roots: [Int], _ subtrees: Subtrees, _ merges: [DendrogramMerge], isOpen: [Bool],
    isShown: [Bool]
  ) -> [Node] {
    let leafCount = isShown.count - merges.count
    var places: [Int: Double] = [:]
    var stack = Array(roots.reversed())
    while let node = stack.popLast() {
      if isOpen[node] {
        stack += [merges[node - leafCount].second, merges[node - leafCount].first]
      } else {
        places[node] = Double(places.count)
      }
    }
    var indices: [Int: Int] = [:]
    var nodes: [Node] = []
    for node in isShown.indices where isShown[node] {
      let merge = node < leafCount ? nil : merges[node - leafCount]
      var children: (first: Int, second: Int)?
      var place = places[node] ?? 0
      if isOpen[node], let merge, let first = indices[merge.first],
        let second = indices[merge.second]
      {
        children = (first, second)
        place = (nodes[first].place + nodes[second].place) / 2
      }
      indices[node] = nodes.count
      nodes.append(
        Node(
          leafCount: subtrees.counts[node], firstLeaf: subtrees.firstLeaves[node],
          height: merge?.height ?? 0, children: children,
          label: subtrees.isMixed[node] ? nil : subtrees.labels[node], place: place))
    }
    return nodes
  }
}

/// What is known of every node of a dendrogram: leaves first, then merges.
private struct Subtrees {
  private(set) var counts: [Int]
  private(set) var firstLeaves: [Int]
  /// The label of the leaves, where they have one.
  private(set) var labels: [Int32]
  private(set) var isMixed: [Bool]
  /// The nodes that nothing merges, ascending.
  let roots: [Int]

  init(leafCount: Int, merges: [DendrogramMerge], labels leafLabels: [Int32]) {
    counts = [Int](repeating: 1, count: leafCount)
    firstLeaves = Array(0..<leafCount)
    labels = leafLabels.isEmpty ? [Int32](repeating: -1, count: leafCount) : leafLabels
    isMixed = [Bool](repeating: false, count: leafCount)
    var isMerged = [Bool](repeating: false, count: leafCount + merges.count)
    for merge in merges {
      for child in [merge.first, merge.second] {
        precondition(
          (0..<counts.count).contains(child) && !isMerged[child],
          "merge \(counts.count - leafCount) takes node \(child)")
        isMerged[child] = true
      }
      precondition(isDrawable(merge.height), "a merge at height \(merge.height)")
      counts.append(counts[merge.first] + counts[merge.second])
      firstLeaves.append(min(firstLeaves[merge.first], firstLeaves[merge.second]))
      isMixed.append(
        isMixed[merge.first] || isMixed[merge.second] || labels[merge.first] != labels[merge.second]
      )
      labels.append(labels[merge.first])
    }
    roots = isMerged.indices.filter { !isMerged[$0] }
  }
}
