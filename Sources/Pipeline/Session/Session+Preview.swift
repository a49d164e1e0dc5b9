import Catalog
import Foundation
import Report
import Storage

/// What every threshold would give for a sample of an archive.
public struct Preview: Sendable {
  /// Files in the archive.
  public var fileCount: Int
  /// Files in the sample.
  public var sampledFileCount: Int
  /// Images of the sample that were decoded.
  public var imageCount: Int
  /// What every threshold from the floor up gives for them, single linkage.
  public var curve: Report.ThresholdCurve
  /// The lowest similarity that links were kept for.
  public var floor: Double
  /// How long the images of the sample took to read and link.
  public var readingTime: Duration

  /// The part of the archive's pairs of files that the sample holds, 1 for all of them.
  public var pairShare: Double {
    func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) }
    return fileCount < 2 ? 1 : pairs(sampledFileCount) / pairs(fileCount)
  }
}

extension Session {
  /// Clusters a sample of an archive, in a folder for temporary files that is removed again.
  ///
  /// Files are drawn by a hash of their paths, each as likely: the same archive gives the same sample,
  /// and a larger one holds a smaller.
  ///
  /// - Parameter sampleCount: files at most, from 1.
  /// - Throws: what a run throws.
  public static func preview(
    layers: [SettingLayer], sampleCount: Int, environment: Environment
  ) throws -> Preview {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "likeness-preview-\(UUID().uuidString)").path
    let session = try make(folder, layers: layers, environment: environment)
    defer { try? environment.files.removeTree(folder) }
    let settings = session.context.settings
    var hashes: [UInt64] = []
    let walk = ArchiveWalk(
      root: settings.archive, filter: settings.filter, followsLinks: settings.followsLinks)
    _ = try WalkAhead(walk: walk, stop: environment.stop).forEachFile {
      hashes.append(hash($0.path))
    }
    let fileCount = hashes.count
    hashes.sort()
    let highest = hashes.prefix(sampleCount).last ?? .max
    _ = try session.scan(acceptMissing: false) { hash($0) <= highest }
    let clock = ContinuousClock()
    let readingTime = try clock.measure { _ = try session.finish(until: .batches) }
    let plan = try session.plan()
    _ = try MergePass(context: session.context).forest(plan, stage: 3, of: 3)
    let (curve, imageCount) = try session.thresholds()
    let sampledFileCount = try session.context.database.outcomeCounts().total
    try session.close()
    return Preview(
      fileCount: fileCount, sampledFileCount: sampledFileCount, imageCount: imageCount,
      curve: curve, floor: plan.comparison.floor, readingTime: readingTime)
  }

  private static func hash(_ path: ArchivePath) -> UInt64 {
    ContentHash(of: path.bytes).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
