import Catalog
import Clustering
import LinearAlgebra
import Report
import Storage

/// The tree of a run's links, or of its vectors.
public struct RunDendrogram: Sendable {
  /// What is merged.
  public let measure: String
  /// How clusters merge; nil for links, whose heights are 1 less the similarity.
  public let method: ClusteringMethod?
  /// Images in the tree.
  public let imageCount: Int
  /// Parts that nothing joins.
  public let rootCount: Int
  /// The number of clusters at which merging on costs most at once; nil where there are several parts.
  public let suggestedCount: Int?
  /// Where the tree is cut, and the clusters of two and more that this gives.
  public let cut: (height: Double, clusterSizes: [Int])?
  /// The heights of the last merges, the last first, each with the parts that are left before it.
  public let lastMerges: [(partCount: Int, height: Double)]
  /// The plot.
  public let svg: [UInt8]
}

extension Session {
  /// Where a dendrogram is cut.
  public enum DendrogramCut: Sendable {
    /// Below merges higher than this.
    case height(Double)
    /// Into so many parts.
    case count(Int)
    /// Where it is suggested; nowhere if nothing is.
    case suggested
  }

  /// The dendrogram of the links of the first measure, or of its vectors.
  ///
  /// Reads only.
  ///
  /// - Parameter method: how vectors are merged; nil for the links, single linkage.
  /// - Throws: `SettingFailure` for a method that merges nothing, a cut that the tree does not have, or more
  ///   than the memory; `NotReady`.
  public func dendrogram(
    _ method: ClusteringMethod?, cut: DendrogramCut
  ) throws -> RunDendrogram {
    let plan = try plan()
    let (tree, images) = try tree(method, plan)
    let suggested = tree.suggestedClusterCount()
    let height = try height(of: cut, tree, suggested: suggested)
    let labels = height.map { tree.labels(cutAt: $0) }
    let sizes = labels?.members().map(\.count).filter { $0 > 1 }.sorted(by: >)
    // Clusters in colour, others gray.
    let colored = labels.map { labels in
      let counts = labels.members().map(\.count)
      return labels.values.map { $0 >= 0 && counts[Int($0)] > 1 ? $0 : Labels.noise }
    }
    let plot = DendrogramPlot(
      title: "Dendrogram by \(plan.measure.name)" + (method.map { ", \($0.rawValue)" } ?? ""),
      heightTitle: method == nil ? "1 - similarity" : "distance", leafCount: tree.count,
      merges: tree.merges.map {
        DendrogramMerge(first: Int($0.a), second: Int($0.b), height: $0.height)
      },
      labels: colored ?? [], cutHeight: height,
      paths: images.count <= 200
        ? try images.map { image in
          try context.database.image(ImageID(rawValue: image))?.path ?? ArchivePath("")
        } : [])
    var svg: [UInt8] = []
    try plot.write { svg += $0 }
    return RunDendrogram(
      measure: plan.measure.name, method: method, imageCount: tree.count,
      rootCount: tree.rootCount, suggestedCount: suggested,
      cut: height.map { ($0, sizes ?? []) },
      lastMerges: tree.merges.suffix(10).reversed().enumerated().map {
        (tree.rootCount + $0.offset + 1, $0.element.height)
      }, svg: svg)
  }

  private func tree(
    _ method: ClusteringMethod?, _ plan: MergePlan
  ) throws -> (Dendrogram, [UInt32]) {
    guard let method else {
      let forest = try storedForest().1
      // Images by their places among those that take part.
      var places = [UInt32](repeating: .max, count: forest.imageCount)
      for (place, image) in plan.images.enumerated() { places[Int(image)] = UInt32(place) }
      let links = forest.links.map {
        Link(places[Int($0.a)], places[Int($0.b)], similarity: $0.similarity)
      }
      let living = SpanningForest(sortedLinks: links, imageCount: plan.images.count)
      return (Dendrogram(forest: living), plan.images)
    }
    guard let linkage = method.linkage else {
      throw SettingFailure(
        "'--method \(method.rawValue)': merges no clusters, and has no dendrogram; take ward, single, "
          + "complete, average, weighted, centroid or median")
    }
    guard plan.measure.isVector else {
      throw SettingFailure(
        "'--method \(method.rawValue)': merges vectors, and '\(plan.measure.name)' has none; ask for "
          + "'--measure pca', or leave '--method' out for the dendrogram of the links")
    }
    try BLAS.open()
    let agglomerative = Agglomerative(linkage: linkage)
    let vectors = try BatchVectors(all: plan, context: context) { rowCount, dimension in
      let needed =
        agglomerative.memoryBytes(rowCount: rowCount, dimension: dimension)
        + 4 * rowCount * dimension
      guard needed <= context.settings.memoryLimitBytes else {
        throw SettingFailure(
          "'--method \(method.rawValue)': \(rowCount) vectors take \(needed >> 20) MiB, and "
            + "'--memory' allows \(context.settings.memoryLimitBytes >> 20) MiB; take ward, whose "
            + "memory grows with the vectors and not with their pairs, or give more memory")
      }
    }
    return (
      try agglomerative.dendrogram(of: vectors.rows) {
        if context.stop.shouldStop { throw Interrupted() }
      }, vectors.images
    )
  }

  private func height(
    of cut: DendrogramCut, _ tree: Dendrogram, suggested: Int?
  ) throws -> Double? {
    switch cut {
    case .height(let height): return height
    case .suggested: return suggested.flatMap { tree.height(above: $0) }
    case .count(let count):
      guard count >= tree.rootCount, count <= tree.count else {
        throw SettingFailure(
          "'--count': is \(count); this tree can be cut into \(tree.rootCount) to \(tree.count) parts"
        )
      }
      return tree.height(above: count)
    }
  }
}
