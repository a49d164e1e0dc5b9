import Clustering

/// What one part of a join found: a checkpoint of a few megabytes, whatever the number of pairs.
public struct TileResult: Equatable, Sendable {
  /// The maximum spanning forest of the part's links, sorted by `Link`'s order.
  public var links: [Link]
  /// Pairs of images by similarity, in the join's own steps (`TiledJoin.similarity(ofCount:)`): every
  /// pair of the part, not only the forest.
  public var counts: [UInt64]

  /// Makes a result.
  public init(links: [Link], counts: [UInt64]) {
    self.links = links
    self.counts = counts
  }
}
