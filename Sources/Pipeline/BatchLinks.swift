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
  ) throws {
    var set = ImageSet(method: method)
    try set.append(arrays, firstImage: firstImage, takesPart: takesPart)
    let join = try HammingJoin(
      rows: set.rows(), images: set.images, maximumDistance: set.maximumDistance(floor: floor))
    var result = try join.result()
    let plain = set.plainLinks()
    result.counts[0] += plain.pairCount
    counts = result.counts
    // No image is in both, so both forests together are the forest.
    links = plain.links.isEmpty ? result.links : (result.links + plain.links).sorted()
  }

  func write(into folder: String, method: BitStringMethod, files: DurableFiles) throws {
    try files.writeNumpy(
      links, type: .link, rows: links.count, to: "\(folder)/\(Self.linkFile(method))")
    try files.writeNumpy(
      counts, type: .uint64, rows: counts.count, to: "\(folder)/\(Self.countFile(method))")
  }

  private static func linkFile(_ method: BitStringMethod) -> String { "links/\(method.name).npy" }
  private static func countFile(_ method: BitStringMethod) -> String {
    "links/\(method.name)-counts.npy"
  }

  init(
    folder: String, method: BitStringMethod, floor: Double, images: Range<UInt32>
  ) throws {
    let path = "\(folder)/\(Self.linkFile(method))"
    links = try readLinks(path, imageLimit: Int(images.upperBound))
    counts = try readCounts(
      "\(folder)/\(Self.countFile(method))",
      maximumDistance: BitRows(bitCount: method.bitCount).maximumDistance(floor: floor))
    guard links.allSatisfy({ images.contains($0.a) }) else {
      throw DamagedFile(path: path, detail: "it links images of another batch")
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

extension BatchLinks {
  /// The measures whose links a batch folder holds.
  static func methods(inFolder folder: String) throws -> [BitStringMethod] {
    try DurableFiles.entries(of: folder + "/links").compactMap { name in
      name.hasSuffix(".npy") ? BitStringMethod(name: String(name.dropLast(4))) : nil
    }
  }

  /// What a batch folder has of each measure.
  ///
  /// - Throws: `DamagedFile` when it does not say what made one.
  static func measures(
    ofFolder folder: String, _ methods: [BitStringMethod]
  ) throws -> [String: MeasureRecord] {
    let origins = try OriginTable.origins(inFolder: folder)
    return try methods.reduce(into: [:]) { measures, method in
      guard let origin = origins[method.name] else {
        throw DamagedFile(path: folder, detail: "it does not say what made its '\(method.name)'")
      }
      measures[method.name] = MeasureRecord(
        digest: try digest(ofFolder: folder, method), origin: origin)
    }
  }

  /// The digest of everything in a batch folder that a merge by a measure depends on.
  ///
  /// What else becomes of the batch, another measure or a file that again cannot be read, leaves it
  /// as it is.
  static func digest(ofFolder folder: String, _ method: BitStringMethod) throws -> String {
    let files = [
      BatchArrays.outcomeFile, BatchArrays.contentFile, BatchArrays.featureFile(method),
      BatchArrays.detailFile(method), linkFile(method), countFile(method),
    ]
    return try Storage.digest(ofFiles: files.map { "\(folder)/\($0)" })
  }
}
