import Catalog
import Clustering

/// How well the clusters of a run are those of a truth.
public struct Evaluation: Sendable {
  /// What became of the rows of the table and the images of the run.
  public struct Coverage: Sendable {
    /// Rows of the table.
    public var rowCount = 0
    /// Groups of the table.
    public var groupCount = 0
    /// Images that are judged: in the table and in the run.
    public var judgedCount = 0
    /// Rows whose path is not in the run: judged in nothing.
    public var missingRowCount = 0
    /// The first of them.
    public var missingRows: [ArchivePath] = []
    /// Rows that name an image of an earlier row, by another hard link: judged once.
    public var repeatedRowCount = 0
    /// Images of the run that the table lacks: judged in nothing, though they may join others.
    public var unlistedImageCount = 0
    /// Judged images that could not be decoded or read, each a group and a cluster of its own.
    public var leftOutCount = 0
    /// Changed images that are in no recall by kind, as no original of their group was decoded.
    public var withoutOriginalCount = 0
  }

  /// How many of the images that were changed in one way are found.
  public struct Kind: Sendable {
    /// The change, as shown to a person.
    public let change: String
    /// Images that were changed so and decoded, of groups whose original was.
    public let imageCount: Int
    /// How many of them are in one cluster with the original at the best threshold; nil if there is none.
    public let foundAtBest: Int?
    /// How many of them are in one cluster with the original at the run's own threshold.
    public let foundAtOwn: Int
  }

  /// What is compared.
  public var measure: String
  /// The clustering that is judged; nil for links, which have a threshold.
  public var model: String?
  /// The threshold of the run, or the one asked for.
  public var ownThreshold: Double
  /// How clusters merge at the run's own threshold; the curve and the best are of single linkage.
  public var linkage: Linkage
  /// The lowest similarity that links are kept for.
  public var floor: Double
  /// What was judged and what was not.
  public var coverage: Coverage
  /// Precision, recall, F1 and adjusted Rand index at every threshold, single linkage.
  public var curve: AgreementCurve
  /// The threshold of the largest F1 and all scores there; nil when no two judged images are joined.
  public var best: (threshold: Double, scores: ClusterAgreement)?
  /// All scores at the run's own threshold.
  public var own: ClusterAgreement
  /// Recall by kind of change, in order of first rows.
  public var kinds: [Kind]
}
