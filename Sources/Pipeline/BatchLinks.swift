import Clustering
import Features
import Similarity
import Storage

/// The links of one batch by one measure: its maximum spanning forest and its pairs by distance.
struct BatchLinks {
  let links: [Link]
  let counts: [UInt64]

  /// Compares the images of a batch that are done and not gone.
  init(
    _ arrays: BatchArrays, method: BitStringMethod, firstImage: UInt32, floor: Double,
    takesPart: (UInt32) -> Bool
  ) {
    var set = ImageSet(method: method)
    set.append(arrays, firstImage: firstImage, takesPart: takesPart)
    let join = HammingJoin(
      rows: set.rows, images: set.images, maximumDistance: set.maximumDistance(floor: floor))
    var result = join.result()
    let plain = set.plainLinks()
    result.counts[0] += plain.pairCount
    counts = result.counts
    // No image is in both, so both forests together are the forest.
    links = plain.links.isEmpty ? result.links : (result.links + plain.links).sorted()
  }

  func write(into folder: String, method: BitStringMethod, files: DurableFiles) throws {
    try files.writeLinks(links, to: Self.linkFile(folder, method))
    try files.writeCounts(counts, to: "\(folder)/links/\(method.name)-counts.npy")
  }

  static func linkFile(_ folder: String, _ method: BitStringMethod) -> String {
    "\(folder)/links/\(method.name).npy"
  }

  init(
    folder: String, method: BitStringMethod, floor: Double, images: Range<UInt32>
  ) throws {
    links = try readLinks(Self.linkFile(folder, method), imageLimit: Int(images.upperBound))
    counts = try readCounts(
      "\(folder)/links/\(method.name)-counts.npy",
      maximumDistance: BitRows(bitCount: method.bitCount).maximumDistance(floor: floor))
    guard links.allSatisfy({ images.contains($0.a) }) else {
      throw DamagedFile(
        path: Self.linkFile(folder, method), detail: "it links images of another batch")
    }
  }

  /// The clusters of the batch at a threshold, as rows of it.
  func partition(threshold: Double, images: Range<UInt32>, takesPart: (UInt32) -> Bool)
    -> Partition
  {
    let first = images.lowerBound
    let rows = links.map { Link($0.a - first, $0.b - first, similarity: $0.similarity) }
    return SpanningForest(sortedLinks: rows, imageCount: images.count)
      .partition(threshold: threshold) { takesPart($0 + first) }
  }
}
