/// Gradient descent with momentum, and a gain for each coordinate that grows while the gradient keeps its
/// sign and shrinks where it does not (Jacobs 1988).
struct Descent {
  private(set) var points: [Float]
  private var steps: [Float]
  private var gains: [Float]

  init(_ start: [Float]) {
    points = start
    steps = Array(repeating: 0, count: start.count)
    gains = Array(repeating: 1, count: start.count)
  }

  /// Moves each coordinate.
  mutating func step(along gradient: [Float], rate: Float, momentum: Float) {
    precondition(gradient.count == points.count)
    for index in points.indices {
      let goesOn = steps[index] * gradient[index] < 0
      gains[index] = max(goesOn ? gains[index] + 0.2 : gains[index] * 0.8, 0.01)
      steps[index] = momentum * steps[index] - rate * gains[index] * gradient[index]
      points[index] += steps[index]
    }
  }
}
