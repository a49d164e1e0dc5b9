/// A score of the clusterings that one method gave, against their numbers of clusters.
public struct ScoreCurve: Hashable, Sendable {
  /// The method, as the legend names it; the same name has the same colour in every panel.
  public let method: String
  /// Numbers of clusters, ascending; equal ones may follow each other.
  public let counts: [Int]
  /// The score at each count; one that is not finite is no score, and leaves a gap.
  public let scores: [Double]
  /// The standard error of each score, or empty.
  public let standardErrors: [Double]
  /// The count that was chosen, one of `counts`, or nil.
  public let chosen: Int?

  /// Makes a curve; there must be as many scores as counts, and as many standard errors or none.
  public init(
    method: String, counts: [Int], scores: [Double], standardErrors: [Double] = [],
    chosen: Int? = nil
  ) {
    precondition(
      scores.count == counts.count, "\(scores.count) scores of \(counts.count) counts")
    precondition(
      standardErrors.isEmpty || standardErrors.count == counts.count,
      "\(standardErrors.count) standard errors of \(counts.count) counts")
    precondition(
      zip(counts, counts.dropFirst()).allSatisfy { $0 <= $1 }, "counts must ascend")
    precondition(chosen.map(counts.contains) ?? true, "\(chosen ?? 0) is none of the counts")
    self.method = method
    self.counts = counts
    self.scores = scores
    self.standardErrors = standardErrors
    self.chosen = chosen
  }

  /// The scores that can be drawn, with the places of their counts.
  var points: [(index: Int, count: Double, score: Double)] {
    scores.indices.filter { isDrawable(scores[$0]) }.map { ($0, Double(counts[$0]), scores[$0]) }
  }

  /// The first score at the chosen count, if it can be drawn.
  var chosenScore: Double? {
    points.first { point in chosen.map { Double($0) == point.count } ?? false }?.score
  }

  /// How far up or down a score's error bar goes; 0 where there is none.
  func error(at index: Int) -> Double {
    guard index < standardErrors.count, isDrawable(standardErrors[index]) else { return 0 }
    return abs(standardErrors[index])
  }
}

/// One score, for some methods.
public struct ScorePanel: Hashable, Sendable {
  /// The score's name.
  public let title: String
  /// Which way is better, or another word on how to read it; may be empty.
  public let note: String
  /// The curves, one a method.
  public let curves: [ScoreCurve]

  /// Makes a panel of its parts.
  public init(title: String, note: String = "", curves: [ScoreCurve]) {
    self.title = title
    self.note = note
    self.curves = curves
  }
}
