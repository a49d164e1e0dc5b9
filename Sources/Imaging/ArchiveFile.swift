import CCodecs
import Catalog
import Glibc

/// One open file of the archive.
///
/// Closed when it goes out of scope. Nothing is ever written.
struct ArchiveFile: ~Copyable {
  let descriptor: Int32
  let path: ArchivePath
  let byteCount: Int
  /// As it was when opened.
  let status: stat

  /// Opens a regular file below the folder `root`, never waiting (a FIFO would).
  ///
  /// - Parameter name: room for the path as C reads it, kept by the caller from file to file.
  init(
    _ path: ArchivePath, below root: Int32, followsLinks: Bool, name: inout [UInt8]
  ) throws(ReadFailure) {
    name.removeAll(keepingCapacity: true)
    name.append(contentsOf: path.bytes)
    name.append(0)
    let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (followsLinks ? 0 : O_NOFOLLOW)
    let descriptor = unsafe name.withUnsafeBytes {
      guard let start = unsafe $0.bindMemory(to: CChar.self).baseAddress else { return Int32(-1) }
      return unsafe openat(root, start, flags)
    }
    guard descriptor >= 0 else { throw ReadFailure(path: path, errno: errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw ReadFailure(path: path, errno: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw ReadFailure(path: path, reason: .notRegularFile)
    }
    self.descriptor = descriptor
    self.path = path
    self.status = status
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Throws when the file is no longer as it was when opened.
  func checkUnchanged() throws(ReadFailure) {
    var now = stat()
    guard unsafe fstat(descriptor, &now) == 0 else {
      throw ReadFailure(path: path, errno: errno)
    }
    let same =
      now.st_size == status.st_size && now.st_mtim.tv_sec == status.st_mtim.tv_sec
      && now.st_mtim.tv_nsec == status.st_mtim.tv_nsec
    guard same else { throw ReadFailure(path: path, reason: .changed) }
  }

  /// Fills `buffer` with the bytes from `offset` on.
  ///
  /// - Returns: how many came: fewer than asked for only at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(ReadFailure) -> Int {
    var count = 0
    while count < buffer.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
      let got = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset + count))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw ReadFailure(path: path, errno: errno) }
      count += got
      // The end, or so it seems: a file that fills the room exactly is asked no second time.
      if got == 0 || offset + count == byteCount { break }
    }
    return count
  }
}
