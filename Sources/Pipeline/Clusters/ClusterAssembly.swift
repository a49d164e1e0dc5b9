import Catalog
import Clustering
import LinearAlgebra
import Report

/// Clusters of the whole archive in the making, put together of its parts.
///
/// Memory: 4 bytes an image.
struct ClusterAssembly {
  private var clusterOfImage: [Int32]
  private var nextCluster: Int32 = 0
  private var parts: [ClusteredPart] = []
  /// What was clustered last, with the first of the images that each row stands for.
  var last: PlottedVectors?
  /// The images that plots show.
  var shown: PlottedVectors?

  init(imageCount: Int) { clusterOfImage = Array(repeating: -1, count: imageCount) }

  /// Adds what was tried for a part.
  mutating func append(_ part: ClusteredPart) { parts.append(part) }

  /// Assigns images to clusters of their own numbers.
  mutating func assign(_ labels: [Int32], to images: [UInt32]) {
    assign(labels, to: images.map { [$0] })
  }

  /// Assigns groups of images, each of which a row stood for.
  ///
  /// One that is in no cluster stays a cluster
  /// by itself, unless it is one image alone.
  mutating func assign(_ labels: [Int32], to groups: [[UInt32]]) {
    var numbers: [Int32: Int32] = [:]
    for (label, images) in zip(labels, groups) {
      if label == Labels.noise, images.count == 1 { continue }
      let known = label == Labels.noise ? nil : numbers[label]
      let number = known ?? nextCluster
      if known == nil { nextCluster += 1 }
      if label != Labels.noise { numbers[label] = number }
      for image in images { clusterOfImage[Int(image)] = number }
    }
  }

  /// Images without a vector are with those of identical content only.
  mutating func appendPlain(_ plain: [(content: ContentHash, image: UInt32)]) {
    for (content, image) in plain {
      if contents[content] == nil {
        contents[content] = nextCluster
        nextCluster += 1
      }
      clusterOfImage[Int(image)] = contents[content] ?? -1
    }
  }
  private var contents: [ContentHash: Int32] = [:]

  /// Images with the bytes of another are in its cluster, or make one with it.
  mutating func assign(_ equalImages: [(image: UInt32, first: UInt32)]) {
    for (image, first) in equalImages {
      if clusterOfImage[Int(first)] < 0 {
        clusterOfImage[Int(first)] = nextCluster
        nextCluster += 1
      }
      clusterOfImage[Int(image)] = clusterOfImage[Int(first)]
    }
  }

  /// The clusters, and what is told of them.
  ///
  /// - Parameter isDrawn: whether plots and contact sheets are made, which takes far longer than the rest.
  func result(
    _ plan: ClusterPlan, isLiving: [Bool], context: RunContext, isDrawn: Bool
  ) throws -> RunResult {
    var partition = Partition(clusterOfImage: clusterOfImage) { isLiving[Int($0)] }
    // Numbers are in order of the paths until a second scan.
    if try context.database.lastScan()?.summary.number != 1 {
      partition = partition.ordered(byFirst: try context.database.ranksByPath())
    }
    let models = parts.flatMap(\.models)
    let table = Array(ClusteredPart.heading.utf8) + parts.flatMap(\.table)
    let measure = plan.base.measure
    let plots = isDrawn ? try plots(plan, partition, context) : nil
    let sheets =
      isDrawn
      ? try ClusterSheets(plan.base, partition, isLiving: isLiving, context: context).files : []
    return RunResult(
      measure: measure, batches: plan.base.batches, images: plan.base.images,
      imageCount: isLiving.count, partition: partition, strengths: nil,
      medoids: context.settings.representative == .medoid
        ? try ClusterMedoids(plan.base, partition, context: context).images : nil,
      method: .clustering(
        .init(
          measure: measure.name, model: parts.last?.chosen?.name ?? "nothing that parts them",
          choice: plan.settings.criterion.rawValue, modelCount: models.count,
          merge: plan.settings.merge.rawValue)),
      curve: nil, missedLinks: nil, models: models,
      files: [("models.csv", table)] + (plots?.files ?? []) + sheets,
      plots: (plots?.captions ?? [])
        + sheets.prefix(1).map {
          ($0.name, "The mean image of each of the largest clusters, the largest first")
        })
  }

  private func plots(
    _ plan: ClusterPlan, _ partition: Partition, _ context: RunContext
  ) throws -> ClusterPlots? {
    guard let part = parts.last, let last, let shown else { return nil }
    let measure = plan.base.measure
    return try ClusterPlots(
      part, last: last, shown: shown,
      labels: { partition.labels(of: $0.images, imageCount: clusterOfImage.count) }, plan.settings,
      fit: measure.basis == nil ? nil : ComponentFit(context: context).stored(measure)?.fit,
      checkpoint: { if context.stop.shouldStop { throw Interrupted() } })
  }
}

/// Vectors that plots show, each with the image whose cluster it has.
struct PlottedVectors {
  let rows: Rows
  let images: [UInt32]
  /// Whether they are a part of the images only, from all over the archive.
  var isSample = false
}

extension Partition {
  /// The cluster of each of some images, -1 for none.
  func labels(of images: [UInt32], imageCount: Int) -> [Int32] {
    let clusters = clusterOfImage(imageCount: imageCount)
    return images.map { clusters[Int($0)] == .max ? -1 : Int32(clusters[Int($0)]) }
  }
}
