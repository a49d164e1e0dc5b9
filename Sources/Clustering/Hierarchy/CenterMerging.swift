import LinearAlgebra

/// Centroid and median linkage on centers, in linear memory: Müllner's generic algorithm (2011).
///
/// A union may be nearer to a third cluster than its halves were, so nothing but the nearest two of
/// all may merge. Each cluster keeps the nearest of those at higher places, or a lower bound of its
/// distance, which is made good when it becomes the least of all.
struct CenterMerging {
  private let linkage: AgglomerativeLinkage
  /// The clusters' centers; at a place that is given up, infinitely far from all others.
  private var centers: Matrix
  private var sizes: [Double]
  private var names: [UInt32]
  /// The nearest of the higher places, or once was.
  private var nearest: [Int]
  /// Squared distances to them, or less.
  private var bounds: [Double]
  private var distances: [Double]

  /// The centers, and what each is nearest to.
  static func memoryBytes(rowCount: Int, dimension: Int) -> Int {
    8 * rowCount * dimension + 64 * rowCount
  }

  init(_ rows: Rows, linkage: AgglomerativeLinkage) {
    self.linkage = linkage
    centers = Matrix(rows)
    sizes = Array(repeating: 1, count: rows.count)
    names = (0..<UInt32(rows.count)).map { $0 }
    nearest = Array(repeating: 0, count: rows.count)
    bounds = Array(repeating: .infinity, count: rows.count)
    distances = bounds
  }

  /// All merges in their order, named by the lowest rows of both clusters.
  mutating func merges(checkpoint: () throws -> Void) rethrows -> [Edge] {
    var edges: [Edge] = []
    edges.reserveCapacity(max(0, sizes.count - 1))
    for place in sizes.indices {
      if place & 15 == 0 { try checkpoint() }
      findNearest(of: place)
    }
    while edges.count + 1 < sizes.count {
      if edges.count & 15 == 0 { try checkpoint() }
      let place = nearestOfAll()
      edges.append(
        Edge(names[place], names[nearest[place]], weight: bounds[place].squareRoot()))
      merge(place, into: nearest[place])
    }
    return edges
  }

  /// The lower place of the nearest two, the first of equals.
  private mutating func nearestOfAll() -> Int {
    while true {
      var place = 0
      for other in bounds.indices where bounds[other] < bounds[place] { place = other }
      let known = bounds[place]
      if centers.squaredDistance(place, nearest[place]) == known { return place }
      findNearest(of: place)
      if bounds[place] == known { return place }
    }
  }

  private mutating func findNearest(of place: Int) {
    let above = (place + 1)..<sizes.count
    centers.squaredDistances(from: place, to: above, into: &distances)
    bounds[place] = .infinity
    for other in above where distances[other - place - 1] < bounds[place] {
      (nearest[place], bounds[place]) = (other, distances[other - place - 1])
    }
  }

  /// Moves the cluster of `place` into that of a higher one.
  private mutating func merge(_ place: Int, into kept: Int) {
    let size = sizes[place] + sizes[kept]
    let share = linkage == .median ? 0.5 : sizes[place] / size
    for column in 0..<centers.columnCount {
      centers[kept, column] =
        share * centers[place, column] + (1 - share) * centers[kept, column]
      centers[place, column] = .infinity
    }
    sizes[kept] = size
    names[kept] = min(names[place], names[kept])
    bounds[place] = .infinity
    centers.squaredDistances(from: kept, to: 0..<sizes.count, into: &distances)
    for other in 0..<kept where distances[other] < bounds[other] {
      (nearest[other], bounds[other]) = (kept, distances[other])
    }
    bounds[kept] = .infinity
    for other in (kept + 1)..<max(kept + 1, sizes.count) where distances[other] < bounds[kept] {
      (nearest[kept], bounds[kept]) = (other, distances[other])
    }
  }
}
