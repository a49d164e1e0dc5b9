import Glibc

/// A walk over every regular file of an archive.
///
/// Opens folders only, never a file: a FIFO, a socket or a device is counted and never waited on.
/// Links are not followed unless asked; followed, a folder is entered once, by the name that comes first
/// in byte order from the root, so a loop ends where it begins.
public struct ArchiveWalk: Sendable {
  /// What the walk met besides the regular files it reported.
  public struct Tally: Hashable, Sendable {
    /// Regular files reported.
    public var fileCount = 0
    /// Folders entered.
    public var folderCount = 0
    /// Files and folders that the filter left out.
    public var excludedCount = 0
    /// Symbolic links that were not followed, or lead nowhere.
    public var linkCount = 0
    /// FIFOs, sockets and devices.
    public var specialCount = 0
    /// Followed links to a folder that was entered before.
    public var repeatedFolderCount = 0
    /// Folders and files that could not be looked at, with the reason, in byte order of their paths.
    public var unseen: [Unseen] = []

    /// A tally of nothing.
    public init() {}

    /// Adds what another of several walkers met.
    public mutating func add(_ other: Tally) {
      fileCount += other.fileCount
      folderCount += other.folderCount
      excludedCount += other.excludedCount
      linkCount += other.linkCount
      specialCount += other.specialCount
      repeatedFolderCount += other.repeatedFolderCount
      unseen = (unseen + other.unseen).sorted { $0.path < $1.path }
    }
  }

  /// A folder or file that could not be looked at.
  public struct Unseen: Hashable, Sendable {
    /// Where it is.
    public let path: ArchivePath
    /// `errno`.
    public let code: Int32

    /// Makes the report of one.
    public init(path: ArchivePath, code: Int32) {
      self.path = path
      self.code = code
    }

    /// One line for a person.
    public var message: String { "\(path.displayName): \(reason)" }

    /// Why, in the words of the system.
    public var reason: String { unsafe String(cString: strerror(code)) }
  }

  /// A failure of the root itself.
  public struct RootFailure: Error, CustomStringConvertible {
    /// The path as given.
    public let path: String
    /// `errno`.
    public let code: Int32
    /// One line for a person.
    public var description: String {
      "\(path): cannot be opened as an archive: \(unsafe String(cString: strerror(code)))"
    }
  }

  private let root: String
  private let filter: PathFilter
  private let followsLinks: Bool
  private let leftOut: FileIdentity?

  /// Whether several walkers may share the folders: where links are followed, a folder is known by the
  /// first name that leads to it, so one walker goes through all in order.
  public var mayBeShared: Bool { !followsLinks }

  /// Makes a walk over the folder `root`.
  ///
  /// - Parameter leftOut: a folder that is not entered, though a followed link leads to it.
  public init(
    root: String, filter: PathFilter = PathFilter(), followsLinks: Bool = false,
    leftOut: FileIdentity? = nil
  ) {
    self.root = root
    self.filter = filter
    self.followsLinks = followsLinks
    self.leftOut = leftOut
  }

  /// Calls `body` with every regular file, folder by folder, and `entering` before each folder.
  ///
  /// - Throws: `RootFailure` when the root cannot be opened, or what `body` or `entering` throws.
  /// - Complexity: one `readdir` and one `fstatat` an entry; memory for the names of one folder and
  ///   the folders not yet entered.
  public func forEachFile(
    entering: () throws -> Void = {}, _ body: (FileRecord) throws -> Void
  ) throws -> Tally {
    try forEachFile(of: WaitingFolders(), entering: entering, body)
  }

  /// Walks as one of several walkers, each on a thread of its own.
  ///
  /// What it reports and tallies is of those folders that it took. One alone enters folders in byte
  /// order, several in any order.
  ///
  /// - Precondition: it is the only walker, or `mayBeShared`.
  public func forEachFile(
    of folders: WaitingFolders, entering: () throws -> Void = {},
    _ body: (FileRecord) throws -> Void
  ) throws -> Tally {
    // After an error the others need not go on.
    defer { folders.end() }
    var tally = Tally()
    let rootDescriptor = unsafe open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard rootDescriptor >= 0 else { throw RootFailure(path: root, code: errno) }
    defer { close(rootDescriptor) }
    var entered: Set<FileIdentity> = []
    while let folder = folders.next() {
      try entering()
      var found: [ArchivePath] = []
      do {
        try enter(
          folder, rootDescriptor: rootDescriptor, entered: &entered, found: &found, tally: &tally,
          body)
      } catch let failure as SystemFailure {
        if folder.bytes.isEmpty { throw RootFailure(path: root, code: failure.code) }
        tally.unseen.append(Unseen(path: folder, code: failure.code))
      }
      folders.leave(found: found)
    }
    tally.unseen.sort { $0.path < $1.path }
    return tally
  }

