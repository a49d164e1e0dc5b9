import Catalog
import Clustering
import Features
import Similarity
import Storage

/// The images that one measure compares, gathered from batches in order of the numbers.
///
/// An image whose feature has no detail is compared with nothing; it is linked to images with
/// identical content only.
struct ImageSet {
  let method: BitStringMethod
  private var rowsInMemory: BitRows
  private let scratch: ScratchFile?
  /// The numbers of the images with detail, ascending.
  private(set) var images: [UInt32] = []
  /// The images without detail, and their contents.
  private(set) var plain: [(content: ContentHash, image: UInt32)] = []

  /// Features wider than this are not kept in memory where they are those of a whole archive: with
  /// what a join knows of each row they would take more than 64 bytes an image.
  static let widestKeptByteCount = 32

  /// Makes an empty set.
  ///
  /// - Parameter scratch: where features go; nil keeps them in memory.
  init(method: BitStringMethod, scratch: ScratchFile? = nil) {
    self.method = method
    self.scratch = scratch
    rowsInMemory = BitRows(bitCount: method.bitCount)
  }

  /// Features of the images with detail.
  func rows() throws -> BitRows {
    guard let scratch else { return rowsInMemory }
    try scratch.flush()
    return BitRows(
      bitCount: method.bitCount, rowCount: images.count,
      source: ScratchRows(file: scratch, rowByteCount: rowsInMemory.wordCount * 8))
  }

  /// Adds those images of a batch that `takesPart` admits.
  mutating func append(
    _ arrays: BatchArrays, firstImage: UInt32, takesPart: (UInt32) -> Bool
  ) throws {
    guard let column = arrays.columns[method] else {
      preconditionFailure("a batch without the feature '\(method.name)'")
    }
    for row in 0..<arrays.imageCount where arrays.outcomes[row] == OutcomeCode.done.rawValue {
      let image = firstImage + UInt32(row)
      guard takesPart(image) else { continue }
      if column.hasDetail[row] == 1 {
        let start = row * method.byteCount
        rowsInMemory.append(column.bytes[start..<(start + method.byteCount)])
        images.append(image)
      } else {
        plain.append((arrays.content(row: row), image))
      }
    }
    guard let scratch else { return }
    try unsafe rowsInMemory.words.withUnsafeBytes { try unsafe scratch.append($0) }
    rowsInMemory = BitRows(bitCount: method.bitCount)
  }

  /// The largest Hamming distance whose similarity is at or above the floor.
  func maximumDistance(floor: Double) -> Int { rowsInMemory.maximumDistance(floor: floor) }

  /// The images without detail linked at 1 to the lowest with the same content, and how many pairs
  /// of them there are.
  func plainLinks() -> (links: [Link], pairCount: UInt64) {
    var first: [ContentHash: (image: UInt32, count: UInt64)] = [:]
    var links: [Link] = []
    var pairCount: UInt64 = 0
    for (content, image) in plain {
      if let known = first[content] {
        links.append(Link(known.image, image, similarity: 1))
        pairCount += known.count
        first[content]?.count += 1
      } else {
        first[content] = (image, 1)
      }
    }
    return (links, pairCount)
  }
}

/// Rows of one length in a file, from its start.
private struct ScratchRows: RowSource {
  let file: ScratchFile
  let rowByteCount: Int

  func read(_ rows: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws {
    try unsafe file.read(into: bytes, at: rows.lowerBound * rowByteCount)
  }
}
