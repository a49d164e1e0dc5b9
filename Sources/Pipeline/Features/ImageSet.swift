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
  let comparison: Comparison
  private var rows: FeatureRows
  /// The numbers of the images with detail, ascending.
  private(set) var images: [UInt32] = []
  /// The images without detail, and their contents.
  private(set) var plain: [(content: ContentHash, image: UInt32)] = []

  /// Makes an empty set.
  ///
  /// - Parameters:
  ///   - scratch: a path for the file of features that are not kept in memory.
  ///   - isOfArchive: whether it will hold images of all batches; then none are.
  init(_ comparison: Comparison, scratch: String, isOfArchive: Bool = false) throws {
    self.comparison = comparison
    let layout = comparison.measure.layout
    rows = FeatureRows(
      layout, file: isOfArchive || layout.isWide ? try ScratchFile(path: scratch) : nil)
  }

  /// Adds those images of a batch that `takesPart` admits.
  mutating func append(
    _ arrays: BatchArrays, firstImage: UInt32, takesPart: (UInt32) -> Bool
  ) throws {
    guard let column = arrays.columns[comparison.measure] else {
      preconditionFailure("a batch without the feature '\(comparison.measure.name)'")
    }
    for row in 0..<arrays.imageCount where arrays.outcomes[row] == OutcomeCode.done.rawValue {
      let image = firstImage + UInt32(row)
      guard takesPart(image) else { continue }
      if column.hasDetail[row] == 1 {
        try rows.append(column.feature(ofRow: row))
        images.append(image)
      } else {
        plain.append((arrays.content(row: row), image))
      }
    }
  }

  /// The pairs of images with detail at or above a floor.
  ///
  /// - Parameter blockSize: rows on one side of a tile; nil for as many as the measure allows.
  func join(blockSize: Int? = nil) throws -> any TiledJoin {
    try rows.finish()
    return try comparison.join(
      rows, images: images, blockSize: blockSize ?? comparison.measure.largestBlockSize)
  }

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
