import LinearAlgebra

extension ModelSearch {
  /// The clusterings of one part of the search that is no dendrogram, each with what it was told.
  func clusterings(
    of job: Job, _ rows: Rows, checkpoint: () throws -> Void
  ) throws -> [(parameters: String, labels: Labels)] {
    switch job.method {
    case .dbscan:
      return try radii(for: rows, checkpoint: checkpoint).map { radius in
        (
          "radius=\(radius)",
          try DBSCAN(radius: radius, minimumSamples: minimumSampleCount ?? 5)
            .cluster(rows, checkpoint: checkpoint).labels
        )
      }
    case .hdbscan:
      return try minimumClusterSizes.filter { $0 <= rows.count }.map { size in
        (
          "size=\(size)",
          try HDBSCAN(minimumClusterSize: size, minimumSamples: minimumSampleCount)
            .cluster(rows, checkpoint: checkpoint).labels
        )
      }
    case .affinity:
      return [("", try AffinityPropagation().cluster(rows, checkpoint: checkpoint).labels)]
    default:
      return try (job.counts.map(Array.init) ?? []).map { count in
        ("clusters=\(count)", try labels(job.method, count, rows, checkpoint: checkpoint))
      }
    }
  }

  /// The clusters of a method that is told how many there are.
  private func labels(
    _ method: ClusteringMethod, _ count: Int, _ rows: Rows, checkpoint: () throws -> Void
  ) throws -> Labels {
    switch method {
    case .kMeans:
      return try KMeans(clusterCount: count, seed: seed).cluster(rows, checkpoint: checkpoint)
        .labels
    case .sampledKMeans:
      var means = KMeans(clusterCount: count, seed: seed)
      means.steps = .samples(rowCount: 1_024)
      return try means.cluster(rows, checkpoint: checkpoint).labels
    case .gaussian, .diagonalGaussian:
      var mixture = GaussianMixture(componentCount: count, seed: seed)
      mixture.covariance = method == .gaussian ? .full : .diagonal
      return try mixture.cluster(rows, checkpoint: checkpoint).labels
    case .spectral:
      return try SpectralClustering(clusterCount: count, seed: seed)
        .cluster(rows, checkpoint: checkpoint).labels
    case .ward, .single, .complete, .average, .weighted, .centroid, .median:
      guard let linkage = method.linkage else { preconditionFailure("\(method) merges nothing") }
      return try Agglomerative(linkage: linkage).dendrogram(of: rows, checkpoint: checkpoint)
        .labels(clusterCount: count)
    case .dbscan, .hdbscan, .affinity:
      preconditionFailure("\(method) is not told how many clusters there are")
    }
  }

  /// The distances that `dbscan` tries: those asked for, or the deciles 1, 3, 5, 7 and 9 of the distance to
  /// the neighbour that makes a row a core.
  private func radii(for rows: Rows, checkpoint: () throws -> Void) throws -> [Double] {
    guard radii.isEmpty else { return radii }
    // The row itself is the first of the neighbours that are counted.
    let neighborCount = min(rows.count - 1, max(1, (minimumSampleCount ?? 5) - 1))
    let neighbors = NearestNeighbors(of: rows, count: neighborCount)
    try checkpoint()
    let distances = (0..<rows.count).map {
      neighbors.squaredDistances[($0 + 1) * neighborCount - 1].squareRoot()
    }.sorted()
    return [1, 3, 5, 7, 9].reduce(into: []) { radii, decile in
      let radius = distances[decile * (distances.count - 1) / 10]
      if radius > 0, radius != radii.last { radii.append(radius) }
    }
  }

  /// The memory that a part takes, in bytes, besides the rows: its method and the measuring of a model.
  public func memoryBytes(of job: Job, rowCount: Int, dimension: Int) -> Int {
    let labels = 4 * rowCount * (job.counts?.count ?? 8)
    let measuring = Silhouette.memoryBytes(
      rowCount: rowCount, dimension: dimension, sampleCount: silhouetteSampleCount)
    return labels + max(measuring, methodBytes(job, rowCount, dimension))
  }

  private func methodBytes(_ job: Job, _ rowCount: Int, _ dimension: Int) -> Int {
    let count = job.counts?.upperBound ?? 1
    if let linkage = job.method.linkage {
      return Agglomerative(linkage: linkage).memoryBytes(rowCount: rowCount, dimension: dimension)
    }
    switch job.method {
    case .gaussian, .diagonalGaussian:
      return GaussianMixture.memoryBytes(
        rowCount: rowCount, dimension: dimension, componentCount: count,
        covariance: job.method == .gaussian ? .full : .diagonal)
    case .spectral:
      return SpectralClustering.memoryBytes(
        rowCount: rowCount, dimension: dimension, clusterCount: count)
    case .dbscan:
      return DBSCAN(radius: 1, minimumSamples: minimumSampleCount ?? 5)
        .memoryBytes(rowCount: rowCount)
    case .hdbscan: return HDBSCAN.memoryBytes(rowCount: rowCount, dimension: dimension)
    case .affinity: return AffinityPropagation.memoryBytes(rowCount: rowCount)
    default:
      return KMeans.memoryBytes(rowCount: rowCount, dimension: dimension, clusterCount: count)
    }
  }

  /// Measures the gap statistic of models, where it decides: it takes ten clusterings of random rows for
  /// each.
  public func measureGaps(
    of models: inout [Model], _ rows: Rows, checkpoint: () throws -> Void
  ) throws {
    guard criterion == .gap else { return }
    for method in methods where method.takesClusterCount {
      let found = models.indices.filter { models[$0].score.method == method.rawValue }
      var tree: (rows: Rows, dendrogram: Dendrogram)?
      let gaps = try GapStatistic(
        of: rows, clusterCounts: found.map { models[$0].score.clusterCount },
        inertias: found.map { models[$0].score.inertia ?? 0 }, seed: seed
      ) { reference, count in
        guard let linkage = method.linkage else {
          return try labels(method, count, reference, checkpoint: checkpoint)
        }
        // One dendrogram has the clusters of every count.
        if tree?.rows != reference {
          tree = (
            reference,
            try Agglomerative(linkage: linkage).dendrogram(of: reference, checkpoint: checkpoint)
          )
        }
        return tree?.dendrogram.labels(clusterCount: count) ?? Labels([])
      }
      for (position, model) in found.enumerated() {
        models[model].score.gap = gaps.gaps[position]
        models[model].score.gapError = gaps.errors[position]
      }
    }
  }
}
