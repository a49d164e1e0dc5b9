import Catalog

@testable import Report

/// Keeps what a writer hands over.
final class Collector {
  private(set) var bytes: [UInt8] = []
  private(set) var blockCount = 0
  var text: String { String(decoding: bytes, as: UTF8.self) }

  func take(_ block: [UInt8]) {
    bytes += block
    blockCount += 1
  }
}

extension ClusterMember {
  /// A member of 640 x 480 pixels whose file has as many bytes as its number has thousands.
  static func plain(
    _ image: UInt32, _ path: ArchivePath, otherPaths: [ArchivePath] = [],
    nearest: Double? = 0.9375, weakest: Double? = 0.875
  ) -> ClusterMember {
    ClusterMember(
      image: ImageID(rawValue: image), path: path, otherPaths: otherPaths, width: 640, height: 480,
      byteCount: Int64(image) * 1000, modifiedNanoseconds: 0, nearestSimilarity: nearest,
      weakestSimilarity: weakest)
  }
}

extension ClusterHeading {
  /// A cluster that its member `representative` stands for.
  static func plain(_ number: Int, imageCount: Int, representative: UInt32) -> ClusterHeading {
    ClusterHeading(
      number: number, imageCount: imageCount, weakestSimilarity: 0.875,
      representative: ImageID(rawValue: representative))
  }
}

extension ResultSummary {
  /// A summary in which every file is accounted for.
  static let balanced = ResultSummary(
    method: .links(
      Settings(
        measure: "pdq", threshold: 0.875, batchThreshold: 0.875, floor: 0.75, linkage: "single",
        merge: "exhaustive")),
    outcomes: Outcomes(
      scanned: 20, clustered: 9, outliers: 5, quarantined: 3, notRead: 1, skipped: 2),
    clusterCount: 3, largestClusterImageCount: 4, noDetailCount: 1)
}
