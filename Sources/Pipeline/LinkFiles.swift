import Clustering
import Similarity
import Storage

/// Links and counts as NumPy files.
extension DurableFiles {
  /// Writes links as records of `a`, `b` and `similarity`.
  func writeLinks(_ links: [Link], to path: String) throws {
    let file = try create(path)
    try file.append(NumpyFile.header(type: .link, rows: links.count))
    try unsafe links.withUnsafeBytes { try unsafe file.append($0) }
    try file.finish()
  }

  /// Writes counts of pairs by Hamming distance.
  func writeCounts(_ counts: [UInt64], to path: String) throws {
    let file = try create(path)
    try file.append(NumpyFile.header(type: .uint64, rows: counts.count))
    try unsafe counts.withUnsafeBytes { try unsafe file.append($0) }
    try file.finish()
  }
}

/// Reads the links of a file that `writeLinks` made.
///
/// - Throws: `DamagedFile` when a link names an image that is not below `imageLimit`, or its
///   similarity is not from 0 to 1.
func readLinks(_ path: String, imageLimit: Int) throws -> [Link] {
  precondition(
    MemoryLayout<Link>.stride == NumpyType.link.byteCount, "links of \(MemoryLayout<Link>.stride)")
  let file = try NumpyFile(path: path, type: .link)
  let links = unsafe Array(file.bytes.assumingMemoryBound(to: Link.self))
  for link in links {
    guard link.a < link.b, link.b < imageLimit, (0...1).contains(link.similarity) else {
      throw DamagedFile(
        path: path, detail: "it links \(link.a) and \(link.b) at \(link.similarity)")
    }
  }
  return links
}

/// Reads the counts of a file that `writeCounts` made.
func readCounts(_ path: String, maximumDistance: Int) throws -> [UInt64] {
  let file = try NumpyFile(path: path, type: .uint64)
  guard file.shape == (maximumDistance + 1, 1) else {
    throw DamagedFile(path: path, detail: "it has \(file.shape.rows) counts")
  }
  return unsafe Array(file.bytes.assumingMemoryBound(to: UInt64.self))
}
