import Catalog
import Features
import Glibc
import Imaging
import Storage
import Synchronization

/// Reads images for one worker: not `Sendable`, one for each thread.
final class ArchiveReader {
  private let settings: Settings
  private let decoderExecutable: String
  private let health: ArchiveHealth
  private let rooms: ImageRooms
  private var readers: [[RasterForm]: ImageReader] = [:]

  init(
    settings: Settings, decoderExecutable: String, health: ArchiveHealth, rooms: ImageRooms
  ) {
    self.settings = settings
    self.rooms = rooms
    self.decoderExecutable = decoderExecutable
    self.health = health
  }

  /// Reads one image and extracts the features that its task asks for.
  ///
  /// - Throws: `ArchiveUnavailable` when the archive itself is in trouble; the image is then not at
  ///   fault, and nothing is recorded of it.
  func read(
    _ image: CatalogImage, _ task: BatchWork.Task, contents: BatchFeed.ContentIndex
  ) throws -> ImageReading {
    let reader = try reader(for: task.measures)
    func key(_ content: ContentHash) -> BatchFeed.ContentKey {
      BatchFeed.ContentKey(content: content, measureCount: task.measures.count)
    }
    let read = reader.read(image.path) { contents.contains(key($0)) }
    if let content = read.content {
      guard read.sizeBytes == image.sizeBytes, task.content ?? content == content else {
        return .changedSinceScan
      }
    }
    let reading = try ImageReading(
      read, measures: task.measures, forms: task.measures.rasters)
    try health.note(isStorageError: reading.isStorageError)
    if let content = reading.content, reading.isDecoded { contents.insert(key(content)) }
    return reading
  }

  private func reader(for measures: [Measure]) throws -> ImageReader {
    let rasters = measures.rasters
    if let reader = readers[rasters] { return reader }
    let reader = try ImageReader(
      archive: Array(settings.archive.utf8), rasters: rasters, settings: settings.decoding,
      decoderExecutable: decoderExecutable, rooms: rooms)
    readers[rasters] = reader
    return reader
  }
}

extension [Measure] {
  /// The rasters that these measures read, each once; a small one where none reads any, so that an image
  /// is known to be one.
  var rasters: [RasterForm] {
    let forms = reduce(into: [RasterForm]()) { forms, measure in
      if let form = measure.raster, !forms.contains(form) { forms.append(form) }
    }
    return forms.isEmpty
      ? [.exactly(RasterSpecification(width: 8, height: 8, channels: .gray))] : forms
  }
}

/// The archive cannot be read at all just now; no image is at fault.
public struct ArchiveUnavailable: Error, CustomStringConvertible {
  /// The root of the archive.
  public let archive: String
  /// What was seen.
  public let detail: String
  /// One line for a person.
  public var description: String {
    "\(archive): \(detail); bring the archive back, then go on with 'likeness resume RUN'"
  }
}

/// Notices that the archive as a whole has gone: its root, its device, or one read after the other.
///
/// Safe from any thread.
final class ArchiveHealth: Sendable {
  private let archive: String
  private let root: FileIdentity
  private let errorStreak = Atomic(0)

  /// So many storage errors with no image between them are not the fault of images.
  private static let longestStreak = 100

  init(archive: String, root: FileIdentity) {
    self.archive = archive
    self.root = root
  }

  /// Counts one read.
  func note(isStorageError: Bool) throws {
    guard isStorageError else {
      errorStreak.store(0, ordering: .relaxed)
      return
    }
    guard errorStreak.add(1, ordering: .relaxed).newValue < Self.longestStreak else {
      throw ArchiveUnavailable(
        archive: archive,
        detail: "\(Self.longestStreak) files in a row could not be read (if they were removed, "
          + "scan again with 'likeness run')")
    }
    try checkRoot()
  }

  /// Looks whether the root is still what was scanned.
  func checkRoot() throws {
    let now = try Self.identity(ofRoot: archive)
    guard now == root else {
      throw ArchiveUnavailable(
        archive: archive,
        detail: "is another folder or on another device than was scanned (if it was mounted anew, "
          + "'likeness run \(archive) --into RUN' scans it again where it is now)")
    }
  }

  /// The identity of the root of an archive.
  static func identity(ofRoot archive: String) throws -> FileIdentity {
    var status = stat()
    guard unsafe stat(archive, &status) == 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw ArchiveUnavailable(archive: archive, detail: "cannot be opened: \(reason)")
    }
    return status.identity
  }
}
