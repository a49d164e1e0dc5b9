import Catalog
import Glibc

/// Makes one file of another, in one of four ways, never over a file that is there.
enum FileTransfer {
  /// A file that could not be made.
  struct Failure: Error, CustomStringConvertible {
    let path: [UInt8]
    let action: String
    let code: Int32

    var description: String {
      let reason =
        code == ESTALE ? "it changed since the scan" : unsafe String(cString: strerror(code))
      let advice =
        switch code {
        case EXDEV: "; it is on another file system than the archive: use '--as copy' or 'symlink'"
        case _ where action == "cloned":
          "; this file system cannot share blocks: use '--as copy'"
        case ENOSPC: "; make room and publish again"
        case ENOENT: "; it is gone since the scan: 'likeness run' scans again"
        case ESTALE: "; 'likeness run' scans again"
        default: ""
        }
      return "\(ArchivePath(bytes: path).displayName): cannot be \(action): \(reason)\(advice)"
    }
  }

  /// Makes `target` of `source`; both are absolute.
  ///
  /// It is durable once its file system is synced.
  ///
  /// - Parameter isExpected: whether the source is the file that is meant; not asked for a symbolic
  ///   link, which leads to whatever has the name. A file that is not is a `Failure` with `ESTALE`.
  static func make(
    _ target: [UInt8], from source: [UInt8], as kind: PublishedFile, isExpected: (stat) -> Bool
  ) throws {
    switch kind {
    case .symlink:
      guard unsafe symlink(source.cString, target.cString) == 0 else {
        throw Failure(path: target, action: "linked", code: errno)
      }
    case .hardlink:
      var status = stat()
      guard unsafe stat(source.cString, &status) == 0 else {
        throw Failure(path: source, action: "linked", code: errno)
      }
      guard isExpected(status) else { throw Failure(path: source, action: "linked", code: ESTALE) }
      // A link of the archive that was followed stands for the file it leads to.
      let followed = unsafe linkat(
        AT_FDCWD, source.cString, AT_FDCWD, target.cString, AT_SYMLINK_FOLLOW)
      guard followed == 0 else {
        throw Failure(path: errno == ENOENT ? source : target, action: "linked", code: errno)
      }
    case .reflink: try copy(source, to: target, shares: true, isExpected)
    case .copy: try copy(source, to: target, shares: false, isExpected)
    }
  }

  /// The request that makes one file share another's blocks: `FICLONE` of `linux/fs.h`, a macro that
  /// Swift does not import.
  private static let cloneRequest: UInt = 0x4004_9409

  private static func copy(
    _ source: [UInt8], to target: [UInt8], shares: Bool, _ isExpected: (stat) -> Bool
  ) throws {
    let from = unsafe open(source.cString, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard from >= 0 else { throw Failure(path: source, action: "read", code: errno) }
    defer { close(from) }
    var status = stat()
    guard unsafe fstat(from, &status) == 0 else {
      throw Failure(path: source, action: "read", code: errno)
    }
    guard isExpected(status) else { throw Failure(path: source, action: "copied", code: ESTALE) }
    let to = unsafe open(target.cString, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard to >= 0 else { throw Failure(path: target, action: "made", code: errno) }
    do {
      try fill(to, target, from: from, status, shares: shares)
    } catch {
      close(to)
      throw error
    }
    // A network file system may tell only here that there is no room.
    guard close(to) == 0 else { throw Failure(path: target, action: "copied", code: errno) }
  }

  private static func fill(
    _ to: Int32, _ target: [UInt8], from: Int32, _ status: stat, shares: Bool
  ) throws {
    if shares {
      guard ioctl(to, cloneRequest, from) == 0 else {
        throw Failure(path: target, action: "cloned", code: errno)
      }
    } else {
      try copyBytes(from, to, target)
    }
    let times = [status.st_atim, status.st_mtim]
    guard unsafe futimens(to, times) == 0, fchmod(to, status.st_mode & 0o777) == 0 else {
      throw Failure(path: target, action: "given its times", code: errno)
    }
  }

  private static func copyBytes(_ from: Int32, _ to: Int32, _ target: [UInt8]) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe read(from, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure(path: target, action: "copied", code: errno) }
      if count == 0 { return }
      var offset = 0
      while offset < count {
        let written = unsafe buffer.withUnsafeBytes {
          unsafe write(to, $0.baseAddress?.advanced(by: offset), count - offset)
        }
        if written < 0, errno == EINTR { continue }
        guard written >= 0 else { throw Failure(path: target, action: "copied", code: errno) }
        offset += written
      }
    }
  }
}
