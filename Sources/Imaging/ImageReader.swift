import Catalog
import Glibc

/// Reads the images of an archive: a path in, its content hash and rasters out, or the reason why not.
///
/// One a worker thread: it owns the read buffer, the decoders' scratch memory and, from the first
/// image on that needs one, a decoder process. It opens files for reading and writes nothing.
///
/// A file is read once. JPEG, PNG and BMP are decoded here, in lanes made for it; everything else, and what
/// a lane declines (CMYK, interlaced, huge, ...), by libvips in the decoder process. All lanes give
/// the same kind of raster through one reducer: 8-bit sRGB or gray, EXIF orientation applied,
/// transparency on the background, area mean, colour profiles ignored (but for CMYK).
///
/// - A raster depends on the file, its own specification and the background only: never on the
///   other rasters asked for, the machine's vector instructions or the order of files.
/// - A JPEG that is cut short is decoded, with a warning, if half of its rows are there; other
///   formats that are cut short are quarantined. Damage inside a JPEG's data is a warning.
/// - Memory: `ImageRooms.shareBytes`, kept from image to image. An image that needs more, up to
///   `ImageRooms.roomBytes`, or the decoder process with its own limit, `decoderMemoryBytes`, waits
///   for a room first, and its memory is given back with the room.
public final class ImageReader {
  let settings: DecodeSettings
  let lanes: LaneDecoder
  let buffer = ReadBuffer()
  let client: DecoderClient
  private let root: Int32
  private let rasters: [RasterForm]
  private let rooms: ImageRooms
  private var isInRoom = false
  private var name = [UInt8]()

  /// Opens the archive's root.
  ///
  /// - Parameters:
  ///   - archive: the path of the root folder, as bytes.
  ///   - rasters: what `read` makes of each image, 32 at most.
  ///   - decoderExecutable: the command whose hidden mode is `DecoderProcess.mode`.
  ///   - rooms: shared by the readers of all workers; one for a reader that is alone.
  /// - Throws: when the root cannot be opened.
  public init(
    archive: [UInt8], rasters: [RasterForm], settings: DecodeSettings,
    decoderExecutable: String,
    rooms: ImageRooms = ImageRooms(memoryLimitBytes: 1 << 30, workerCount: 1)
  ) throws(ReadFailure) {
    root = unsafe (archive + [0]).withUnsafeBytes {
      guard let start = unsafe $0.bindMemory(to: CChar.self).baseAddress else { return Int32(-1) }
      return unsafe Glibc.open(start, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    guard root >= 0 else { throw ReadFailure(path: ArchivePath(bytes: []), errno: errno) }
    self.rasters = rasters
    self.settings = settings
    self.rooms = rooms
    lanes = LaneDecoder(settings: settings)
    client = DecoderClient(
      executable: decoderExecutable, memoryBytes: settings.decoderMemoryBytes)
  }

  deinit { close(root) }

  /// Reads one file and makes the rasters.
  ///
  /// - Parameter isKnown: asked once, with the content hash, before anything is decoded; when it
  ///   says yes the outcome is `known`.
  public func read(
    _ path: ArchivePath, isKnown: (ContentHash) -> Bool = { _ in false }
  ) -> ReadImage {
    var content: ContentHash?
    var sizeBytes = 0
    defer { leaveRoom() }
    do throws(ImageProblem) {
      let file = try open(path)
      sizeBytes = file.byteCount
      try checkSize(of: file)
      let hash = try load(file)
      content = hash
      if isKnown(hash) { return ReadImage(content: hash, sizeBytes: sizeBytes, outcome: .known) }
      let image = try decode(file, rasters)
      return ReadImage(content: hash, sizeBytes: sizeBytes, outcome: .decoded(image))
    } catch {
      if case .notRead = error { content = nil }
      return ReadImage(content: content, sizeBytes: sizeBytes, outcome: error.outcome)
    }
  }

  /// A JPEG file that shows one image of the archive: in colour, aspect kept, longer side at most
  /// `side` pixels, never enlarged, EXIF orientation applied, transparency on the background.
  ///
  /// As safe against hostile files as `read`: the same limits, lanes and decoder process.
  ///
  /// - Parameter isExpected: whether the file, by its size and time, is the one that is meant.
  /// - Throws: a `DecodeFailure` or a `ReadFailure`.
  public func thumbnail(
    _ path: ArchivePath, side: Int, isExpected: (stat) -> Bool = { _ in true }
  ) throws -> [UInt8] {
    precondition((1...4096).contains(side), "a thumbnail of \(side) pixels")
    defer { leaveRoom() }
    do throws(ImageProblem) {
      let file = try open(path)
      guard isExpected(file.status) else {
        throw .notRead(ReadFailure(path: path, reason: .replaced))
      }
      try checkSize(of: file)
      _ = try load(file)
      let image = try decode(file, [.fitting(side: side, .color)])
      return try encode(image.rasters[0], path)
    } catch {
      throw error.failure(path)
    }
  }

  private func encode(_ raster: Raster, _ path: ArchivePath) throws(ImageProblem) -> [UInt8] {
    do throws(LaneDecoder.Problem) {
      return try lanes.encode(raster)
    } catch {
      throw .notRead(ReadFailure(path: path, errno: ENOMEM))
    }
  }

  private func open(_ path: ArchivePath) throws(ImageProblem) -> ArchiveFile {
    do throws(ReadFailure) {
      return try ArchiveFile(path, below: root, followsLinks: settings.followsLinks, name: &name)
    } catch {
      throw .notRead(error)
    }
  }

  private func load(_ file: borrowing ArchiveFile) throws(ImageProblem) -> ContentHash {
    takeRoom(byteCount: ReadBuffer.byteCount(of: file))
    do throws(ReadFailure) {
      return try buffer.load(file)
    } catch {
      throw .notRead(error)
    }
  }

  /// Waits for a room unless what the image takes fits into a worker's share.
  func takeRoom(byteCount: Int) {
    if isInRoom || byteCount <= rooms.shareBytes { return }
    rooms.enter()
    isInRoom = true
  }

  /// Gives back what an image took beyond the share.
  private func leaveRoom() {
    guard isInRoom else { return }
    buffer.trim(to: rooms.shareBytes)
    lanes.trim(keepByteCount: rooms.shareBytes)
    rooms.leave()
    isInRoom = false
  }

  private func checkSize(of file: borrowing ArchiveFile) throws(ImageProblem) {
    guard file.byteCount > settings.maximumFileBytes else { return }
    throw .quarantined(
      DecodeFailure(
        path: file.path, stage: .length, decoder: .none,
        reason: .fileTooLarge(byteCount: file.byteCount, limit: settings.maximumFileBytes)))
  }
}
