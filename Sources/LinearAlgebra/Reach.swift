import COpenBLAS

/// What each of some rows is nearest to so far, as a spanning tree grows towards them.
public struct Reach: Sendable {
  /// Squared distances to the nearest row of the tree.
  public private(set) var least: [Double]
  /// The nearest rows of the tree, the lowest of equally near ones.
  public private(set) var rows: [UInt32]
  /// How near each can be at most.
  private var floors: [Double]
  private var distances: [Double]

  /// Nothing is reached yet.
  public init(floors: [Double]) {
    least = Array(repeating: .infinity, count: floors.count)
    rows = Array(repeating: .max, count: floors.count)
    distances = least
    self.floors = floors
  }

  /// Takes in that `row` of the tree, at `point`, is as far from each of `others` as the largest of
  /// the squared distance and both floors.
  ///
  /// - Returns: the smallest of `least`.
  public mutating func add(
    _ row: UInt32, at point: ArraySlice<Float>, floor: Double, others: Rows, count: Int
  ) -> Double {
    precondition(count <= least.count)
    others.squaredDistances(to: point, 0..<count, into: &distances)
    return unsafe copenblas_reach(count, distances, floors, floor, row, &least, &rows)
  }

  /// Puts the row of the last place at another, which is given up.
  public mutating func move(_ last: Int, to place: Int) {
    least[place] = least[last]
    rows[place] = rows[last]
    floors[place] = floors[last]
  }

  /// The floor of a place.
  public func floor(_ place: Int) -> Double { floors[place] }
}
