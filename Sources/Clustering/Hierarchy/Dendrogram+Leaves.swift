extension Dendrogram {
  /// The rows in the order of a drawing, in which no branches cross: under each merge first all
  /// rows of `a`, then those of `b`, as SciPy's `leaves_list` has it; roots by their numbers.
  ///
  /// - Complexity: O(n) time and memory.
  public func leafOrder() -> [Int] {
    var starts = leafStarts()
    var order = [Int](repeating: 0, count: count)
    starts.removeLast(merges.count)
    for (row, start) in starts.enumerated() { order[start] = row }
    return order
  }

  /// The height of the lowest merge over each pair of rows; infinity where nothing joins them.
  ///
  /// Rows r < s are at `r * (2 * count - r - 1) / 2 + s - r - 1`, as SciPy's `cophenet` has them.
  ///
  /// - Complexity: O(n²) time; `copheneticMemoryBytes(rowCount:)`.
  public func copheneticDistances(checkpoint: () throws -> Void) rethrows -> [Double] {
    var distances = [Double](repeating: .infinity, count: count * max(0, count - 1) / 2)
    let (starts, order) = (leafStarts(), leafOrder())
    for merge in merges {
      try checkpoint()
      let (first, second) = (starts[Int(merge.a)], starts[Int(merge.b)])
      for left in order[first..<second] {
        for right in order[second..<(first + Int(merge.size))] {
          let (row, other) = (min(left, right), max(left, right))
          distances[row * (2 * count - row - 1) / 2 + other - row - 1] = merge.height
        }
      }
    }
    return distances
  }

  /// The memory that `copheneticDistances(checkpoint:)` takes.
  public static func copheneticMemoryBytes(rowCount: Int) -> Int {
    8 * (rowCount * max(0, rowCount - 1) / 2) + 32 * rowCount
  }

  /// Where each node's rows begin in `leafOrder()`.
  private func leafStarts() -> [Int] {
    var starts = [Int](repeating: -1, count: count + merges.count)
    var next = 0
    // From the roots down: a merge's number is over those of its nodes.
    var isInside = [Bool](repeating: false, count: starts.count)
    for merge in merges { (isInside[Int(merge.a)], isInside[Int(merge.b)]) = (true, true) }
    for node in starts.indices where !isInside[node] {
      starts[node] = next
      next += size(of: node)
    }
    for (index, merge) in merges.enumerated().reversed() {
      starts[Int(merge.a)] = starts[count + index]
      starts[Int(merge.b)] = starts[count + index] + size(of: Int(merge.a))
    }
    return starts
  }

  /// Rows under a node.
  private func size(of node: Int) -> Int { node < count ? 1 : Int(merges[node - count].size) }
}
