import Clustering
import Pipeline

extension EvaluationText {
  /// Everything, as one object in one line.
  static func json(_ evaluation: Evaluation, path: String) throws -> String {
    let coverage = evaluation.coverage
    var object: [String: Any] = [
      "run": path, "measure": evaluation.measure, "linkage": evaluation.linkage.rawValue,
      "floor": evaluation.floor,
      "truth": [
        "rows": coverage.rowCount, "groups": coverage.groupCount, "judged": coverage.judgedCount,
        "missingRows": coverage.missingRowCount, "repeatedRows": coverage.repeatedRowCount,
        "unlistedImages": coverage.unlistedImageCount, "leftOut": coverage.leftOutCount,
        "withoutOriginal": coverage.withoutOriginalCount,
        "missing": coverage.missingRows.map(JSONText.path),
      ] as [String: Any],
      "own": scores(evaluation.own, at: evaluation.ownThreshold),
      "kinds": evaluation.kinds.map(kind),
      "curve": evaluation.curve.points.map {
        pairs($0.pairs).merging(["threshold": $0.similarity]) { $1 }
      },
    ]
    if let model = evaluation.model { object["model"] = model }
    if let best = evaluation.best { object["best"] = scores(best.scores, at: best.threshold) }
    if let strict = evaluation.curve.lowest(withPrecision: strictPrecision) {
      object["strict"] = pairs(strict.pairs).merging(["threshold": strict.similarity]) { $1 }
    }
    return try JSONText.line(object)
  }

  private static func pairs(_ pairs: PairCounts) -> [String: Any] {
    [
      "sameGroup": pairs.sameGroup, "sameCluster": pairs.sameCluster, "sameBoth": pairs.sameBoth,
      "precision": pairs.precision, "recall": pairs.recall, "f1": pairs.f1,
      "adjustedRand": pairs.adjustedRand,
    ]
  }

  private static func scores(_ scores: ClusterAgreement, at threshold: Double) -> [String: Any] {
    pairs(scores.pairs).merging([
      "threshold": threshold, "homogeneity": scores.homogeneity,
      "completeness": scores.completeness, "vMeasure": scores.vMeasure,
      "adjustedMutualInformation": scores.adjustedMutualInformation,
    ]) { $1 }
  }

  private static func kind(_ kind: Evaluation.Kind) -> [String: Any] {
    var object: [String: Any] = [
      "change": kind.change, "images": kind.imageCount, "foundAtOwn": kind.foundAtOwn,
    ]
    if let found = kind.foundAtBest { object["foundAtBest"] = found }
    return object
  }
}
