/// The tree that merging the nearest two clusters again and again makes of rows.
///
/// Rows are nodes `0..<count`, and merge i makes node `count + i`, as SciPy numbers them. A tree of
/// one root has `count - 1` merges; rows that nothing joins leave several roots and fewer merges.
public struct Dendrogram: Equatable, Sendable {
  /// Two nodes that become one.
  public struct Merge: Equatable, BitwiseCopyable, Sendable {
    /// The node with the lower number.
    public let a: UInt32
    /// The node with the higher number.
    public let b: UInt32
    /// The distance at which they merge.
    public let height: Double
    /// Rows of the node that they make.
    public let size: UInt32

    /// Takes a merge as it is.
    public init(a: UInt32, b: UInt32, height: Double, size: UInt32) {
      self.a = a
      self.b = b
      self.height = height
      self.size = size
    }
  }

  /// Rows.
  public let count: Int
  /// The merges in their order.
  ///
  /// Heights ascend, except under centroid and median linkage, where a cluster may be nearer to a
  /// third than its halves were to each other.
  public let merges: [Merge]

  /// Nodes that nothing joins: one, or more where some rows are not connected; none without rows.
  public var rootCount: Int { count - merges.count }

  /// Takes merges that were stored before.
  ///
  /// - Precondition: each merge joins two different nodes made before it that are in no other.
  public init(count: Int, merges: [Merge]) {
    var isTaken = [Bool](repeating: false, count: count + merges.count)
    for (index, merge) in merges.enumerated() {
      for node in [Int(merge.a), Int(merge.b)] {
        precondition(node < count + index && !isTaken[node], "merge \(index) joins node \(node)")
        isTaken[node] = true
      }
    }
    self.count = count
    self.merges = merges
  }

  /// The single-linkage tree of edges in ascending order: those that close a cycle are passed over.
  ///
  /// - Complexity: O(m α(n)) time, 8 bytes a row besides the tree's 24.
  init(count: Int, ascending edges: some Sequence<Edge>) {
    var sets = DisjointSets(count: count)
    var nodes = (0..<UInt32(count)).map { $0 }
    var sizes = [UInt32](repeating: 1, count: count)
    var merges: [Merge] = []
    merges.reserveCapacity(max(0, count - 1))
    for edge in edges {
      guard let (kept, lost) = sets.join(edge.a, edge.b) else { continue }
      let (first, second) = (nodes[Int(kept)], nodes[Int(lost)])
      sizes[Int(kept)] += sizes[Int(lost)]
      nodes[Int(kept)] = UInt32(count + merges.count)
      merges.append(
        Merge(
          a: min(first, second), b: max(first, second), height: edge.weight,
          size: sizes[Int(kept)]))
    }
    self.count = count
    self.merges = merges
  }

  /// The single-linkage tree of a run's links: a merge's height is 1 - similarity.
  ///
  /// Images that no links join stay apart, as many roots as there are components.
  ///
  /// - Complexity: O(n α(n)) time, 32 bytes an image.
  public init(forest: SpanningForest) {
    self.init(
      count: forest.imageCount,
      ascending: forest.links.lazy.map { Edge($0.a, $0.b, weight: 1 - $0.similarity) })
  }
}
