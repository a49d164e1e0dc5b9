import Clustering
import LinearAlgebra
import Synchronization

/// How a part of the archive is clustered, and all that was tried for it: a checkpoint.
struct ClusteredPart: Sendable {
  /// The cluster of each row, or `Labels.noise`.
  let labels: [Int32]
  let models: [TriedModel]

  /// What was chosen.
  var chosen: TriedModel? { models.first(where: \.isChosen) }

  /// A method that does not fit the memory.
  struct ModelTooLarge: Error, CustomStringConvertible {
    let description: String
  }

  /// Tries the models of the settings.
  struct Search {
    /// Rows that a silhouette is measured of at most.
    static let silhouetteSampleCount = 5_000

    private let search: ModelSearch
    private let limitBytes: Int

    /// - Parameter sharers: how many searches share the memory.
    init(_ settings: Settings, counts: ClosedRange<Int>, sharers: Int) {
      let clustering = settings.clustering
      search = ModelSearch(
        methods: clustering.methods, counts: counts, criterion: clustering.criterion,
        seed: clustering.seed, minimumClusterSizes: clustering.minimumClusterSizes,
        minimumSampleCount: clustering.minimumSampleCount, radii: clustering.radii,
        silhouetteSampleCount: Self.silhouetteSampleCount)
      // A quarter is for the vectors themselves, if they take no more, and what is known of all images.
      limitBytes = settings.memoryLimitBytes / 4 * 3 / sharers
    }

    /// Tries all models on rows.
    ///
    /// - Parameters:
    ///   - pool: whose workers share the models; nil for the calling thread alone.
    ///   - advance: called after each trial, on any worker.
    /// - Throws: `ModelTooLarge` before anything is tried.
    func run(
      _ rows: Rows, name: String, pool: WorkerPool?, checkpoint: @Sendable () throws -> Void,
      advance: @Sendable () -> Void = {}
    ) throws -> ClusteredPart {
      // Where nothing differs there is nothing to part.
      if rows.count > 1, (1..<rows.count).allSatisfy({ rows[$0] == rows[0] }) {
        return ClusteredPart(labels: Array(repeating: 0, count: rows.count))
      }
      let jobs = search.jobs(rowCount: rows.count)
      let needed = try memoryBytes(
        of: jobs, rowCount: rows.count, dimension: rows.dimension, name: name)
      var models: [ModelSearch.Model] = []
      if let pool {
        let found = Mutex<[Int: [ModelSearch.Model]]>([:])
        let fitting = (limitBytes - excess(rows.count, rows.dimension)) / max(1, needed)
        try pool.limited(to: max(1, fitting)).forEach(Array(jobs.indices)) {
          index in
          let part = try search.models(of: jobs[index], rows, checkpoint: checkpoint)
          found.withLock { $0[index] = part }
          advance()
        }
        let all = found.withLock { $0 }
        models = jobs.indices.flatMap { all[$0] ?? [] }
      } else {
        models = try jobs.flatMap { try search.models(of: $0, rows, checkpoint: checkpoint) }
      }
      try search.measureGaps(of: &models, rows, checkpoint: checkpoint)
      return ClusteredPart(models, search.choice(among: models), rowCount: rows.count, name: name)
    }

    /// How many times a method is run on rows; one that makes a tree is run once for all counts.
    func trialCount(_ rows: Rows) -> Int { search.jobs(rowCount: rows.count).count }

    /// What clustering rows takes, in words.
    ///
    /// - Throws: `ModelTooLarge`.
    func cost(_ rows: Rows, name: String) throws -> String {
      let jobs = search.jobs(rowCount: rows.count)
      let needed = try memoryBytes(
        of: jobs, rowCount: rows.count, dimension: rows.dimension, name: name)
      return "\(jobs.count) trials of \(rows.count) vectors of \(rows.dimension), "
        + "\((needed >> 20) + 1) MiB at most for one"
    }

    /// Refuses rows for which a method does not fit the memory.
    ///
    /// - Throws: `ModelTooLarge`.
    func checkFits(rowCount: Int, dimension: Int, name: String) throws {
      _ = try memoryBytes(
        of: search.jobs(rowCount: rowCount), rowCount: rowCount, dimension: dimension, name: name)
    }

    /// What the vectors take of the memory that methods have.
    private func excess(_ rowCount: Int, _ dimension: Int) -> Int {
      max(0, 4 * rowCount * dimension - limitBytes / 3)
    }

    /// What the largest of some jobs takes, beside the vectors.
    private func memoryBytes(
      of jobs: [ModelSearch.Job], rowCount: Int, dimension: Int, name: String
    ) throws -> Int {
      let excess = excess(rowCount, dimension)
      var most = 0
      for job in jobs {
        let needed = search.memoryBytes(of: job, rowCount: rowCount, dimension: dimension)
        guard needed + excess <= limitBytes else {
          throw ModelTooLarge(
            description:
              "'--method \(job.method.rawValue)': for \(rowCount) vectors (\(name)) it takes "
              + "\((needed + excess) >> 20) MiB, and '--memory' leaves it \(limitBytes >> 20) MiB; take "
              + "\(Self.advice(job.method)), or give more memory")
        }
        most = max(most, needed)
      }
      return most
    }

    /// What fits where a method does not.
    private static func advice(_ method: ClusteringMethod) -> String {
      method == .gaussian
        ? "'gaussian-diagonal' or vectors of fewer components, such as 'pca' ('gaussian' takes the square "
          + "of their number for each cluster)"
        : "'kmeans' or 'hdbscan', whose memory grows with the vectors and not with their pairs, "
          + "'--merge representatives', which clusters batch by batch"
    }
  }

  private init(labels: [Int32]) {
    self.labels = labels
    models = []
  }

  private init(
    _ models: [ModelSearch.Model], _ choice: ModelChoice, rowCount: Int, name: String
  ) {
    labels =
      choice.winner.map { models[$0].labels.values }
      ?? Array(repeating: Labels.noise, count: rowCount)
    self.models = models.enumerated().map { index, model in
      TriedModel(
        group: name, score: model.score, rating: choice.scores[index],
        isChosen: index == choice.winner)
    }
  }
}

/// One model that was tried for a part of the archive: a row of `models.csv`.
public struct TriedModel: Sendable {
  /// The number of the batch, or `merge` for what brought the batches together, or `all`.
  public let group: String
  /// What it is and how good.
  public let score: ModelScore
  /// What it got by the criterion, more is better; nil where it took no part.
  public let rating: Double?
  /// Whether it was taken.
  public let isChosen: Bool

  /// The method with what it was told besides a count of clusters.
  public var name: String {
    score.parameters.hasPrefix("clusters=") || score.parameters.isEmpty
      ? score.method : "\(score.method) \(score.parameters)"
  }
}
