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
  public var count: Int { starts.count }

  /// The lowest similarity of each step.
  private let starts: [Double]
  private static let perUnit = 1000.0

  /// Makes the steps down to a floor of 0 to 1.
  public init(floor: Double) {
    precondition((0...1).contains(floor), "a floor of \(floor)")
    self.floor = floor
    let most = Int(((1 - floor) * Self.perUnit).rounded(.up))
    let above = (0...most).map { 1 - Double($0) / Self.perUnit }.filter { $0 > floor }
    starts = above + [floor]
  }

  /// The lowest similarity that step `step` counts.
  public func similarity(ofStep step: Int) -> Double { starts[step] }

  /// The step that counts a similarity at or above the floor.
  public func step(of similarity: Double) -> Int {
    precondition(similarity >= floor && similarity <= 1, "similarity \(similarity)")
    var step = min(Int((1 - similarity) * Self.perUnit), starts.count - 1)
    while starts[step] > similarity { step += 1 }
    while step > 0, starts[step - 1] <= similarity { step -= 1 }
    return step
  }
}
