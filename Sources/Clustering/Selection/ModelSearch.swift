import LinearAlgebra

/// Several ways to cluster the same rows, each measured, and the one among them that is taken.
public struct ModelSearch: Sendable {
  /// What is tried, in this order.
  public var methods: [ClusteringMethod]
  /// The counts of clusters to try, for methods that are told; those that the rows are too few for are
  /// left out.
  public var counts: ClosedRange<Int>
  /// By what a model is chosen.
  public var criterion: ModelCriterion
  /// What random numbers start from.
  public var seed: UInt64
  /// The least sizes of clusters that ``HDBSCAN`` tries.
  public var minimumClusterSizes: [Int]
  /// Neighbours that make a row the core of a cluster, itself among them; nil for what a method has as its
  /// own.
  public var minimumSampleCount: Int?
  /// The distances within which ``DBSCAN`` tries to find neighbours; empty to take them from the rows.
  public var radii: [Double]
  /// Rows that a silhouette is measured of at most: beyond, a sample of so many.
  public var silhouetteSampleCount: Int

  /// A search by everything that decides it.
  public init(
    methods: [ClusteringMethod], counts: ClosedRange<Int>, criterion: ModelCriterion, seed: UInt64,
    minimumClusterSizes: [Int], minimumSampleCount: Int?, radii: [Double],
    silhouetteSampleCount: Int
  ) {
    self.methods = methods
    self.counts = counts
    self.criterion = criterion
    self.seed = seed
    self.minimumClusterSizes = minimumClusterSizes
    self.minimumSampleCount = minimumSampleCount
    self.radii = radii
    self.silhouetteSampleCount = silhouetteSampleCount
  }

  /// One clustering that was tried.
  public struct Model: Sendable {
    /// What it is and how good.
    public var score: ModelScore
    /// The clusters.
    public let labels: Labels
  }

  /// A part of the search that can run beside others.
  public struct Job: Sendable {
    /// The method.
    public let method: ClusteringMethod
    /// The counts of clusters it tries; all of them where it finds them in one go.
    let counts: ClosedRange<Int>?
  }

  /// The parts of the search, in the order in which their models are to be put together.
  public func jobs(rowCount: Int) -> [Job] {
    // As many clusters as rows are no clusters.
    let most = min(counts.upperBound, rowCount - 1)
    let fitting = counts.lowerBound <= most ? counts.lowerBound...most : nil
    return methods.flatMap { method -> [Job] in
      guard method.takesClusterCount else {
        return [Job(method: method, counts: nil)]
      }
      guard let fitting else { return [] }
      return method.linkage == nil
        ? fitting.map { Job(method: method, counts: $0...$0) }
        : [Job(method: method, counts: fitting)]
    }
  }

  /// The models of one part.
  ///
  /// - Parameter checkpoint: called some times a second; what it throws ends the work.
  /// - Complexity: that of the method, and of measuring each model, O(n·d·min(n, silhouetteSampleCount)).
  public func models(
    of job: Job, _ rows: Rows, checkpoint: () throws -> Void
  ) throws -> [Model] {
    guard rows.count > 2 else { return [] }
    if let linkage = job.method.linkage {
      return try merged(by: linkage, job, rows, checkpoint: checkpoint)
    }
    return try clusterings(of: job, rows, checkpoint: checkpoint).map { parameters, labels in
      Model(score: try score(job, parameters, rows, labels, checkpoint: checkpoint), labels: labels)
    }
  }

  /// The choice among the models of all parts; `winner` is nil where none has two clusters.
  public func choice(among models: [Model]) -> ModelChoice {
    ModelChoice(of: models.map(\.score), by: criterion)
  }

  private func score(
    _ job: Job, _ parameters: String, _ rows: Rows, _ labels: Labels, checkpoint: () throws -> Void
  ) throws -> ModelScore {
    try ModelScore(
      method: job.method.rawValue, parameters: parameters, rows: rows, labels: labels,
      sampleCount: silhouetteSampleCount, seed: seed, checkpoint: checkpoint)
  }

  private func merged(
    by linkage: AgglomerativeLinkage, _ job: Job, _ rows: Rows, checkpoint: () throws -> Void
  ) throws -> [Model] {
    let dendrogram = try Agglomerative(linkage: linkage).dendrogram(
      of: rows, checkpoint: checkpoint)
    let heights = dendrogram.merges.map(\.height)
    return try (job.counts.map(Array.init) ?? []).map { count in
      let labels = dendrogram.labels(clusterCount: count)
      var score = try score(job, "clusters=\(count)", rows, labels, checkpoint: checkpoint)
      score.acceleration = CountCurve.acceleration(ofMergeHeights: heights, clusterCount: count)
      return Model(score: score, labels: labels)
    }
  }
}

extension ClusteringMethod {
  /// How clusters merge, for methods that merge them.
  public var linkage: AgglomerativeLinkage? {
    switch self {
    case .ward: .ward
    case .single: .single
    case .complete: .complete
    case .average: .average
    case .weighted: .weighted
    case .centroid: .centroid
    case .median: .median
    default: nil
    }
  }
}
