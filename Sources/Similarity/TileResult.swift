import Clustering

/// What one part of a join found: a checkpoint of a few megabytes, whatever the number of pairs.
public struct TileResult: Equatable, Sendable {
  /// The maximum spanning forest of the part's links, sorted by `Link`'s order.
  public var links: [Link]
  /// Pairs of images by similarity, in the join's own steps (`TiledJoin.similarity(ofCount:)`): every
  /// pair of the part, not only the forest.
  public var counts: [UInt64]

  /// What the pairs that were no candidates may have hidden; zeros where every pair is compared.
  public var audit: CandidateAudit

  /// Makes a result.
  public init(links: [Link], counts: [UInt64], audit: CandidateAudit = CandidateAudit()) {
    self.links = links
    self.counts = counts
    self.audit = audit
  }
}
