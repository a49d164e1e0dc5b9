/// The totals of a result and the settings that decide it.
///
/// Holds nothing that differs between two runs to the same result: no time, rate, worker count or path
/// of the run.
public struct ResultSummary: Hashable, Sendable {
  /// What decides the links and where they are cut.
  public struct Settings: Hashable, Sendable {
    /// The measure that the links are of, such as `pdq`.
    public var measure: String
    /// Links at or above it join.
    public var threshold: Double
    /// The threshold that batches were cut at.
    public var batchThreshold: Double
    /// The lowest similarity that links were kept for.
    public var floor: Double
    /// `single`, `average` or `complete`.
    public var linkage: String
    /// `exhaustive` or `representatives`.
    public var merge: String

    /// Makes settings of their parts.
    public init(
      measure: String, threshold: Double, batchThreshold: Double, floor: Double, linkage: String,
      merge: String
    ) {
      self.measure = measure
      self.threshold = threshold
      self.batchThreshold = batchThreshold
      self.floor = floor
      self.linkage = linkage
      self.merge = merge
    }
  }

  /// What decides clusters of vectors.
  public struct Clustering: Hashable, Sendable {
    /// The feature whose vectors are clustered, such as `pca`.
    public var measure: String
    /// The model that was chosen last, such as `ward, 12 clusters`.
    public var model: String
    /// By what it was chosen among those tried.
    public var choice: String
    /// How many models were tried, in all batches and at the end.
    public var modelCount: Int
    /// `exhaustive` or `representatives`.
    public var merge: String

    /// Makes settings of their parts.
    public init(measure: String, model: String, choice: String, modelCount: Int, merge: String) {
      self.measure = measure
      self.model = model
      self.choice = choice
      self.modelCount = modelCount
      self.merge = merge
    }
  }

  /// How the clusters came about.
  public enum Method: Hashable, Sendable {
    /// Links at a threshold.
    case links(Settings)
    /// A clustering method on vectors.
    case clustering(Clustering)
  }

  /// What became of every file that was scanned.
  public struct Outcomes: Hashable, Sendable {
    /// Files found by the scan.
    public var scanned: Int
    /// Images in clusters.
    public var clustered: Int
    /// Images in no link at the threshold.
    public var outliers: Int
    /// Files that could not be decoded.
    public var quarantined: Int
    /// Files that the storage would not give, or that ran out of time.
    public var notRead: Int
    /// Files that are no images by their bytes.
    public var skipped: Int

    /// Makes outcomes of their counts.
    public init(
      scanned: Int, clustered: Int, outliers: Int, quarantined: Int, notRead: Int, skipped: Int
    ) {
      self.scanned = scanned
      self.clustered = clustered
      self.outliers = outliers
      self.quarantined = quarantined
      self.notRead = notRead
      self.skipped = skipped
    }

    /// Files whose fate is not told: 0 when the law of conservation holds, negative when some are
    /// told twice.
    public var unaccounted: Int {
      scanned - clustered - outliers - quarantined - notRead - skipped
    }
  }

  /// What decides the result.
  public var method: Method
  /// What became of every file.
  public var outcomes: Outcomes
  /// Number of clusters.
  public var clusterCount: Int
  /// Images in the largest cluster, or 0 when there is none.
  public var largestClusterImageCount: Int
  /// Images without detail, which link to identical content only; part of clustered and outliers.
  public var noDetailCount: Int
  /// What candidates may have cost; nil where every pair was compared.
  public var missedLinks: MissedLinks?

  /// Makes a summary of its parts.
  public init(
    method: Method, outcomes: Outcomes, clusterCount: Int, largestClusterImageCount: Int,
    noDetailCount: Int, missedLinks: MissedLinks? = nil
  ) {
    self.method = method
    self.outcomes = outcomes
    self.clusterCount = clusterCount
    self.largestClusterImageCount = largestClusterImageCount
    self.noDetailCount = noDetailCount
    self.missedLinks = missedLinks
  }
}

extension ResultSummary {
  /// What was compared or clustered.
  public var measure: String {
    switch method {
    case .links(let settings): settings.measure
    case .clustering(let settings): settings.measure
    }
  }

  /// Where links join; nil for clusters that are not made of links.
  public var threshold: Double? {
    if case .links(let settings) = method { settings.threshold } else { nil }
  }
}
