import Catalog
import Glibc
import Imaging
import Report
import Storage
import Synchronization

/// The thumbnails that the pages of results show: one file an image, shared by all results.
///
/// An image number never stands for other content, so a thumbnail is good for the life of the run. A
/// page falls back to the original where there is none, so its bytes do not depend on which were made.
final class ThumbnailFolder: Sendable {
  /// The longer side, in pixels: sharp at the 160 pixels shown, also on a screen of double density.
  static let sidePixels = 256

  private let context: RunContext
  private let wanted = Mutex<[ImageID: ClusterMember]>([:])

  var path: String { context.directory.thumbnailsFolder }

  init(context: RunContext) { self.context = context }

  /// Makes the folder reachable from a result, which lies two folders below the run.
  func link(into result: String) throws {
    try context.files.makeFolder(path)
    try context.files.switchLink(result + "/thumbnails", to: "../../thumbnails")
  }

  /// Where the thumbnails of images are, or will be once `makeMissing` has run.
  func results(_ members: [ClusterMember]) -> [ThumbnailResult] {
    members.map { member in
      wanted.withLock { $0[member.image] = member }
      let longer = max(member.width, member.height, 1)
      let scale = min(1, Double(Self.sidePixels) / Double(longer))
      return .file(
        path: ArchivePath("thumbnails/\(member.image.rawValue).jpg"),
        width: max(1, Int((Double(member.width) * scale).rounded())),
        height: max(1, Int((Double(member.height) * scale).rounded())))
    }
  }

  /// The images whose thumbnails were asked for and are not there.
  func missing() -> [ClusterMember] {
    wanted.withLock { Array($0.values) }
      .filter { unsafe access(file($0.image), F_OK) != 0 }.sorted { $0.image < $1.image }
  }

  /// Makes the thumbnails that were asked for and are not there.
  ///
  /// Opens images: not for a merge.
  ///
  /// - Throws: `Interrupted` when a stop was asked for before the last was begun; those made stay.
  func makeMissing(stage: Int, of stageCount: Int) throws {
    let missing = missing()
    guard !missing.isEmpty else { return }
    context.progress.begin(
      stage, of: stageCount, "Drawing", unit: "thumbnails", total: missing.count)
    defer { context.progress.end() }
    let next = Atomic(0)
    let rooms = ImageRooms(
      memoryLimitBytes: context.settings.memoryLimitBytes,
      workerCount: context.settings.workerCount)
    try context.pool.onEachWorker { isFailed in
      let reader = try ImageReader(
        archive: Array(context.settings.archive.utf8), rasters: [],
        settings: context.settings.decoding, decoderExecutable: context.decoderExecutable,
        rooms: rooms)
      while !isFailed() {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < missing.count else { return }
        if context.stop.shouldStop { throw Interrupted() }
        let member = missing[index]
        let file = file(member.image)
        do {
          try context.files.write(
            reader.thumbnail(member.path, side: Self.sidePixels, isExpected: member.isUnchanged),
            to: file + ".unfinished")
          guard unsafe rename(file + ".unfinished", file) == 0 else {
            throw StorageFailure(path: file, action: "put in place", code: errno)
          }
        } catch let failure as StorageFailure {
          throw failure
        } catch {
          context.log.warning("no thumbnail of \(member.path.displayName): \(error)")
        }
        context.progress.advance(1)
      }
    }
  }

  /// The images whose thumbnails were asked for and are there, ascending.
  func shown() -> [UInt32] {
    wanted.withLock { $0.keys.filter { unsafe access(file($0), F_OK) == 0 } }
      .map(\.rawValue).sorted()
  }

  /// Whether the thumbnail of an image is a whole JPEG file by its first and last bytes.
  func isSound(_ image: UInt32) -> Bool { isSound("\(path)/\(image).jpg") }

  private func isSound(_ file: String) -> Bool {
    guard let bytes = try? contents(ofFile: file) else { return false }
    return bytes.starts(with: [0xFF, 0xD8]) && bytes.suffix(2) == [0xFF, 0xD9]
  }

  /// Removes what is no picture, so that it is made again.
  func removeUnsound() throws {
    for name in try DurableFiles.entries(of: path) where name.hasSuffix(".jpg") {
      let file = "\(path)/\(name)"
      if !isSound(file) { try context.files.removeTree(file) }
    }
  }

  private func file(_ image: ImageID) -> String { "\(path)/\(image.rawValue).jpg" }
}
