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
  /// Features of the images with detail.
  private(set) var rows: BitRows
  /// Their numbers, ascending.
  private(set) var images: [UInt32] = []
  /// The images without detail, and their contents.
  private(set) var plain: [(content: ContentHash, image: UInt32)] = []

  init(method: BitStringMethod) {
    self.method = method
    rows = BitRows(bitCount: method.bitCount)
  }

  /// Adds those images of a batch that `takesPart` admits.
  mutating func append(
    _ arrays: BatchArrays, firstImage: UInt32, takesPart: (UInt32) -> Bool
  ) {
    guard let column = arrays.columns[method] else {
      preconditionFailure("a batch without the feature '\(method.name)'")
    }
    for row in 0..<arrays.imageCount where arrays.outcomes[row] == OutcomeCode.done.rawValue {
      let image = firstImage + UInt32(row)
      guard takesPart(image) else { continue }
      if column.hasDetail[row] == 1 {
        let start = row * method.byteCount
        rows.append(column.bytes[start..<(start + method.byteCount)])
        images.append(image)
      } else {
        plain.append((arrays.content(row: row), image))
      }
    }
  }

  /// The largest Hamming distance whose similarity is at or above the floor.
  func maximumDistance(floor: Double) -> Int { rows.maximumDistance(floor: floor) }

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
