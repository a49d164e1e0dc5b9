/// How much the pages show; the totals are of the whole result whatever it is.
public struct ReportOptions: Hashable, Sendable {
  /// Clusters shown in full because they are the largest.
  public var largestClusterCount = 50
  /// Clusters shown in full because the seed drew them from the rest.
  public var sampledClusterCount = 50
  /// What draws the sample; the same seed and number of clusters give the same sample.
  public var sampleSeed: UInt64 = 1
  /// Members shown of a cluster in full, in each of the two orders.
  public var memberLimit = 12
  /// Clusters on one of the further pages.
  public var clustersPerPage = 200
  /// Further pages; clusters beyond them are in the tables only.
  public var pageLimit = 50
  /// Thumbnails of a cluster on a further page.
  public var indexMemberLimit = 6
  /// Thumbnails on all further pages together; clusters beyond it are listed by name.
  public var indexThumbnailLimit = 4_000

  /// Makes the defaults: at most 6,500 thumbnails and 51 pages, whatever the size of the archive.
  public init() {}
}
