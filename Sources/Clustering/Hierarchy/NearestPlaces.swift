/// The nearest few of many places, by distance, then the lower.
///
/// A place that goes, or moves, stays here as it was until it is the first; where it moves to is taken in.
struct NearestPlaces {
  private static let width = 8

  private var places = SIMD8<Int32>(repeating: -1)
  private var distances = SIMD8<Double>(repeating: .infinity)
  private var count = 0
  /// The nearest that was left out: none that is not here comes before it.
  private var bound = (distance: Double.infinity, place: Int32.max)

  /// What comes before all others, if it is still there; nil where it must be sought among all again.
  var first: (place: Int, distance: Double)? {
    count == 0 ? nil : (Int(places[0]), distances[0])
  }

  /// Takes in a place.
  @inline(__always)
  mutating func take(_ place: Int, _ distance: Double) {
    if distance <= bound.distance { insert(Int32(place), distance) }
  }

  private mutating func insert(_ place: Int32, _ distance: Double) {
    guard (distance, place) < bound else { return }
    var lane = count
    if count < Self.width {
      count += 1
    } else {
      lane -= 1
      bound = (distances[lane], places[lane])
      if bound < (distance, place) {
        bound = (distance, place)
        return
      }
    }
    while lane > 0, (distance, place) < (distances[lane - 1], places[lane - 1]) {
      (distances[lane], places[lane]) = (distances[lane - 1], places[lane - 1])
      lane -= 1
    }
    (distances[lane], places[lane]) = (distance, place)
  }

  /// Gives up the first, which is no longer what it was.
  mutating func removeFirst() {
    count -= 1
    for lane in 0..<count {
      (distances[lane], places[lane]) = (distances[lane + 1], places[lane + 1])
    }
  }
}
