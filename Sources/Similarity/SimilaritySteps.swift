/// Steps of a thousandth from 1 down to a floor, by which a join counts links whose similarities are
/// not a few distances.
///
/// Step `k` begins at `1 - k / 1000`, the last at the floor: a link counts at the first step that
/// begins at or below its similarity. So the links at or above any threshold of whole thousandths are
/// counted exactly.
public struct SimilaritySteps: Equatable, Sendable {
  /// The lowest similarity that counts.
  public let floor: Double
  /// How many steps there are, at least 1.
  public let count: Int

  private static let perUnit = 1000.0

  /// Makes the steps down to a floor of 0 to 1.
  public init(floor: Double) {
    precondition((0...1).contains(floor), "a floor of \(floor)")
    self.floor = floor
    var last = Int(((1 - floor) * Self.perUnit).rounded(.down))
    if Self.start(last) > floor { last += 1 }
    count = last + 1
  }

  /// The lowest similarity that step `step` counts.
  public func similarity(ofStep step: Int) -> Double {
    step == count - 1 ? floor : Self.start(step)
  }

  /// The step that counts a similarity at or above the floor.
  public func step(of similarity: Double) -> Int {
    precondition(similarity >= floor && similarity <= 1, "similarity \(similarity)")
    var step = min(Int(((1 - similarity) * Self.perUnit).rounded(.down)), count - 1)
    while self.similarity(ofStep: step) > similarity { step += 1 }
    while step > 0, self.similarity(ofStep: step - 1) <= similarity { step -= 1 }
    return step
  }

  private static func start(_ step: Int) -> Double { 1 - Double(step) / perUnit }
}
