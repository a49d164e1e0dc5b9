import Clustering
import Report
import Storage

/// Reads what every threshold would give from a forest and its counts of links.
struct CurveReader {
  let context: RunContext

  /// The curve of a result's forest, by rising threshold.
  func curve(_ cut: ResultCut) throws -> Report.ThresholdCurve {
    try Self.curve(
      cut.forest, counts: context.database.linkCounts(plan: cut.plan.name),
      threshold: cut.threshold)
  }

  /// Brings a forest and its counts of links together.
  static func curve(
    _ forest: SpanningForest, counts: [LinkCount], threshold: Double
  ) -> Report.ThresholdCurve {
    let components = Clustering.ThresholdCurve(forest)
    var linkCount = 0
    // Most similar first; a threshold at which only links inside clusters are added changes no cluster
    // and is a point all the same.
    let points = counts.map { count in
      linkCount += Int(clamping: count.links)
      let point = components.point(at: count.similarity)
      return Report.ThresholdCurve.Point(
        threshold: count.similarity, linkCount: linkCount,
        clusterCount: point?.clusterCount ?? 0,
        clusteredImageCount: point?.clusteredImageCount ?? 0,
        largestClusterImageCount: point?.largestClusterSize ?? 0)
    }
    return Report.ThresholdCurve(points: points.reversed(), currentThreshold: threshold)
  }
}