  private struct SystemFailure: Error { let code: Int32 }

  /// Reports the files of one folder and appends the folders in it to `found`, also when it fails.
  private func enter(
    _ folder: ArchivePath, rootDescriptor: Int32, entered: inout Set<FileIdentity>,
    found: inout [ArchivePath], tally: inout Tally, _ body: (FileRecord) throws -> Void
  ) throws {
    let name = (folder.bytes.isEmpty ? [UInt8(ascii: ".")] : folder.bytes) + [0]
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW)
    let descriptor = unsafe openat(rootDescriptor, name.map(CChar.init(bitPattern:)), flags)
    guard descriptor >= 0 else { throw SystemFailure(code: errno) }
    guard let stream = unsafe fdopendir(descriptor) else {
      close(descriptor)
      throw SystemFailure(code: errno)
    }
    defer { unsafe closedir(stream) }
    if followsLinks {
      var status = stat()
      guard unsafe fstat(descriptor, &status) == 0 else { throw SystemFailure(code: errno) }
      guard status.identity != leftOut else {
        tally.excludedCount += 1
        return
      }
      guard entered.insert(status.identity).inserted else {
        tally.repeatedFolderCount += 1
        return
      }
    }
    tally.folderCount += 1
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        guard errno == 0 else { throw SystemFailure(code: errno) }
        return
      }
      let name = unsafe Self.name(of: entry)
      guard let path = unsafe Self.path(of: name, in: folder) else { continue }
      let isFolder = unsafe entry.pointee.d_type == UInt8(DT_DIR)
      let kind =
        isFolder
        ? Kind.folder : unsafe try look(at: path, named: name, in: descriptor, tally: &tally, body)
      guard kind == .folder else { continue }
      if filter.admits(folder: path) { found.append(path) } else { tally.excludedCount += 1 }
    }
  }

  private enum Kind { case folder, other }

  /// Looks at one entry, reports it if it is a regular file, and counts it unless it is a folder.
  private func look(
    at path: ArchivePath, named name: UnsafePointer<CChar>, in descriptor: Int32,
    tally: inout Tally, _ body: (FileRecord) throws -> Void
  ) throws -> Kind {
    var status = stat()
    guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      // Gone between readdir and here: it is simply no longer in the archive.
      if errno != ENOENT { tally.unseen.append(Unseen(path: path, code: errno)) }
      return .other
    }
    var wasLink = false
    if status.st_mode & S_IFMT == S_IFLNK {
      guard followsLinks else {
        tally.linkCount += 1
        return .other
      }
      guard unsafe fstatat(descriptor, name, &status, 0) == 0 else {
        switch errno {
        case ENOENT, ENOTDIR, ELOOP: tally.linkCount += 1
        default: tally.unseen.append(Unseen(path: path, code: errno))
        }
        return .other
      }
      wasLink = true
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .folder
    case S_IFREG:
      guard filter.admits(file: path) else {
        tally.excludedCount += 1
        return .other
      }
      tally.fileCount += 1
      try body(
        FileRecord(
          path: path, sizeBytes: Int64(status.st_size),
          modifiedNanoseconds: status.modifiedNanoseconds,
          identity: status.identity,
          mayHaveFurtherNames: status.st_nlink > 1 || wasLink || followsLinks))
    default: tally.specialCount += 1
    }
    return .other
  }

  private static func name(of entry: UnsafeMutablePointer<dirent>) -> UnsafePointer<CChar> {
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else {
      preconditionFailure("an entry without a name")
    }
    return unsafe UnsafePointer(
      (UnsafeMutableRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
  }

  /// The path of an entry; nil for the folder itself and the one above.
  private static func path(
    of name: UnsafePointer<CChar>, in folder: ArchivePath
  ) -> ArchivePath? {
    let nameCount = unsafe strlen(name)
    let first = unsafe UnsafeRawBufferPointer(start: name, count: nameCount)
    if unsafe first.elementsEqual([0x2E]) || first.elementsEqual([0x2E, 0x2E]) { return nil }
    let start = folder.bytes.isEmpty ? 0 : folder.bytes.count + 1
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: start + nameCount) { room, count in
      if start > 0 {
        _ = unsafe room.initialize(fromContentsOf: folder.bytes)
        unsafe room[start - 1] = 0x2F
      }
      unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(room)[start...])
        .copyMemory(from: first)
      count = start + nameCount
    }
    return ArchivePath(bytes: bytes)
  }
}
