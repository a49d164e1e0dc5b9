/// A single-linkage tree of which only splits into two clusters of a minimum size are left; any
/// other split is rows that leave a cluster.
///
/// Density λ is one over distance. Rows at distance 0 of each other are never split: they leave
/// together, at infinite density.
struct CondensedTree {
  struct Cluster {
    /// The cluster that it is part of; nil for that of all rows.
    let parent: Int?
    /// The density at which it parted from the rest.
    let birth: Double
    /// The largest density at which rows leave it, or it splits.
    var death: Double
    /// For each row, how far beyond `birth` it stays, summed.
    var stability = 0.0
    var hasParts = false
  }

  /// Where a row leaves.
  struct Exit {
    let cluster: Int
    let density: Double
  }

  /// Parents before their parts.
  private(set) var clusters: [Cluster]
  /// One of each row.
  private(set) var exits: [Exit] = []

  init(_ tree: Dendrogram, minimumClusterSize: Int) {
    clusters = [Cluster(parent: nil, birth: 0, death: 0)]
    let size = { (node: Int) in node < tree.count ? 1 : Int(tree.merges[node - tree.count].size) }
    var cluster = [Int](repeating: 0, count: tree.count + tree.merges.count)
    // The density at which a node's rows leave; nil where its cluster goes on.
    var departure = [Double?](repeating: nil, count: cluster.count)

    /// Splits what is in a cluster at a density into nodes.
    func split(_ index: Int, into nodes: [Int], at density: Double) {
      let large = nodes.filter { size($0) >= minimumClusterSize }
      let parts = large.count > 1 && density < .infinity
      clusters[index].death = max(clusters[index].death, density)
      for node in nodes {
        let goesOn = size(node) >= minimumClusterSize && (parts || large.count == 1)
        cluster[node] = index
        if parts || !goesOn {
          clusters[index].stability += (density - clusters[index].birth) * Double(size(node))
        }
        if parts && goesOn {
          cluster[node] = clusters.count
          clusters[index].hasParts = true
          clusters.append(Cluster(parent: index, birth: density, death: density))
        } else if !goesOn {
          departure[node] = density
        }
      }
    }

    var isInside = [Bool](repeating: false, count: cluster.count)
    for merge in tree.merges { (isInside[Int(merge.a)], isInside[Int(merge.b)]) = (true, true) }
    split(0, into: isInside.indices.filter { !isInside[$0] }, at: 0)
    for (place, merge) in tree.merges.enumerated().reversed() {
      let (node, parts) = (tree.count + place, [Int(merge.a), Int(merge.b)])
      if let density = departure[node] {
        for part in parts { (cluster[part], departure[part]) = (cluster[node], density) }
      } else {
        split(cluster[node], into: parts, at: 1 / merge.height)
      }
    }
    exits = (0..<tree.count).map {
      Exit(cluster: cluster[$0], density: departure[$0] ?? 0)
    }
  }
}
