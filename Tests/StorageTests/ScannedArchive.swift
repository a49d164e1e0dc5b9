import Catalog
import Foundation
import Storage
import TestArchives
import Testing

/// An archive and a run's database, scanned as often as a test likes.
final class ScannedArchive {
  let folder: TemporaryFolder
  let tree: FileTree
  let database: RunDatabase
  /// How many files a scan has read to know them again.
  private(set) var hashedPaths: [String] = []
  /// Called with every file that a scan is about to read.
  var onHash: (String) throws -> Void = { _ in }

  private var archive: String { folder("archive") }

  init() throws {
    folder = try TemporaryFolder()
    tree = FileTree(folder("archive"))
    try FileTree(folder.path).makeFolder("archive")
    try FileTree(folder.path).makeFolder("run")
    database = try RunDatabase(RunDirectory(path: folder("run")), mode: .write)
  }

  /// Scans, in batches of three images.
  ///
  /// - Parameter unreadable: folders that the walk finds and cannot look at.
  @discardableResult
  func scan(
    acceptMissing: Bool = false, followsLinks: Bool = false, unreadable: [String] = []
  ) throws -> ScanSummary {
    hashedPaths = []
    let walk = ArchiveWalk(root: archive, followsLinks: followsLinks)
    return try database.recordScan(
      root: FileIdentity(device: 1, inode: 2), limits: BatchLimits(imageCount: 3),
      acceptMissing: acceptMissing,
      walk: { found in
        var tally = try walk.forEachFile { file in
          let isHidden = unreadable.contains { file.path.displayName.hasPrefix($0 + "/") }
          if !isHidden { try found(file) }
        }
        tally.unreadable += unreadable.map { .init(path: ArchivePath($0), code: EIO) }
        return tally
      },
      hash: { path in
        try self.onHash(path.displayName)
        self.hashedPaths.append(path.displayName)
        return self.content(path)
      })
  }

  /// Records every batch that is not done as the batch pass does, without decoding anything.
  func finishBatches() throws {
    for batch in try database.batches() where batch.generation == 0 || batch.isStale {
      let results = try database.images(of: batch.id).filter { !$0.isGone }.map { image in
        ImageResult(
          id: image.id, outcome: .done, content: content(image.path), width: 1, height: 1,
          failure: nil)
      }
      try database.record(
        batch.id, generation: batch.generation + 1, digest: "d", measures: [:],
        results: results)
    }
  }

  private func content(_ path: ArchivePath) -> ContentHash? {
    guard let bytes = try? contents(ofFile: archive + "/" + (path.utf8 ?? "")) else { return nil }
    return ContentHash(of: bytes)
  }

  /// The number of each living image by its first name.
  func numbers() throws -> [String: UInt32] {
    Dictionary(
      uniqueKeysWithValues: try database.livingImages().map {
        ($0.path.displayName, $0.id.rawValue)
      })
  }

  /// The batches that an image which is gone makes to be linked again.
  func staleBatches() throws -> [UInt32] {
    try database.batches().filter(\.isStale).map(\.id.rawValue)
  }
}

extension ScanSummary {
  /// New, changed, renamed, gone.
  var changes: [Int] { [newCount, changedCount, renamedCount, goneCount] }
}

extension RunDatabase {
  /// The living images, in order of the numbers.
  func livingImages() throws -> [CatalogImage] {
    try batches().flatMap { try images(of: $0.id) }.filter { !$0.isGone }
  }
}
