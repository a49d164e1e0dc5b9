import Catalog
import Glibc

/// A file of which the bytes could not be had: nothing is known about the image, and another try may do.
public struct ReadFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong.
  public enum Reason: Hashable, Sendable {
    /// No such file any more.
    case vanished
    /// The user may not read it.
    case permission
    /// No regular file: a folder, a FIFO, a socket, a device, or a link where none is followed.
    case notRegularFile
    /// Its size or modification time changed while it was read.
    case changed
    /// It is not the file that was meant, by its size or modification time.
    case replaced
    /// The storage failed, with this error number (EIO, ESTALE, ETIMEDOUT, ...).
    case storage(errno: Int32)
    /// The machine is short of memory, descriptors or processes, with this error number.
    case resources(errno: Int32)
    /// No decoder process could be started, with this error number.
    case decoderNotStarted(errno: Int32)
    /// The decoder process ended before it was ready for an image.
    case decoderEndedEarly
    /// The decoder process was killed from outside.
    case decoderKilled
  }

  /// The file, relative to the archive; empty for the archive itself.
  public let path: ArchivePath
  /// What went wrong.
  public let reason: Reason

  /// Makes a failure.
  public init(path: ArchivePath, reason: Reason) {
    (self.path, self.reason) = (path, reason)
  }

  init(path: ArchivePath, errno: Int32) {
    self.path = path
    reason =
      switch errno {
      case ENOENT, ENOTDIR: .vanished
      case EACCES, EPERM: .permission
      case ELOOP, ENXIO, EISDIR: .notRegularFile
      case ENOMEM, EMFILE, ENFILE, EAGAIN: .resources(errno: errno)
      default: .storage(errno: errno)
      }
  }

  /// The path and what happened, in one line.
  public var description: String {
    "\(path.bytes.isEmpty ? "the archive" : path.displayName): \(message)"
  }

  /// What happened, without the path.
  public var message: String {
    switch reason {
    case .vanished: "it is not there any more"
    case .permission: "permission denied"
    case .notRegularFile: "not a regular file"
    case .changed: "it changed while it was read"
    case .replaced: "it changed since the scan; 'likeness run' scans again"
    case .storage(let errno): "cannot be read: \(Self.text(of: errno))"
    case .resources(let errno): "cannot be read for want of resources: \(Self.text(of: errno))"
    case .decoderNotStarted(let errno):
      "its decoder process could not be started: \(Self.text(of: errno))"
    case .decoderEndedEarly: "its decoder process ended before it was ready"
    case .decoderKilled: "its decoder process was killed from outside"
    }
  }

  private static func text(of errno: Int32) -> String {
    unsafe String(cString: strerror(errno))
  }
}
