import Glibc

/// Every change that a run makes to its own files, so that each is durable when it returns and a test
/// can make any one of them fail.
///
/// A file is written and synced under its final name inside a folder that nobody knows yet; the folder
/// is then renamed to where it is looked for. Safe from any thread.
public struct DurableFiles: Sendable {
  /// One change, told to `before` when it is about to be made.
  public enum Operation: Sendable {
    /// A folder is made, or a file is written and synced.
    case write
    /// A file or folder gets its final name, or a link is switched.
    case rename
    /// A file or folder is removed.
    case remove
    /// A transaction of the database is committed.
    case record
    /// The entries of a folder, or everything on its file system, are synced by themselves.
    case sync
  }

  /// A folder that was replaced, until it is removed.
  private static let replacedName = ".replaced"

  private let before: @Sendable (Operation, String) throws -> Void

  /// Makes the file operations of a run.
  ///
  /// - Parameter before: called before every change with what it is and its path; what it throws is
  ///   thrown instead of making the change. Tests stop a run here.
  public init(before: @escaping @Sendable (Operation, String) throws -> Void = { _, _ in }) {
    self.before = before
  }

  /// Tells that a transaction is about to be committed.
  func willRecord(_ path: String) throws { try before(.record, path) }

  /// Makes a folder and those above it that are missing.
  public func makeFolder(_ path: String) throws {
    try before(.write, path)
    guard unsafe mkdir(path, 0o777) != 0 else { return }
    switch errno {
    case EEXIST: return
    case ENOENT where path.contains("/"):
      try makeFolder(Self.parent(of: path))
      guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure(path, "made") }
    default: throw failure(path, "made")
    }
  }

  /// Writes a file whole and syncs it; what was there is replaced.
  public func write(_ bytes: [UInt8], to path: String) throws {
    let file = try create(path)
    try file.append(bytes)
    try file.finish()
  }

  /// Begins a file that is written in pieces; `finish` syncs it.
  public func create(_ path: String) throws -> DurableFile {
    try before(.write, path)
    return try DurableFile(path: path)
  }

  /// Gives a finished folder its final name and syncs its entries, those of `subfolders` in it, and
  /// its parent's.
  public func publishFolder(
    _ unfinished: String, as final: String, subfolders: [String] = []
  ) throws {
    for subfolder in subfolders { try syncEntries(of: unfinished + "/" + subfolder) }
    try syncEntries(of: unfinished)
    try move(unfinished, to: final)
  }

  /// Gives a file or folder another name beside its own, in place of a file that has it.
  public func move(_ path: String, to final: String) throws {
    try before(.rename, final)
    guard unsafe rename(path, final) == 0 else { throw failure(final, "put in place") }
    try syncEntries(of: Self.parent(of: final))
  }

  /// Gives a finished folder its final name, in one step also where a folder is there: both change
  /// places, and the old one is removed.
  ///
  /// A network file system may not exchange names: there it takes two steps, with no folder of the name
  /// between them.
  public func publishFolder(_ unfinished: String, inPlaceOf final: String) throws {
    guard unsafe access(final, F_OK) == 0 else {
      return try publishFolder(unfinished, as: final)
    }
    try syncEntries(of: unfinished)
    try before(.rename, final)
    if exchangeNames(unfinished, final) {
      try syncEntries(of: Self.parent(of: final))
      try removeTree(unfinished)
    } else if errno == EINVAL || errno == ENOSYS {
      try replaceInTwoSteps(final, by: unfinished)
    } else {
      throw failure(final, "replaced")
    }
  }

  /// Replaces a folder where names cannot be exchanged.
  ///
  /// The old folder waits inside the new one, so that a process that ends between the steps leaves
  /// nothing beside the two names.
  func replaceInTwoSteps(_ final: String, by unfinished: String) throws {
    let old = "/" + Self.replacedName
    guard unsafe rename(final, unfinished + old) == 0 else { throw failure(final, "replaced") }
    try before(.rename, final)
    guard unsafe rename(unfinished, final) == 0 else {
      let failure = failure(final, "replaced")
      _ = unsafe rename(unfinished + old, final)
      throw failure
    }
    try syncEntries(of: Self.parent(of: final))
    try removeTree(final + old)
  }

  /// `renameat2` with `RENAME_EXCHANGE`, which Swift's Glibc does not declare.
  private func exchangeNames(_ first: String, _ second: String) -> Bool {
    typealias Rename =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32
    guard let symbol = unsafe dlsym(nil, "renameat2") else {
      errno = ENOSYS
      return false
    }
    let rename = unsafe unsafeBitCast(symbol, to: Rename.self)
    return unsafe rename(AT_FDCWD, first, AT_FDCWD, second, 2) == 0
  }

  /// Writes a file under a temporary name and gives it its final name: whole or not there.
  public func replaceFile(_ path: String, with bytes: [UInt8]) throws {
    let unfinished = path + ".unfinished"
    try write(bytes, to: unfinished)
    try move(unfinished, to: path)
  }

  /// Points the symbolic link `path` at `target` in one step.
  public func switchLink(_ path: String, to target: String) throws {
    let unfinished = path + ".unfinished"
    _ = unsafe unlink(unfinished)
    guard unsafe symlink(target, unfinished) == 0 else { throw failure(unfinished, "made") }
    try before(.rename, path)
    guard unsafe rename(unfinished, path) == 0 else { throw failure(path, "switched") }
    try syncEntries(of: Self.parent(of: path))
  }

  /// Removes a file or a folder with all in it; nothing there is no failure.
  public func removeTree(_ path: String) throws { try removeTree(Array(path.utf8)) }

  /// By bytes, because the links of a result are named as images are, which need not be UTF-8.
  private func removeTree(_ path: [UInt8]) throws {
    let name = String(decoding: path, as: UTF8.self)
    try before(.remove, name)
    let systemPath = path.map(CChar.init(bitPattern:)) + [0]
    guard unsafe unlink(systemPath) != 0, errno != ENOENT else { return }
    guard errno == EISDIR || errno == EPERM else { throw failure(name, "removed") }
    // Backwards, so that the hidden file by which a folder is known as ours goes last.
    for entry in try Self.names(in: path).reversed() {
      try removeTree(path + [UInt8(ascii: "/")] + entry)
    }
    guard unsafe rmdir(systemPath) == 0 else { throw failure(name, "removed") }
  }

  /// The names in a folder of ours, in byte order.
  ///
  /// A folder that is not there is empty.
  public static func entries(of folder: String) throws -> [String] {
    try names(in: Array(folder.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Calls `body` with the path of everything in a folder of ours, relative to it, and what it is.
  ///
  /// A folder comes before what is in it, names in byte order. Links are not followed, and a folder
  /// that was replaced and waits for its removal is left out.
  public static func forEachEntry(
    in folder: String, _ body: (_ path: [UInt8], _ status: stat) throws -> Void
  ) throws {
    try forEachEntry(in: Array(folder.utf8), under: [], body)
  }

  private static func forEachEntry(
    in folder: [UInt8], under parent: [UInt8], _ body: ([UInt8], stat) throws -> Void
  ) throws {
    for name in try names(in: folder) where parent + name != Array(replacedName.utf8) {
      let path = folder + [UInt8(ascii: "/")] + name
      var status = stat()
      guard unsafe lstat(path.map(CChar.init(bitPattern:)) + [0], &status) == 0 else {
        throw StorageFailure(
          path: String(decoding: path, as: UTF8.self), action: "looked at", code: errno)
      }
      try body(parent + name, status)
      if status.st_mode & S_IFMT == S_IFDIR {
        try forEachEntry(in: path, under: parent + name + [UInt8(ascii: "/")], body)
      }
    }
  }

  private static func names(in folder: [UInt8]) throws -> [[UInt8]] {
    guard let stream = unsafe opendir(folder.map(CChar.init(bitPattern:)) + [0]) else {
      if errno == ENOENT { return [] }
      throw StorageFailure(
        path: String(decoding: folder, as: UTF8.self), action: "listed", code: errno)
    }
    defer { unsafe closedir(stream) }
    return unsafe try names(in: stream, of: folder)
  }

  /// The names that an open folder still has to give.
  static func names(in stream: OpaquePointer, of folder: [UInt8]) throws -> [[UInt8]] {
    var names: [[UInt8]] = []
    while true {
      // Its end and its failure differ in this alone.
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe Array($0.prefix { $0 != 0 })
      }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
    }
    guard errno == 0 else {
      throw StorageFailure(
        path: String(decoding: folder, as: UTF8.self), action: "listed", code: errno)
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Makes the entries of a folder durable: the names of files in it that are synced themselves.
  public func sync(folder: String) throws {
    try before(.sync, folder)
    try syncEntries(of: folder)
  }

  /// Makes everything durable that was written to the file system of a folder.
  ///
  /// For a tree of many files and links: each by itself would be synced thousands of times.
  public func syncFileSystem(of folder: String) throws {
    try before(.sync, folder)
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder, "synced") }
    defer { close(descriptor) }
    // Swift's Glibc does not declare it.
    guard let symbol = unsafe dlsym(nil, "syncfs") else { return Glibc.sync() }
    let syncfs = unsafe unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
    guard syncfs(descriptor) == 0 else { throw failure(folder, "synced") }
  }

  private func syncEntries(of folder: String) throws {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder, "synced") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(folder, "synced") }
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private func failure(_ path: String, _ action: String) -> StorageFailure {
    StorageFailure(path: path, action: action, code: errno)
  }
}

