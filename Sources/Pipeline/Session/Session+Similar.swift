import Catalog
import Clustering
import Features
import Foundation
import Imaging
import Similarity
import Storage

/// The images of a run that are most similar to one image.
public struct SimilarImages: Sendable {
  /// One of them.
  public struct Neighbor: Sendable {
    /// The image.
    public let path: ArchivePath
    /// 1 for an equal feature, and less the less similar.
    public let similarity: Double
    /// 1 less the similarity.
    public var distance: Double { 1 - similarity }
    /// How likely two images of the archive are as similar or more, corrected for all that were looked at
    /// (Benjamini and Hochberg 1995).
    public let pValue: Double
  }

  /// What was asked for, as the person named it.
  public let query: String
  /// The most similar first, ties by number.
  public let neighbors: [Neighbor]
}

/// What of the similar images is wanted.
public struct SimilarityQuery: Sendable {
  /// So many at most; nil for all that the other two admit.
  public var count: Int?
  /// At most at this distance, 1 less the similarity.
  public var radius: Double?
  /// At most at this p-value.
  public var significance: Double?
  /// How the p-value of a distance is found.
  public var distribution = Distribution.empirical

  /// What the distances of the archive are taken to be.
  public enum Distribution: String, CaseIterable, Sendable {
    /// What a sample of them is.
    case empirical
    /// The best fitting of four families to the sample.
    case fitted
  }

  /// Asks for a number, a distance or a p-value.
  public init(count: Int?, radius: Double?, significance: Double?) {
    self.count = count
    self.radius = radius
    self.significance = significance
  }
}

extension Session {
  /// An image that cannot be looked for.
  public struct QueryFailure: Error, CustomStringConvertible {
    /// One line for a person.
    public let description: String
  }

  /// The images most similar to each of some, by the first measure of the settings.
  ///
  /// - Parameter paths: images of the archive as likeness shows them, or absolute paths of any files,
  ///   which are read.
  /// - Throws: `QueryFailure`, `NotReady`.
  /// - Complexity: O(n) comparisons a query; a block of features in memory.
  public func similar(to paths: [String], _ query: SimilarityQuery) throws -> [SimilarImages] {
    let plan = try plan()
    let queries = try paths.map { try self.query($0, plan) }
    let scan = FeatureScan(context: context, plan: plan)
    var found = queries.map { _ in [(image: UInt32, similarity: Double)]() }
    var sample = FeatureSample(plan.comparison)
    try scan.forEachBlock { images, features, plain in
      try checkpoint()
      for (row, image) in images.enumerated() { sample.offer(image, features[row]) }
      for (index, query) in queries.enumerated() {
        if query.feature.hasDetail, !images.isEmpty {
          let similarities = plan.comparison.similarities(of: query.feature.bytes, to: features)
          for (image, similarity) in zip(images, similarities) where image != query.image {
            found[index].append((image, similarity))
          }
        }
        for (content, image) in plain where image != query.image && content == query.content {
          found[index].append((image, 1))
        }
      }
    }
    let distances = try sample.distances(by: plan.comparison, checkpoint: checkpoint)
    let fitted = query.distribution == .fitted ? DistanceDistribution(bestFitTo: distances) : nil
    return try zip(queries, found).map { entry, found in
      let pValues = DistanceSample.benjaminiHochberg(
        found.map { fitted?.pValue(1 - $0.similarity) ?? distances.pValue(1 - $0.similarity) })
      let order = found.indices.sorted {
        (-found[$0].similarity, found[$0].image) < (-found[$1].similarity, found[$1].image)
      }
      let wanted = order.lazy.filter {
        1 - found[$0].similarity <= query.radius ?? 1 && pValues[$0] <= query.significance ?? 1
      }
      return SimilarImages(
        query: entry.name,
        neighbors: try wanted.prefix(query.count ?? .max).map { index in
          let image = ImageID(rawValue: found[index].image)
          guard let path = try context.database.image(image)?.path else {
            throw DamagedFile(
              path: context.directory.databaseFile, detail: "image \(image.rawValue) is missing")
          }
          return .init(
            path: path, similarity: found[index].similarity, pValue: pValues[index])
        })
    }
  }

  private func checkpoint() throws { if context.stop.shouldStop { throw Interrupted() } }

  /// What is looked for.
  private struct Query {
    let name: String
    let image: UInt32?
    let content: ContentHash?
    let feature: Feature
  }

  private func query(_ name: String, _ plan: MergePlan) throws -> Query {
    let archive = context.settings.archive + "/"
    let path = ArchivePath(name.hasPrefix(archive) ? String(name.dropFirst(archive.count)) : name)
    if let image = try image(namedAs: path) {
      guard image.outcome == .done else {
        throw NotReady(
          description:
            "\(image.path.displayName): takes no part, it is \(image.outcome.words); see "
            + "left-out.csv")
      }
      guard let batch = plan.batches.first(where: { $0.images.contains(image.id.rawValue) }) else {
        preconditionFailure("image \(image.id.rawValue) of no batch")
      }
      let column = try StoredBatch(batch, measure: plan.measure, context: context)
        .arrays.columns[plan.measure]
      let row = Int(image.id.rawValue - batch.images.lowerBound)
      return Query(
        name: image.path.displayName, image: image.id.rawValue, content: image.content,
        feature: Feature(
          bytes: Array(try column?.feature(ofRow: row) ?? []),
          hasDetail: column?.hasDetail[row] == 1))
    }
    guard name.hasPrefix("/") else { throw UnknownImage(path: path) }
    return try newQuery(name, plan.measure)
  }

  /// The feature of a file that is not in the archive.
  private func newQuery(_ name: String, _ measure: Measure) throws -> Query {
    guard measure != .given else {
      throw QueryFailure(
        description: "\(name): is not in the archive, and 'vectors' are known of its images only")
    }
    let read = measure.basis ?? measure
    let folder = URL(filePath: name).deletingLastPathComponent().path
    let reader = try ImageReader(
      archive: Array(folder.utf8), rasters: [read].rasters, settings: context.settings.decoding,
      decoderExecutable: context.decoderExecutable)
    let reading = try ImageReading(
      reader.read(ArchivePath(String(name.dropFirst(folder.count).drop { $0 == "/" }))),
      measures: [read], forms: [read].rasters)
    guard let feature = reading.features.first else {
      throw QueryFailure(
        description: "\(name): cannot be read: \(reading.failure?.message ?? "\(reading.outcome)")")
    }
    guard measure.basis != nil, feature.hasDetail else {
      return Query(name: name, image: nil, content: reading.content, feature: feature)
    }
    guard let fit = try ComponentFit(context: context).stored(measure)?.fit else {
      throw NotReady(
        description:
          "\(context.directory.path): has no components fitted for '\(measure.name)'; go on "
          + "with: likeness resume \(context.directory.path) --measure \(measure.name)")
    }
    let vector = fit.project(read.vector(feature.bytes[...]))
    return Query(
      name: name, image: nil, content: reading.content,
      feature: Feature(bytes: vector.bytes, hasDetail: true))
  }
}

extension Comparison {
  /// The similarity of one feature with each of others.
  func similarities(of feature: [UInt8], to features: ByteStrings) -> [Double] {
    var all = ByteStrings()
    all.append(feature[...])
    for row in 0..<features.count { all.append(features[row]) }
    let distance = distances(of: all)
    return (1...max(1, features.count)).prefix(features.count).map {
      1 - Double(distance(0, $0)) / Double(measure.scale)
    }
  }
}
