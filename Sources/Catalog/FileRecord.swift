import Glibc

/// What a scan noted of one regular file.
public struct FileRecord: Hashable, Sendable {
  /// The name under the root of the archive.
  public let path: ArchivePath
  /// The length of the file in bytes.
  public let sizeBytes: Int64
  /// The time of the last modification, in nanoseconds since 1970.
  public let modifiedNanoseconds: Int64
  /// The device and inode: two names with the same pair are one file.
  public let identity: FileIdentity
  /// Whether another name of the same file may exist: a hard link, or a link that was followed.
  public let mayHaveFurtherNames: Bool

  /// Makes the record of one file.
  public init(
    path: ArchivePath, sizeBytes: Int64, modifiedNanoseconds: Int64, identity: FileIdentity,
    mayHaveFurtherNames: Bool
  ) {
    self.path = path
    self.sizeBytes = sizeBytes
    self.modifiedNanoseconds = modifiedNanoseconds
    self.identity = identity
    self.mayHaveFurtherNames = mayHaveFurtherNames
  }
}

/// A device and inode: what a file is on this machine, whatever its name.
public struct FileIdentity: Hashable, Sendable {
  /// `st_dev`.
  public let device: UInt64
  /// `st_ino`.
  public let inode: UInt64

  /// Makes the identity of a file.
  public init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}

extension stat {
  /// The device and inode.
  public var identity: FileIdentity {
    FileIdentity(device: UInt64(st_dev), inode: UInt64(st_ino))
  }

  /// The time of the last modification, in nanoseconds since 1970; years after 2262 wrap around.
  public var modifiedNanoseconds: Int64 {
    Int64(st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(st_mtim.tv_nsec)
  }
}
