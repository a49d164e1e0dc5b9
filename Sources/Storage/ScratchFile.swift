import Glibc
import Synchronization

/// A file without a name that is written once and then read at any place.
///
/// For what is too much for memory and made again whenever it is needed: it goes with the process. Safe
/// from any thread.
public final class ScratchFile: Sendable {
  private let path: String
  private let descriptor: Int32
  private let waiting = Mutex<[UInt8]>([])

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

  /// Appends bytes; they can be read after `flush`.
  public func append(_ bytes: some Collection<UInt8>) throws {
    let isFull = waiting.withLock {
      $0.append(contentsOf: bytes)
      return $0.count >= Self.waitingByteCount
    }
    if isFull { try flush() }
  }

  /// Writes what waits.
  public func flush() throws {
    try waiting.withLock { waiting in
      var written = 0
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
      waiting.removeAll(keepingCapacity: true)
    }
  }

  /// Fills `bytes` from a place in the file.
  public func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let count = unsafe pread(
        descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done,
        off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw StorageFailure(path: path, action: "read", code: count < 0 ? errno : EIO)
      }
      done += count
    }
  }
}
