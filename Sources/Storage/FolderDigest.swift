import Catalog
import Glibc

/// The digest of a folder of ours: the hash of every file's name, length and bytes, in byte order of
/// the names, with folders inside it.
///
/// - Parameter omitted: names in it that are passed over.
/// - Complexity: reads every byte once; memory for one file.
public func digest(ofFolder folder: String, without omitted: Set<String> = []) throws -> String {
  let hasher = ContentHasher()
  try add(folder: folder, prefix: "", without: omitted, to: hasher)
  return hasher.hash.hexadecimal
}

private func add(
  folder: String, prefix: String, without omitted: Set<String> = [], to hasher: ContentHasher
) throws {
  for name in try DurableFiles.entries(of: folder) where !omitted.contains(name) {
    let path = folder + "/" + name
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      throw StorageFailure(path: path, action: "read", code: errno)
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      try add(folder: path, prefix: prefix + name + "/", to: hasher)
    } else {
      add("\(prefix)\(name)\u{0}\(status.st_size)\u{0}", to: hasher)
      try unsafe forEachPiece(of: path) { unsafe hasher.add($0) }
    }
  }
}

private func add(_ text: String, to hasher: ContentHasher) {
  let bytes = Array(text.utf8)
  unsafe bytes.withUnsafeBytes { unsafe hasher.add($0) }
}

/// Reads a file of ours a mebibyte at a time.
func forEachPiece(of path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
  guard descriptor >= 0 else { throw StorageFailure(path: path, action: "read", code: errno) }
  defer { close(descriptor) }
  var status = stat()
  let size = unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  var buffer = [UInt8](repeating: 0, count: max(1, min(size, 1 << 20)))
  while true {
    let count = unsafe read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw StorageFailure(path: path, action: "read", code: errno) }
    if count == 0 { return }
    try unsafe buffer.withUnsafeBytes {
      try unsafe body(UnsafeRawBufferPointer(rebasing: $0[..<count]))
    }
  }
}

/// The bytes of a small file of ours.
public func contents(ofFile path: String) throws -> [UInt8] {
  var bytes: [UInt8] = []
  try unsafe forEachPiece(of: path) { unsafe bytes.append(contentsOf: $0) }
  return bytes
}

/// The digest of files of ours, one after the other.
public func digest(ofFiles paths: [String]) throws -> String {
  let hasher = ContentHasher()
  for path in paths { try unsafe forEachPiece(of: path) { unsafe hasher.add($0) } }
  return hasher.hash.hexadecimal
}
