import Glibc

/// Bytes that can be read at any place, from any thread.
public protocol ByteSource: Sendable {
  /// Fills `bytes` from `offset` on.
  func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws
}

extension ByteSource {
  /// The bytes of a range.
  public func bytes(in range: Range<Int>) throws -> [UInt8] {
    try unsafe [UInt8](unsafeUninitializedCapacity: range.count) { free, count in
      let free = UnsafeMutableRawBufferPointer(free)
      try unsafe read(
        into: UnsafeMutableRawBufferPointer(rebasing: free[..<range.count]), at: range.lowerBound)
      count = range.count
    }
  }
}

/// Fills `bytes` from a place in a file.
func readBytes(
  of descriptor: Int32, path: String, into bytes: UnsafeMutableRawBufferPointer, at offset: Int
) throws {
  var done = 0
  while done < bytes.count {
    let count = unsafe pread(
      descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset + done))
    if count < 0, errno == EINTR { continue }
    guard count > 0 else {
      throw StorageFailure(path: path, action: "read", code: count < 0 ? errno : EIO)
    }
    done += count
  }
}
