import Catalog
import Clustering
import Foundation
import Pipeline
import Report

/// What `evaluate` prints for a person.
enum EvaluationText {
  /// The precision at which a threshold is shown for those who would rather miss than mix.
  static let strictPrecision = 0.99

  static func text(_ evaluation: Evaluation) -> String {
    let curve = evaluation.model == nil ? curve(evaluation) + [""] : []
    return (coverage(evaluation) + [""] + curve + scores(evaluation) + [""] + kinds(evaluation))
      .joined(separator: "\n")
  }

  // MARK: What was judged

  private static func coverage(_ evaluation: Evaluation) -> [String] {
    let coverage = evaluation.coverage
    let judged = coverage.judgedCount
    var lines = [
      "judged     \(OutcomeText.count(judged, "image")) of "
        + "\(OutcomeText.count(coverage.rowCount, "row")) in "
        + OutcomeText.count(coverage.groupCount, "group"),
      evaluation.model.map { "clustered  by \(evaluation.measure): \($0)" }
        ?? "compared   by \(evaluation.measure), \(evaluation.linkage.rawValue) linkage, "
        + "floor \(evaluation.floor)",
    ]
    let parts = [
      (coverage.missingRowCount, "row", "of no image of the run"),
      (coverage.repeatedRowCount, "row", "of an image again, by another hard link"),
      (coverage.unlistedImageCount, "image", "of the run not in the table"),
      (coverage.leftOutCount, "judged image", "not decoded or not read, each taken as alone"),
      (coverage.withoutOriginalCount, "changed image", "without an original, in no kind below"),
    ]
    lines += parts.filter { $0.0 > 0 }.map { number, word, what in
      "besides    \(OutcomeText.count(number, word)) \(what)"
    }
    lines += coverage.missingRows.map { "missing    \($0.displayName)" }
    if coverage.missingRows.count < coverage.missingRowCount { lines.append("missing    ...") }
    return lines
  }

  // MARK: The curve

  private static func curve(_ evaluation: Evaluation) -> [String] {
    guard let best = evaluation.best else {
      return ["no two judged images are joined, at any threshold from the floor up"]
    }
    let points = evaluation.curve.points
    let strict = evaluation.curve.lowest(withPrecision: strictPrecision)?.similarity
    // The own threshold lies between two points, and gives what the upper one gives.
    let own = points.last { $0.similarity >= evaluation.ownThreshold }?.similarity
    var shown = Set(spread(points.map(\.similarity), count: 16))
    shown.formUnion([best.threshold, strict, own].compactMap { $0 })
    var lines = ["threshold  precision     recall         F1  adj. Rand"]
    for point in points where shown.contains(point.similarity) {
      let pairs = point.pairs
      let marks = [
        (best.threshold, "best F1"), (strict, "lowest of precision \(strictPrecision)"),
        (own, "the run's own, \(evaluation.ownThreshold)"),
      ].filter { $0.0 == point.similarity }.map(\.1)
      lines.append(
        cell(typed(point.similarity, evaluation), 9)
          + [pairs.precision, pairs.recall, pairs.f1, pairs.adjustedRand]
          .map { cell(decimals($0), 11) }.joined()
          + (marks.isEmpty ? "" : "  " + marks.joined(separator: "; ")))
    }
    return lines
  }

  /// The shortest decimal that gives what a point of the curve gives, when typed as a threshold.
  private static func typed(_ similarity: Double, _ evaluation: Evaluation) -> String {
    let lower = evaluation.curve.points.first { $0.similarity < similarity }?.similarity
    return thresholdText(similarity, above: lower ?? evaluation.floor.nextDown)
  }

  /// At most `count` of some descending values, as evenly spread as they allow, the first and the last
  /// among them.
  private static func spread(_ values: [Double], count: Int) -> [Double] {
    guard let first = values.first, let last = values.last, values.count > count else {
      return values
    }
    var chosen = [first]
    for step in 1..<(count - 1) {
      let place = first - (first - last) * Double(step) / Double(count - 1)
      // The one that a threshold at this place gives.
      if let value = values.last(where: { $0 >= place }) { chosen.append(value) }
    }
    return chosen + [last]
  }

  // MARK: Scores

  private static func scores(_ evaluation: Evaluation) -> [String] {
    let columns = [evaluation.best?.scores, evaluation.own].compactMap { $0 }
    let rows: [(String, (ClusterAgreement) -> Double)] = [
      ("precision of pairs", { $0.pairs.precision }), ("recall of pairs", { $0.pairs.recall }),
      ("F1 of pairs", { $0.pairs.f1 }), ("adjusted Rand index", { $0.pairs.adjustedRand }),
      ("adjusted mutual information", { $0.adjustedMutualInformation }),
      ("homogeneity", { $0.homogeneity }), ("completeness", { $0.completeness }),
      ("V-measure", { $0.vMeasure }),
    ]
    return [heading("scores", evaluation)]
      + rows.map { name, score in
        name.padded(nameWidth) + columns.map { cell(decimals(score($0)), columnWidth) }.joined()
      }
  }

  // MARK: Recall by kind

  private static func kinds(_ evaluation: Evaluation) -> [String] {
    guard !evaluation.kinds.isEmpty else { return ["no changed image is judged with its original"] }
    let width = evaluation.kinds.map(\.change.count).max() ?? 0
    return [heading("with the original, of images", evaluation)]
      + evaluation.kinds.map { kind in
        let count = kind.imageCount.formatted()
        let name = kind.change.padded(max(width + 1, nameWidth - count.count)) + count
        return name
          + [kind.foundAtBest, kind.foundAtOwn].compactMap { $0 }
          .map { cell(decimals(Double($0) / Double(kind.imageCount)), columnWidth) }.joined()
      }
  }

  // MARK: Columns

  private static let nameWidth = 32
  private static let columnWidth = 16

  private static func heading(_ name: String, _ evaluation: Evaluation) -> String {
    let best = evaluation.best.map { "best, " + typed($0.threshold, evaluation) }
    return name.padded(nameWidth)
      + [best, evaluation.model == nil ? "own, \(evaluation.ownThreshold)" : "clusters"]
      .compactMap { $0 }.map { cell($0, columnWidth) }
      .joined()
  }

  private static func cell(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  /// Four decimals, rounded down: 1 only when it is 1.
  private static func decimals(_ value: Double) -> String {
    String(format: "%.4f", (value * 10_000).rounded(.down) / 10_000)
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
