import Catalog
import Clustering
import Embedding
import LinearAlgebra
import Report
import Storage

/// How images are laid out in the plane.
public enum EmbeddingMethod: String, Sendable, CaseIterable {
  /// The two directions in which they vary most.
  case pca
  /// Barnes-Hut t-SNE: neighbours stay together, distances mean little.
  case tsne
  /// UMAP: the same, and more of the whole.
  case umap

  /// Its name as one writes it.
  var title: String {
    switch self {
    case .pca: "principal components"
    case .tsne: "t-SNE"
    case .umap: "UMAP"
    }
  }
}

/// Images laid out in the plane.
public struct EmbeddedImages: Sendable {
  /// The folder with `points.npy`, `images.npy`, `images.csv` and the plots.
  public let folder: String
  /// How many images are laid out.
  public let imageCount: Int
  /// How many of them were placed into a layout that was there.
  public let placedCount: Int
}

extension Session {
  /// Lays the images of the run out in the plane, by the vectors of the first measure, and draws them by
  /// the clusters in force.
  ///
  /// A layout that is there is kept: images that are new are placed into it.
  ///
  /// - Parameters:
  ///   - isAnew: whether a layout that is there is made again.
  ///   - hasThumbnails: whether some images are shown where they lie, which may open them.
  /// - Throws: `SettingFailure` when it does not fit the memory, `NotReady`, `Interrupted`.
  public func embed(
    _ method: EmbeddingMethod, isAnew: Bool, hasThumbnails: Bool
  ) throws -> EmbeddedImages {
    guard context.settings.measures[0].isVector else {
      throw SettingFailure(
        "a layout is made of vectors, and '\(context.settings.measures[0].name)' has none; ask for "
          + "'--measure pca', or another of \(Measure.vectorNames)")
    }
    try BLAS.open()
    let plan = try plan()
    let result = try recordedResult(plan)
    let layout = Layout(context: context, plan: plan, method: method)
    let (points, images, placedCount) = try layout.points(isAnew: isAnew)
    let scatter = ScatterPlot(
      title: "\(plan.measure.name) laid out by \(method.title)", xTitle: "",
      yTitle: "", x: points.x, y: points.y,
      labels: result.partition.labels(of: images, imageCount: result.imageCount))
    try layout.draw(scatter, images, hasThumbnails: hasThumbnails)
    return EmbeddedImages(
      folder: layout.folder, imageCount: images.count, placedCount: placedCount)
  }

  /// The clusters in force, from what is recorded alone.
  ///
  /// - Parameter context: another than the session's, to have other images stand for the clusters.
  func recordedResult(_ plan: MergePlan, context: RunContext? = nil) throws -> RunResult {
    let context = context ?? self.context
    if context.settings.result == .clusters, plan.measure.isVector {
      return try ClusterPass(context: context, plan: plan).recordedResult()
    }
    let (plan, forest) = try storedForest()
    return try ResultCut(
      forest, plan: plan, threshold: context.settings.link.threshold,
      linkage: context.settings.linkage, context: context
    ).result(context)
  }
}

/// One layout of a run, and the folder that keeps it.
private struct Layout {
  let context: RunContext
  let plan: MergePlan
  let method: EmbeddingMethod

  var folder: String { sealed.path }

  private var sealed: SealedFolder {
    SealedFolder(
      path: "\(context.directory.embeddingsFolder)/\(plan.measure.name)-\(method.rawValue)",
      context: context)
  }

  /// The points of the images that have a vector, ascending, and how many of them were placed.
  func points(isAnew: Bool) throws -> (PlaneEmbedding, [UInt32], Int) {
    let isLiving = plan.livingFlags(count: try context.database.imageNumberLimit())
    let vectors = try BatchVectors(all: plan, context: context, checkFits: checkFits)
    guard !vectors.images.isEmpty else {
      throw SettingFailure("'\(plan.measure.name)': no image of the run has it")
    }
    context.progress.begin(1, of: 2, "Laying out", unit: "images", total: vectors.images.count)
    defer { context.progress.end() }
    let known = isAnew ? nil : try stored(isLiving)
    let (points, placedCount) = try place(vectors, known)
    context.progress.advance(vectors.images.count)
    try keep(points, vectors.images)
    return (points, vectors.images, placedCount)
  }

  private func place(
    _ vectors: BatchVectors, _ known: [UInt32: SIMD2<Float>]?
  ) throws -> (PlaneEmbedding, Int) {
    let old = vectors.images.indices.filter { known?[vectors.images[$0]] != nil }
    guard let known, !old.isEmpty else {
      return (try laidOut(vectors.rows), 0)
    }
    let new = vectors.images.indices.filter { known[vectors.images[$0]] == nil }
    let oldPoints = PlaneEmbedding(
      old.flatMap { row in known[vectors.images[row]].map { [$0.x, $0.y] } ?? [] })
    let placed =
      new.isEmpty
      ? PlaneEmbedding([])
      : try placing(vectors.rows.gathered(new), vectors.rows.gathered(old), oldPoints)
    var values = [Float](repeating: 0, count: 2 * vectors.images.count)
    for (rows, points) in [(old, oldPoints), (new, placed)] {
      for (position, row) in rows.enumerated() {
        (values[2 * row], values[2 * row + 1]) = (points[position].x, points[position].y)
      }
    }
    return (PlaneEmbedding(values), new.count)
  }

