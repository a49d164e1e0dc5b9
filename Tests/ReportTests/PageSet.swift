import Catalog

@testable import Report

/// The pages of a made-up result, and what was asked for on the way.
final class PageSet {
  private(set) var files: [String: [UInt8]] = [:]
  private(set) var thumbnailRequests: [ImageID] = []

  /// Writes the pages of `clusterCount` clusters of `memberCount` images each.
  init(
    clusterCount: Int, memberCount: Int = 4, thumbnail: ThumbnailResult? = nil,
    paths: [ArchivePath] = [],
    summary change: (inout ResultSummary) -> Void = { _ in },
    options changeOptions: (inout ReportOptions) -> Void = { _ in }
  ) throws {
    var summary = ResultSummary.balanced
    summary.clusterCount = clusterCount
    change(&summary)
    var options = ReportOptions()
    changeOptions(&options)
    var pages = ReportPages(
      subject: .init(
        title: "holiday", summary: summary, curve: .example, leftOut: leftOut(),
        archive: .absolute(root: Array("/pictures".utf8))),
      options: options,
      thumbnails: { images in
        self.thumbnailRequests += images.map(\.image)
        return images.map {
          thumbnail
            ?? .file(path: ArchivePath("thumbnails/\($0.image.rawValue).jpg"), width: 4, height: 3)
        }
      }, sink: { self.files[$0] = $1 })
    for number in stride(from: 1, through: clusterCount, by: 1) {
      let first = UInt32((number - 1) * memberCount)
      try pages.append(
        .plain(number, imageCount: memberCount, representative: first),
        members: (0..<memberCount).map { position in
          let image = first + UInt32(position)
          let path = paths.isEmpty ? ArchivePath("a/\(image).jpg") : paths[position]
          return .plain(image, path, weakest: Double(image * 7 % 10) / 10)
        })
    }
    try pages.finish()
  }

  /// A page as text.
  func text(_ name: String) -> String { String(decoding: files[name] ?? [], as: UTF8.self) }
}

extension ThresholdCurve {
  /// Three thresholds; the result at hand is cut at the middle one.
  static let example = ThresholdCurve(
    points: [
      .init(
        threshold: 0.75, linkCount: 120_000, clusterCount: 2, clusteredImageCount: 950,
        largestClusterImageCount: 940),
      .init(
        threshold: 0.875, linkCount: 700, clusterCount: 60, clusteredImageCount: 300,
        largestClusterImageCount: 12),
      .init(
        threshold: 1, linkCount: 10, clusterCount: 10, clusteredImageCount: 20,
        largestClusterImageCount: 2),
    ], currentThreshold: 0.875)
}
