/// Where a key point lies, how large it is and where it points.
struct KeyPoint {
  let x: Double
  let y: Double
  let size: Double
  let degrees: Double
}

/// A scale, turn and shift of the plane: (x, y) goes to (c x - s y + x0, s x + c y + y0).
///
/// Only sums, products, quotients and roots decide what it explains, so that it is the same on every
/// machine; `Turn` has no library's sine.
struct SimilarityMap: Hashable {
  /// Scale times cosine, and scale times sine.
  let cosine: Double
  let sine: Double
  /// Where the origin comes to lie.
  let x: Double
  let y: Double

  var scale: Double { (cosine * cosine + sine * sine).squareRoot() }

  /// The turn, from 0 to less than 360.
  var degrees: Double { Turn.degrees(cosine: cosine / scale, sine: sine / scale) }

  var inverse: SimilarityMap {
    let square = cosine * cosine + sine * sine
    let (c, s) = (cosine / square, -sine / square)
    return SimilarityMap(cosine: c, sine: s, x: s * y - c * x, y: -(s * x + c * y))
  }

  /// The map of given scale and turn that takes one point to another.
  init(cosine: Double, sine: Double, taking first: KeyPoint, to second: KeyPoint) {
    self.init(
      cosine: cosine, sine: sine, x: second.x - (cosine * first.x - sine * first.y),
      y: second.y - (sine * first.x + cosine * first.y))
  }

  init(cosine: Double, sine: Double, x: Double, y: Double) {
    self.cosine = cosine
    self.sine = sine
    self.x = x
    self.y = y
  }
}

/// The key points of two images that match, and which of them one map explains.
struct MatchedPoints {
  /// A point of the first image and its match in the second.
  let pairs: [(first: KeyPoint, second: KeyPoint)]
  /// The longer side of the box around the key points of each image, in pixels.
  let firstReach: Double
  let secondReach: Double

  /// How far from its match a point may come to lie, of the longer side: 15 pixels of 512.
  static let tolerance = 0.03
  /// Matches that a map must explain: two of them it can always be made to.
  static let leastCount = 3
  /// Estimates at most; they grow by fewer matches each.
  private static let estimateLimit = 10

  /// The map that explains most matches, and how many; nil if none explains enough.
  func agreement() -> (map: SimilarityMap, count: Int)? {
    var best: (map: SimilarityMap, inliers: [Int])?
    for map in proposals() {
      let count = inlierCount(of: map)
      if count > best?.inliers.count ?? 0 { best = (map, inliers(of: map)) }
    }
    guard var best else { return nil }
    for _ in 0..<Self.estimateLimit {
      guard let map = leastSquares(best.inliers) else { break }
      let inliers = inliers(of: map)
      // As many for the better estimate of the same matches, too.
      if inliers.count < best.inliers.count { break }
      let isSettled = inliers == best.inliers
      best = (map, inliers)
      if isSettled { break }
    }
    return best.inliers.count < Self.leastCount ? nil : (best.map, best.inliers.count)
  }

  /// Two of each match, in order.
  private func proposals() -> [SimilarityMap] {
    pairs.indices.flatMap { place in
      [byItself(place), byTwo(place, (place + pairs.count / 2) % pairs.count)].compactMap { $0 }
    }
  }

  private func byItself(_ place: Int) -> SimilarityMap? {
    let (first, second) = pairs[place]
    guard first.size > 0, second.size > 0 else { return nil }
    let (scale, turn) = (second.size / first.size, Turn(degrees: second.degrees - first.degrees))
    return SimilarityMap(
      cosine: scale * turn.cosine, sine: scale * turn.sine, taking: first, to: second)
  }

  private func byTwo(_ place: Int, _ other: Int) -> SimilarityMap? {
    let (from, to) = (pairs[place], pairs[other])
    let (dx, dy) = (to.first.x - from.first.x, to.first.y - from.first.y)
    let (ex, ey) = (to.second.x - from.second.x, to.second.y - from.second.y)
    let square = dx * dx + dy * dy
    guard square > 0, ex * ex + ey * ey > 0 else { return nil }
    return SimilarityMap(
      cosine: (dx * ex + dy * ey) / square, sine: (dx * ey - dy * ex) / square,
      taking: from.first, to: from.second)
  }

  /// Whether a map takes a match's first point near its second, and back.
  private func explains(_ map: SimilarityMap, _ limit: Double, _ place: Int) -> Bool {
    let (first, second) = pairs[place]
    let dx = map.cosine * first.x - map.sine * first.y + map.x - second.x
    let dy = map.sine * first.x + map.cosine * first.y + map.y - second.y
    return dx * dx + dy * dy <= limit
  }

  /// The square of the distance allowed: in the second image, or in the first and scaled.
  private func limit(of map: SimilarityMap) -> Double {
    let distance = Self.tolerance * min(secondReach, map.scale * firstReach)
    return distance * distance
  }

  private func inlierCount(of map: SimilarityMap) -> Int {
    let limit = limit(of: map)
    var count = 0
    for place in pairs.indices where explains(map, limit, place) { count += 1 }
    return count
  }

  private func inliers(of map: SimilarityMap) -> [Int] {
    let limit = limit(of: map)
    return pairs.indices.filter { explains(map, limit, $0) }
  }

  /// The map with the least sum of squared distances in the second image, of some matches.
  private func leastSquares(_ places: [Int]) -> SimilarityMap? {
    let count = Double(places.count)
    func mean(_ value: (Int) -> Double) -> Double {
      places.reduce(0) { $0 + value($1) } / count
    }
    let (x, y) = (mean { pairs[$0].first.x }, mean { pairs[$0].first.y })
    let (u, v) = (mean { pairs[$0].second.x }, mean { pairs[$0].second.y })
    var (along, across, square) = (0.0, 0.0, 0.0)
    for place in places {
      let (first, second) = pairs[place]
      let (dx, dy, du, dv) = (first.x - x, first.y - y, second.x - u, second.y - v)
      along += dx * du + dy * dv
      across += dx * dv - dy * du
      square += dx * dx + dy * dy
    }
    guard square > 0, along * along + across * across > 0 else { return nil }
    let (c, s) = (along / square, across / square)
    return SimilarityMap(cosine: c, sine: s, x: u - (c * x - s * y), y: v - (s * x + c * y))
  }
}
