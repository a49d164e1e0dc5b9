import TestImages
import Testing

@testable import Clustering

@Suite struct NearestPlacesTests {
  @Test(arguments: UInt64(0)..<20)
  func `the first that is still there comes before all others`(seed: UInt64) {
    var numbers = SplitMix(seed: seed)
    // Few values, so that many are equal; nil for a place that is gone.
    var distances = (0..<60).map { _ in Double?(Double(Int.random(in: 0..<30, using: &numbers))) }
    func all() -> NearestPlaces {
      var nearest = NearestPlaces()
      for (place, distance) in distances.enumerated() {
        if let distance { nearest.take(place, distance) }
      }
      return nearest
    }
    var nearest = all()
    while distances.contains(where: { $0 != nil }) {
      let expected = distances.indices.filter { distances[$0] != nil }
        .min { (distances[$0] ?? 0, $0) < (distances[$1] ?? 0, $1) }
      while let first = nearest.first, distances[first.place] != first.distance {
        nearest.removeFirst()
      }
      if nearest.first == nil { nearest = all() }
      #expect(nearest.first?.place == expected)
      for _ in 0..<3 {
        let moved = Int.random(in: 0..<60, using: &numbers)
        distances[moved] = nil
        let other = Int.random(in: 0..<60, using: &numbers)
        guard distances[other] != nil else { continue }
        let distance = Double(Int.random(in: 0..<30, using: &numbers))
        distances[other] = distance
        nearest.take(other, distance)
      }
    }
  }
}
