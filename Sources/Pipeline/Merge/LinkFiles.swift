import Clustering
import Glibc
import Storage

/// Reads files that were recorded: one that is missing is damage like another.
func readRecorded<Value>(_ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let failure as StorageFailure where failure.code == ENOENT {
    throw DamagedFile(path: failure.path, detail: "it is missing")
  }
}

/// Reads the links of a forest that is stored as a NumPy file.
///
/// - Throws: `DamagedFile` when a link names an image that is not below `imageLimit`, its similarity
///   is not from 0 to 1, or it does not come after the link before it.
func readLinks(_ path: String, imageLimit: Int) throws -> [Link] {
  precondition(
    MemoryLayout<Link>.stride == NumpyType.link.byteCount, "links of \(MemoryLayout<Link>.stride)")
  let file = try NumpyFile(path: path, type: .link)
  let links = unsafe Array(file.bytes.assumingMemoryBound(to: Link.self))
  for (position, link) in links.enumerated() {
    guard link.a < link.b, link.b < imageLimit, (0...1).contains(link.similarity),
      position == 0 || links[position - 1] < link
    else {
      throw DamagedFile(
        path: path,
        detail: "link \(position) of it is of \(link.a) and \(link.b) at \(link.similarity)")
    }
  }
  return links
}
