extension CondensedTree {
  /// The clusters that are taken, none inside another; that of all rows never is.
  func selected(_ selection: HDBSCAN.Selection, minimumSplitDistance: Double) -> [Bool] {
    var isSelected: [Bool]
    switch selection {
    case .excessOfMass: isSelected = mostStable()
    case .leaves: isSelected = clusters.map { !$0.hasParts && $0.parent != nil }
    }
    for index in clusters.indices where isSelected[index] {
      let ancestor = self.ancestor(of: index, bornAtDistance: minimumSplitDistance)
      if ancestor != index { (isSelected[index], isSelected[ancestor]) = (false, true) }
    }
    var isInside = isSelected
    for (index, cluster) in clusters.enumerated() {
      guard let parent = cluster.parent, isInside[parent] else { continue }
      (isSelected[index], isInside[index]) = (false, true)
    }
    return isSelected
  }

  /// Clusters that are more stable than what is inside them, together.
  private func mostStable() -> [Bool] {
    var inside = [Double](repeating: 0, count: clusters.count)
    var isSelected = [Bool](repeating: false, count: clusters.count)
    for (index, cluster) in clusters.enumerated().reversed() {
      guard let parent = cluster.parent else { continue }
      isSelected[index] = inside[index] <= cluster.stability
      inside[parent] += max(inside[index], cluster.stability)
    }
    return isSelected
  }

  /// The smallest cluster around one that parted at more than a distance; under that of all rows.
  private func ancestor(of index: Int, bornAtDistance distance: Double) -> Int {
    guard 1 / clusters[index].birth < distance else { return index }
    var index = index
    while let parent = clusters[index].parent, clusters[parent].parent != nil {
      index = parent
      if 1 / clusters[index].birth > distance { break }
    }
    return index
  }

  /// Labels and how sure they are.
  func result(selecting isSelected: [Bool]) -> HDBSCAN.Result {
    // The taken cluster that each one is in, or is.
    var taken = [Int?](repeating: nil, count: clusters.count)
    for (index, cluster) in clusters.enumerated() {
      taken[index] = isSelected[index] ? index : cluster.parent.flatMap { taken[$0] }
    }
    let labels = Labels(exits.map { taken[$0.cluster].map(Int32.init) ?? Labels.noise })
    let probabilities = exits.map { exit in
      guard let index = taken[exit.cluster] else { return 0.0 }
      let death = clusters[index].death
      return exit.density >= death ? 1 : exit.density / death
    }
    let largest = clusters.reduce(0) { max($0, $1.death) }
    let persistences = labels.members().map { rows in
      guard largest < .infinity, largest > 0, let index = taken[exits[rows[0]].cluster] else {
        return 1.0
      }
      return clusters[index].stability / (Double(rows.count) * largest)
    }
    return HDBSCAN.Result(
      labels: labels, probabilities: probabilities, persistences: persistences)
  }
}