/// A file that is being written in pieces.
///
/// Not `Sendable`: one thread at a time.
public final class DurableFile {
  private let path: String
  private var descriptor: Int32

  init(path: String) throws {
    self.path = path
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw StorageFailure(path: path, action: "written", code: errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Appends bytes.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    var offset = 0
    while offset < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
      let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw StorageFailure(path: path, action: "written", code: errno) }
      offset += count
    }
  }

  /// Appends bytes.
  public func append(_ bytes: [UInt8]) throws {
    try unsafe bytes.withUnsafeBytes { try unsafe append($0) }
  }

  /// Syncs and closes the file; it is durable when this returns.
  public func finish() throws {
    let ended = descriptor
    descriptor = -1
    let synced = fsync(ended) == 0
    let code = errno
    close(ended)
    guard synced else { throw StorageFailure(path: path, action: "synced", code: code) }
  }
}

/// A file or folder of the run that could not be written or read.
public struct StorageFailure: Error, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// What could not be done to it: "written", "read", ...
  public let action: String
  /// `errno`.
  public let code: Int32

  /// Makes a failure.
  public init(path: String, action: String, code: Int32) {
    self.path = path
    self.action = action
    self.code = code
  }

  /// One line for a person.
  public var description: String {
    let reason = unsafe String(cString: strerror(code))
    return switch code {
    case ENOSPC, EDQUOT:
      "\(path): cannot be \(action): \(reason); make room, then give the same command again, or go on "
        + "with a run by 'likeness resume RUN'"
    default: "\(path): cannot be \(action): \(reason)"
    }
  }
}
