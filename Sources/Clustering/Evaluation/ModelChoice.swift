/// What decides among models.
public enum ModelCriterion: String, CaseIterable, Sendable {
  /// Silhouette less Davies-Bouldin plus Calinski-Harabasz, each scaled to 0...1 over the models.
  case combined
  /// The largest silhouette.
  case silhouette
  /// The least Davies-Bouldin index.
  case daviesBouldin = "davies-bouldin"
  /// The largest Calinski-Harabasz index.
  case calinskiHarabasz = "calinski-harabasz"
  /// The knee of inertia over cluster counts, of models of one method.
  case elbow
  /// The knee of distortion over cluster counts, of models of one method.
  case distortion
  /// The gap statistic's one-standard-error rule, of models of one method.
  case gap
  /// The largest second derivative of merge heights.
  case derivative

  /// Whether it can tell models of a method apart.
  public func judges(_ method: ClusteringMethod) -> Bool {
    switch self {
    case .combined, .silhouette, .daviesBouldin, .calinskiHarabasz: true
    case .elbow, .distortion, .gap: method.takesClusterCount
    case .derivative: method.linkage != nil
    }
  }

  /// How many counts of clusters it needs to choose among: a knee has a point on either side.
  public var leastCountOfCounts: Int {
    switch self {
    case .elbow, .distortion: 3
    case .gap: 2
    default: 1
    }
  }
}

/// The model that a criterion prefers among those that were tried.
///
/// Models with fewer than two clusters take no part, nor those of which the criterion does not know what
/// it needs. Ties go to the model with fewer clusters, then to the earlier one.
public struct ModelChoice: Equatable, Sendable {
  /// What decided.
  public let criterion: ModelCriterion
  /// The position of the chosen model; nil where none took part.
  public let winner: Int?
  /// What each model got, more is better; nil for those that took no part.
  ///
  /// `combined`: -1 to 2. Davies-Bouldin: the index, negative. `elbow`, `distortion`: the depth under the
  /// chord of the method's curve (`CountCurve`), where any point is under it. `gap`: the gap, of the model that the rule picks of each
  /// method; the others of the method take no part.
  public let scores: [Double?]

  /// Chooses among `models`.
  public init(of models: [ModelScore], by criterion: ModelCriterion) {
    self.criterion = criterion
    let eligible = models.indices.filter { models[$0].clusterCount > 1 }
    scores = Self.scores(models, eligible, criterion)
    winner = Self.winner(models, scores)
  }

  private static func winner(_ models: [ModelScore], _ scores: [Double?]) -> Int? {
    var winner: (position: Int, score: Double)?
    for (position, score) in scores.enumerated() {
      guard let score else { continue }
      if let best = winner {
        let isSimpler = models[position].clusterCount < models[best.position].clusterCount
        guard score > best.score || (score == best.score && isSimpler) else { continue }
      }
      winner = (position, score)
    }
    return winner?.position
  }

  private static func scores(
    _ models: [ModelScore], _ eligible: [Int], _ criterion: ModelCriterion
  ) -> [Double?] {
    var scores = [Double?](repeating: nil, count: models.count)
    switch criterion {
    case .combined: combine(models, eligible, &scores)
    case .silhouette: for model in eligible { scores[model] = models[model].silhouette }
    case .daviesBouldin:
      for model in eligible { scores[model] = models[model].daviesBouldin.map { -$0 } }
    case .calinskiHarabasz:
      for model in eligible { scores[model] = models[model].calinskiHarabasz }
    case .derivative: for model in eligible { scores[model] = models[model].acceleration }
    case .elbow: measureDepths(models, eligible, \.inertia, &scores)
    case .distortion: measureDepths(models, eligible, \.distortion, &scores)
    case .gap: pickGaps(models, eligible, &scores)
    }
    return scores
  }

  private static func combine(
    _ models: [ModelScore], _ eligible: [Int], _ scores: inout [Double?]
  ) {
    var indices: [(model: Int, silhouette: Double, overlap: Double, ratio: Double)] = []
    for model in eligible {
      guard let silhouette = models[model].silhouette, let overlap = models[model].daviesBouldin,
        let ratio = models[model].calinskiHarabasz
      else { continue }
      indices.append((model, silhouette, overlap, ratio))
    }
    let silhouettes = scaled(indices.map(\.silhouette))
    let (overlaps, ratios) = (scaled(indices.map(\.overlap)), scaled(indices.map(\.ratio)))
    for (position, entry) in indices.enumerated() {
      scores[entry.model] = silhouettes[position] - overlaps[position] + ratios[position]
    }
  }

  /// The values scaled to 0...1; all 0 where they are equal.
  private static func scaled(_ values: [Double]) -> [Double] {
    guard let lowest = values.min(), let highest = values.max(), highest > lowest else {
      return values.map { _ in 0 }
    }
    return values.map { ($0 - lowest) / (highest - lowest) }
  }

  /// Models that know `value`, by method, with ascending cluster counts.
  private static func curves(
    _ models: [ModelScore], _ eligible: [Int], _ value: KeyPath<ModelScore, Double?>
  ) -> [[Int]] {
    Dictionary(grouping: eligible.filter { models[$0][keyPath: value] != nil }) {
      models[$0].method
    }.values.map {
      $0.sorted { (models[$0].clusterCount, $0) < (models[$1].clusterCount, $1) }
    }
  }

  private static func measureDepths(
    _ models: [ModelScore], _ eligible: [Int], _ value: KeyPath<ModelScore, Double?>,
    _ scores: inout [Double?]
  ) {
    for curve in curves(models, eligible, value) {
      let depths = CountCurve.depths(
        counts: curve.map { models[$0].clusterCount },
        values: curve.compactMap { models[$0][keyPath: value] })
      guard depths.contains(where: { $0 > 0 }) else { continue }
      for (model, depth) in zip(curve, depths) { scores[model] = depth }
    }
  }

  private static func pickGaps(
    _ models: [ModelScore], _ eligible: [Int], _ scores: inout [Double?]
  ) {
    for curve in curves(models, eligible, \.gap) {
      let picked = GapStatistic.suggested(
        gaps: curve.map { models[$0].gap }, errors: curve.map { models[$0].gapError })
      if let picked { scores[curve[picked]] = models[curve[picked]].gap }
    }
  }
}
