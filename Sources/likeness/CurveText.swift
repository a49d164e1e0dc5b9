import Foundation
import Report

/// What every threshold gives, for a person and for a program.
enum CurveText {
  /// A chart, and a line a threshold, the highest first.
  ///
  /// - Parameter floor: no threshold may be typed that is under it.
  static func text(_ curve: ThresholdCurve, imageCount: Int, floor: Double) -> String {
    var text = curve.terminalChart()
    text += "\nthreshold         links   clusters  clustered   outliers    largest\n"
    let lower = [floor.nextDown] + curve.points.map(\.threshold)
    for (point, lower) in zip(curve.points, lower).reversed() {
      let numbers = [
        point.clusterCount, point.clusteredImageCount, imageCount - point.clusteredImageCount,
        point.largestClusterImageCount,
      ]
      text += cell(thresholdText(point.threshold, above: lower), 9)
      text += cell(point.linkCount.formatted(), 14)
      text += numbers.map { cell($0.formatted(), 11) }.joined() + "\n"
    }
    return text
  }

  /// A line a threshold, the highest first.
  static func json(_ curve: ThresholdCurve, imageCount: Int) throws -> [String] {
    try curve.points.reversed().map { point in
      try JSONText.line([
        "threshold": point.threshold, "links": point.linkCount, "clusters": point.clusterCount,
        "clustered": point.clusteredImageCount,
        "outliers": imageCount - point.clusteredImageCount,
        "largestCluster": point.largestClusterImageCount,
      ])
    }
  }

  private static func cell(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
