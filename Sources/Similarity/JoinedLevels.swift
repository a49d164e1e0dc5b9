import Clustering

/// Which nodes of a forest are joined at a few of its similarities: what a later link need not try.
///
/// A link less similar than every link of a level, whose ends have one label there, is joined by more
/// similar ones already: it cannot enter the forest, now or later. So of the links of a large cluster
/// nearly all are dropped as they are found, without a sort.
struct JoinedLevels {
  /// For each step of similarity, the level to look at, or -1.
  private var levelOfStep: [Int]
  private var levelCount = 0
  /// The component of each node at each level, `levelCount` labels a node.
  private var labels: [UInt32] = []

  /// Where the levels end among the forest's links; a link is tried at the last one above it.
  private static let shares = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.97, 1]

  /// Makes the levels of no links.
  init(steps: SimilaritySteps) { levelOfStep = Array(repeating: -1, count: steps.count) }

  /// Makes the levels of a forest whose links are in `Link`'s order.
  init(_ forest: [Link], nodeCount: Int, steps: SimilaritySteps) {
    self.init(steps: steps)
    var lowest: [Double] = []
    for share in forest.isEmpty ? [] : Self.shares {
      let similarity = forest[Int(Double(forest.count - 1) * share)].similarity
      if lowest.last != similarity { lowest.append(similarity) }
    }
    levelCount = lowest.count
    labels = Array(repeating: 0, count: nodeCount * levelCount)
    var sets = DisjointSets(count: nodeCount)
    var position = 0
    for (level, similarity) in lowest.enumerated() {
      while position < forest.count, forest[position].similarity >= similarity {
        sets.join(forest[position].a, forest[position].b)
        position += 1
      }
      for node in 0..<nodeCount {
        labels[node * levelCount + level] = sets.root(of: UInt32(node))
      }
      // All that a step counts is below where the one before it begins.
      for step in levelOfStep.indices.dropFirst()
      where steps.similarity(ofStep: step - 1) <= similarity { levelOfStep[step] = level }
    }
  }

  /// Whether more similar links than any of a step join two nodes.
  func joins(_ first: UInt32, _ second: UInt32, step: Int) -> Bool {
    let level = levelOfStep[step]
    return level >= 0
      && labels[Int(first) * levelCount + level] == labels[Int(second) * levelCount + level]
  }
}
