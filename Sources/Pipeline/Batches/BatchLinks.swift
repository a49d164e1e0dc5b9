import Clustering
import Features
import Similarity
import Storage

/// The links of one batch by one measure: its maximum spanning forest and its pairs by distance.
struct BatchLinks {
  let links: [Link]
  let counts: PairCounts

  /// Compares the images of a batch that are done and not gone.
  ///
  /// - Parameter scratch: a path for a file of features.
  init(
    _ arrays: BatchArrays, _ comparison: Comparison, firstImage: UInt32, scratch: String,
    takesPart: (UInt32) -> Bool
  ) throws {
    var set = try ImageSet(comparison, scratch: scratch)
    try set.append(arrays, firstImage: firstImage, takesPart: takesPart)
    let result = try set.join().result()
    let plain = set.plainLinks()
    var counts = PairCounts(result, comparison)
    counts.links[0] += Int64(plain.pairCount)
    self.counts = counts
    // No image is in both, so both forests together are the forest.
    links = plain.links.isEmpty ? result.links : (result.links + plain.links).sorted()
  }

  func write(into folder: String, measure: Measure, files: DurableFiles) throws {
    try files.writeNumpy(
      links, type: .link, rows: links.count, to: "\(folder)/\(Self.linkFile(measure))")
    try counts.write(to: "\(folder)/\(Self.countFile(measure))", files: files)
  }

  private static func linkFile(_ measure: Measure) -> String { "links/\(measure.name).npy" }
  private static func countFile(_ measure: Measure) -> String {
    "links/\(measure.name)-counts.npy"
  }

  init(
    folder: String, _ comparison: Comparison, images: Range<UInt32>
  ) throws {
    let measure = comparison.measure
    let path = "\(folder)/\(Self.linkFile(measure))"
    links = try readLinks(path, imageLimit: Int(images.upperBound))
    counts = try PairCounts(file: "\(folder)/\(Self.countFile(measure))", comparison)
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
  static func measures(inFolder folder: String) throws -> [Measure] {
    try DurableFiles.entries(of: folder + "/links").compactMap { name in
      name.hasSuffix(".npy") ? Measure(name: String(name.dropLast(4))) : nil
    }
  }

  /// What a batch folder has of some measures, by name.
  ///
  /// - Throws: `DamagedFile` when it does not say what made one.
  static func records(
    ofFolder folder: String, _ measures: [Measure]
  ) throws -> [String: MeasureRecord] {
    let origins = try OriginTable.origins(inFolder: folder)
    return try measures.reduce(into: [:]) { records, measure in
      guard let origin = origins[measure.name] else {
        throw DamagedFile(path: folder, detail: "it does not say what made its '\(measure.name)'")
      }
      records[measure.name] = MeasureRecord(
        digest: try digest(ofFolder: folder, measure), origin: origin)
    }
  }

  /// The digest of everything in a batch folder that a merge by a measure depends on.
  ///
  /// What else becomes of the batch, another measure or a file that again cannot be read, leaves it
  /// as it is.
  static func digest(ofFolder folder: String, _ measure: Measure) throws -> String {
    let files =
      [BatchArrays.outcomeFile, BatchArrays.contentFile] + FeatureColumn.files(of: measure)
      + [linkFile(measure), countFile(measure)]
    return try Storage.digest(ofFiles: files.map { "\(folder)/\($0)" })
  }
}