  private func laidOut(_ rows: Rows) throws -> PlaneEmbedding {
    switch method {
    case .pca:
      PlaneEmbedding(
        of: rows, in: try PrincipalComponents.plane(of: rows, checkpoint: checkpoint))
    case .tsne: try tsne.embedding(of: rows, checkpoint: checkpoint)
    case .umap: try umap.embedding(of: rows, checkpoint: checkpoint)
    }
  }

  private func placing(
    _ new: Rows, _ old: Rows, _ points: PlaneEmbedding
  ) throws -> PlaneEmbedding {
    switch method {
    // The plane of the images that were there.
    case .pca:
      PlaneEmbedding(of: new, in: try PrincipalComponents.plane(of: old, checkpoint: checkpoint))
    case .tsne: try tsne.placing(new, beside: old, at: points, checkpoint: checkpoint)
    case .umap: try umap.placing(new, beside: old, at: points, checkpoint: checkpoint)
    }
  }

  private var tsne: TSNE { TSNE(seed: context.settings.clustering.seed) }
  private var umap: UMAP { UMAP(seed: context.settings.clustering.seed) }

  private func checkpoint() throws { if context.stop.shouldStop { throw Interrupted() } }

  private func checkFits(_ rowCount: Int, _ dimension: Int) throws {
    let own =
      switch method {
      case .pca: PrincipalComponents.planeMemoryBytes(rowCount: rowCount, dimension: dimension)
      case .tsne: tsne.memoryBytes(rowCount: rowCount, dimension: dimension)
      case .umap: umap.memoryBytes(rowCount: rowCount, dimension: dimension)
      }
    let needed = own + 4 * rowCount * dimension
    guard needed <= context.settings.memoryLimitBytes else {
      throw SettingFailure(
        "'--method \(method.rawValue)': \(rowCount) vectors of \(dimension) take "
          + "\(needed >> 20) MiB, and '--memory' allows "
          + "\(context.settings.memoryLimitBytes >> 20) MiB; give more memory, or fewer components")
    }
  }

  // MARK: The folder

  /// The points that are kept, of images that are still there; nil where there are none.
  private func stored(_ isLiving: [Bool]) throws -> [UInt32: SIMD2<Float>]? {
    guard try sealed.isThere else { return nil }
    _ = try sealed.checkedDigest()
    let images = try NumpyFile(path: folder + "/images.npy", type: .uint32)
    let points = try NumpyFile(path: folder + "/points.npy", type: .float32)
    guard points.shape == (images.shape.rows, 2) else {
      throw DamagedFile(path: folder, detail: "it has other points than images")
    }
    let (numbers, values) = unsafe (
      images.bytes.bindMemory(to: UInt32.self), points.bytes.bindMemory(to: Float.self)
    )
    var known: [UInt32: SIMD2<Float>] = [:]
    for index in 0..<images.shape.rows {
      let image = unsafe numbers[index]
      guard Int(image) < isLiving.count, isLiving[Int(image)] else { continue }
      known[image] = unsafe SIMD2(values[2 * index], values[2 * index + 1])
    }
    return known
  }

  private func keep(_ points: PlaneEmbedding, _ images: [UInt32]) throws {
    try sealed.make { path in
      try context.files.writeNumpy(
        points.values, type: .float32, rows: points.count, columns: 2, to: "\(path)/points.npy")
      try context.files.writeNumpy(
        images, type: .uint32, rows: images.count, to: "\(path)/images.npy")
    }
  }

  /// Writes the plots beside the points.
  func draw(_ scatter: ScatterPlot, _ images: [UInt32], hasThumbnails: Bool) throws {
    var bytes: [UInt8] = []
    try scatter.write { bytes += $0 }
    try context.files.replaceFile(folder + "/scatter.svg", with: bytes)
    guard hasThumbnails else { return }
    let thumbnails = ThumbnailFolder(context: context)
    var plot = scatter
    for row in scatter.spreadRows(limit: 200) {
      guard let image = try context.database.image(ImageID(rawValue: images[row])) else { continue }
      let member = ClusterMember(image, otherPaths: [], nearest: nil, weakest: nil)
      guard case .file(_, let width, let height) = thumbnails.results([member])[0] else { continue }
      plot.thumbnails.append(
        ScatterThumbnail(
          row: row, file: ArchivePath("../../thumbnails/\(images[row]).jpg"), path: image.path,
          width: width, height: height))
    }
    try context.files.makeFolder(context.directory.thumbnailsFolder)
    try thumbnails.makeMissing(stage: 2, of: 2)
    bytes = []
    try plot.write { bytes += $0 }
    try context.files.replaceFile(folder + "/scatter-thumbnails.svg", with: bytes)
  }
}
