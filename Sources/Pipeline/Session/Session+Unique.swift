import Catalog
import Clustering
import Imaging
import Report
import Storage
import Synchronization

/// Which image of a cluster is kept.
public enum KeepRule: String, Sendable, CaseIterable {
  /// The first by number.
  case first
  /// The one in the middle.
  case medoid
  /// The one of the most pixels.
  case largest
  /// The one whose Laplacian deviates most, at 512 pixels on the longer side: what is out of focus or was
  /// enlarged has little of it (Pech-Pacheco et al. 2000). Opens the images of clusters.
  case sharpest
}

extension Session {
  /// One image of each cluster of the result in force, in the order of the clusters, and the outliers, in
  /// order of their numbers.
  ///
  /// - Throws: `NotReady` where there is no result yet, `Interrupted`.
  public func unique(_ rule: KeepRule) throws -> (kept: [ArchivePath], outliers: [ArchivePath]) {
    // The forest is looked for with the run's own rule, by which batches were merged.
    var telling = context
    if let representative = RepresentativeRule(rawValue: rule.rawValue) {
      telling.settings.representative = representative
    }
    let result = try recordedResult(plan(), context: telling)
    let collector = UniqueCollector(isWhole: rule == .sharpest)
    var writers: [any ClusterWriter] = [collector]
    try ResultTelling(result, context: telling).tell(&writers)
    guard rule == .sharpest else { return (collector.kept, collector.outliers) }
    let sharpness = try sharpness(of: collector.members.flatMap { $0 })
    var next = 0
    let kept = collector.members.compactMap { members -> ArchivePath? in
      let values = sharpness[next..<next + members.count]
      next += members.count
      let best = values.indices.max { (values[$0], -$0) < (values[$1], -$1) }
      return best.map { members[$0 - values.startIndex] }
    }
    return (kept, collector.outliers)
  }

  /// How sharp images are; below 0 for one that cannot be read now.
  private func sharpness(of paths: [ArchivePath]) throws -> [Double] {
    let found = Mutex([Double](repeating: -1, count: paths.count))
    let form = RasterForm.fitting(side: 512, .gray)
    let next = Atomic(0)
    context.progress.begin(1, of: 1, "Looking", unit: "images", total: paths.count)
    defer { context.progress.end() }
    try context.pool.onEachWorker { isFailed in
      let reader = try ImageReader(
        archive: Array(context.settings.archive.utf8), rasters: [form],
        settings: context.settings.decoding, decoderExecutable: context.decoderExecutable)
      while !isFailed() {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < paths.count else { return }
        if context.stop.shouldStop { throw Interrupted() }
        if case .decoded(let image) = reader.read(paths[index]).outcome {
          let value = image.rasters[0].laplacianDeviation
          found.withLock { $0[index] = value }
        }
        context.progress.advance(1)
      }
    }
    return found.withLock { $0 }
  }
}

/// Takes one image of each cluster that it is told of, or all of them.
private final class UniqueCollector: ClusterWriter {
  private let isWhole: Bool
  private(set) var kept: [ArchivePath] = []
  private(set) var members: [[ArchivePath]] = []
  private(set) var outliers: [ArchivePath] = []
  private var representative: ImageID?

  init(isWhole: Bool) { self.isWhole = isWhole }

  func beginCluster(_ heading: ClusterHeading) throws {
    representative = heading.representative
    members.append([])
  }

  func append(_ member: ClusterMember) throws {
    if member.image == representative { kept.append(member.path) }
    if isWhole { members[members.count - 1].append(member.path) }
  }

  func endCluster() throws {}
  func appendOutlier(_ image: ClusterMember) throws { outliers.append(image.path) }
  func finish() throws {}
}

extension Raster {
  /// The standard deviation of the Laplacian of four neighbours, of a gray raster; 0 where it has no inside.
  var laplacianDeviation: Double {
    let (width, height) = (specification.width, specification.height)
    guard width > 2, height > 2 else { return 0 }
    var (sum, squares) = (0, 0)
    for y in 1..<height - 1 {
      for x in 1..<width - 1 {
        let place = y * width + x
        let value =
          Int(pixels[place - 1]) + Int(pixels[place + 1]) + Int(pixels[place - width])
          + Int(pixels[place + width]) - 4 * Int(pixels[place])
        sum += value
        squares += value * value
      }
    }
    let count = Double((width - 2) * (height - 2))
    let mean = Double(sum) / count
    return (Double(squares) / count - mean * mean).squareRoot()
  }
}
