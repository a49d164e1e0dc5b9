import LinearAlgebra

/// The minimum spanning tree of all rows, by Prim's algorithm (1957) with distances made as they
/// are asked for.
///
/// Under the order of `Edge` the tree is one and the same.
enum SpanningTree {
  /// A copy of the rows, and what each is nearest to.
  static func memoryBytes(rowCount: Int, dimension: Int) -> Int {
    4 * rowCount * dimension + 64 * rowCount
  }

  /// The edges of the tree, ascending.
  ///
  /// - Parameter squaredFloors: for each row how near it can be to any other, squared, as mutual
  ///   reachability has it; nil for plain distances.
  static func edges(
    of rows: Rows, squaredFloors: [Double]? = nil, checkpoint: () throws -> Void
  ) rethrows -> [Edge] {
    guard rows.count > 1 else { return [] }
    // The rows outside the tree, each moved up when one before it leaves.
    var outside = rows
    var names = (0..<UInt32(rows.count)).map { $0 }
    var reach = Reach(floors: squaredFloors ?? Array(repeating: 0, count: rows.count))
    var edges: [Edge] = []
    edges.reserveCapacity(rows.count - 1)
    var place = 0
    for count in (1..<rows.count).reversed() {
      if count & 15 == 0 { try checkpoint() }
      let (row, floor) = (names[place], reach.floor(place))
      names[place] = names[count]
      reach.move(count, to: place)
      for component in 0..<rows.dimension {
        outside.values[place * rows.dimension + component] =
          outside.values[count * rows.dimension + component]
      }
      let least = reach.add(row, at: rows[Int(row)], floor: floor, others: outside, count: count)
      var nearest: Edge?
      for (other, distance) in reach.least[..<count].enumerated() where distance == least {
        let edge = Edge(names[other], reach.rows[other], weight: distance)
        if let known = nearest, known < edge { continue }
        (nearest, place) = (edge, other)
      }
      if let nearest { edges.append(nearest) }
    }
    edges.sort()
    return edges.map { Edge($0.a, $0.b, weight: $0.weight.squareRoot()) }
  }
}
