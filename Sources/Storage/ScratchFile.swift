import Glibc
import Synchronization

/// A file without a name that is written once and then read at any place.
///
/// For what is too much for memory and made again whenever it is needed: it goes with the process. Safe
/// from any thread.
public final class ScratchFile: ByteSource {
  private let path: String
  private let descriptor: Int32
  private let state = Mutex(State())

  private struct State {
    var waiting: [UInt8] = []
    var writtenByteCount = 0
  }

  private static let waitingByteCount = 1 << 20

  /// Makes the file.
  ///
  /// - Parameter path: a name that it has for a moment, and by which messages call it.
  public init(path: String) throws {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StorageFailure(path: path, action: "made", code: errno) }
    guard unsafe unlink(path) == 0 else {
      let failure = StorageFailure(path: path, action: "removed", code: errno)
      close(descriptor)
      throw failure
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Appends bytes and returns their place; they can be read after `flush`.
  @discardableResult
  public func append(_ bytes: some Collection<UInt8>) throws -> Range<Int> {
    let (start, end, isFull) = state.withLock { state in
      let start = state.writtenByteCount + state.waiting.count
      state.waiting.append(contentsOf: bytes)
      let end = state.writtenByteCount + state.waiting.count
      return (start, end, state.waiting.count >= Self.waitingByteCount)
    }
    if isFull { try flush() }
    return start..<end
  }

  /// Writes what waits.
  public func flush() throws {
    try state.withLock { state in
      var written = 0
      let waiting = state.waiting
      while written < waiting.count {
        let count = unsafe waiting.withUnsafeBytes {
          unsafe write(
            descriptor, $0.baseAddress?.advanced(by: written), waiting.count - written)
        }
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
          throw StorageFailure(path: path, action: "written", code: errno)
        }
        written += count
      }
      state.writtenByteCount += written
      state.waiting.removeAll(keepingCapacity: true)
    }
  }

  /// Fills `bytes` from a place in the file.
  public func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    unsafe try readBytes(of: descriptor, path: path, into: bytes, at: offset)
  }
}
