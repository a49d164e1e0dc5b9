import Foundation
import LinearAlgebra

/// How near each row is to its neighbours, as probabilities: a Gaussian around the row, as wide as gives
/// the distribution a perplexity (Hinton and Roweis 2002).
struct Affinities {
  /// Neighbours that the perplexity p asks for: 3p, beyond which the Gaussian has nothing left (van der
  /// Maaten 2014).
  static func neighborCount(perplexity: Double, rowCount: Int) -> Int {
    min(rowCount, Int(3 * perplexity) + 1)
  }

  /// The probability of each neighbour, in the order of the neighbours; those of a row add up to 1.
  let values: [Float]

  init(
    _ neighbors: NearestNeighbors, perplexity: Double, checkpoint: () throws -> Void
  ) rethrows {
    let count = neighbors.count
    var values: [Float] = []
    values.reserveCapacity(neighbors.indices.count)
    var weights = [Double](repeating: 0, count: count)
    for start in stride(from: 0, to: neighbors.indices.count, by: max(1, count)) {
      // The nearest counts as at distance 0, which changes no probability.
      let nearest = neighbors.squaredDistances[start]
      let distances = neighbors.squaredDistances[start..<start + count].map { $0 - nearest }
      Self.weigh(distances, entropy: log(perplexity), into: &weights)
      let sum = weights.reduce(0, +)
      values += weights.map { Float($0 / sum) }
      try checkpoint()
    }
    self.values = values
  }

  /// Weights exp(-beta · distance) with the beta at which their distribution has this entropy.
  private static func weigh(
    _ distances: [Double], entropy: Double, into weights: inout [Double]
  ) {
    var (low, high) = (0.0, Double.infinity)
    // From a beta of the right magnitude, bisection comes to 1e-5 in about twenty steps.
    let mean = distances.reduce(0, +) / Double(distances.count)
    var beta = mean > 0 ? 1 / mean : 1
    for _ in 0..<100 {
      var (sum, moment) = (0.0, 0.0)
      for index in distances.indices {
        weights[index] = exp(-beta * distances[index])
        sum += weights[index]
        moment += distances[index] * weights[index]
      }
      let difference = log(sum) + beta * moment / sum - entropy
      if abs(difference) < 1e-5 { return }
      if difference > 0 { low = beta } else { high = beta }
      beta = high == .infinity ? 2 * beta : (low + high) / 2
    }
  }
}
