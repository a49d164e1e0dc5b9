import CCodecs
import Catalog
import Glibc

/// The bytes of the file at hand, in memory that is kept from file to file.
///
/// A file longer than `DecodeSettings.wholeFileByteCount` is hashed part by part and only its first
/// bytes stay, so a worker never holds more than that.
@safe final class ReadBuffer {
  private var memory = UnsafeMutableRawBufferPointer.allocate(
    byteCount: leastByteCount, alignment: 64)
  /// Bytes held from the start of the file.
  private(set) var count = 0
  /// Whether they are the whole file.
  private(set) var isWhole = true

  private static let leastByteCount = 1 << 22
  private static let partByteCount = 4 << 20

  deinit { unsafe memory.deallocate() }

  /// The bytes held.
  ///
  /// The room behind them is at least `CCODECS_PADDING` long.
  var bytes: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
  }

  /// The first bytes, for `ImageFormat.identify`.
  var prefix: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: memory[..<min(count, ImageFormat.prefixByteCount)])
  }

  /// Reads a file from start to end and returns the hash of its bytes.
  func load(_ file: borrowing ArchiveFile) throws(ReadFailure) -> ContentHash {
    isWhole = file.byteCount <= DecodeSettings.wholeFileByteCount
    count = 0
    let content = isWhole ? try loadWhole(file) : try loadParts(file)
    try file.checkUnchanged()
    return content
  }

  /// The room that `load` makes for a file.
  static func byteCount(of file: borrowing ArchiveFile) -> Int {
    file.byteCount <= DecodeSettings.wholeFileByteCount ? file.byteCount : partByteCount
  }

  /// Gives memory back that is longer than `byteCount`; what was held is gone then.
  func trim(to byteCount: Int) {
    guard unsafe memory.count > byteCount else { return }
    count = 0
    unsafe memory.deallocate()
    unsafe memory = .allocate(byteCount: Self.leastByteCount, alignment: 64)
  }

  private func loadWhole(_ file: borrowing ArchiveFile) throws(ReadFailure) -> ContentHash {
    reserve(file.byteCount)
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<file.byteCount])
    count = unsafe try file.read(into: room, at: 0)
    guard count == file.byteCount else { throw ReadFailure(path: file.path, reason: .changed) }
    return unsafe ContentHash(of: UnsafeRawBufferPointer(bytes))
  }

  private func loadParts(_ file: borrowing ArchiveFile) throws(ReadFailure) -> ContentHash {
    reserve(Self.partByteCount)
    let hasher = ContentHasher()
    let kept = ImageFormat.prefixByteCount
    var offset = 0
    while offset < file.byteCount {
      // The first part is read at the start of the memory, later ones behind what is kept of it.
      let start = offset == 0 ? 0 : kept
      let end = min(start + file.byteCount - offset, Self.partByteCount)
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start..<end])
      let got = unsafe try file.read(into: room, at: offset)
      guard got == end - start else { throw ReadFailure(path: file.path, reason: .changed) }
      unsafe hasher.add(UnsafeRawBufferPointer(rebasing: room[..<got]))
      offset += got
    }
    count = kept
    return hasher.hash
  }

  private func reserve(_ byteCount: Int) {
    let needed = byteCount + Int(CCODECS_PADDING)
    guard unsafe needed > memory.count else { return }
    unsafe memory.deallocate()
    // Room to grow, but not on top of the largest files.
    let surplus = needed < 1 << 24 ? needed / 4 : 0
    unsafe memory = .allocate(byteCount: needed + surplus, alignment: 64)
  }
}
