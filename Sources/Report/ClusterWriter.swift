import Catalog

/// What is known of one cluster before its members are seen.
public struct ClusterHeading: Hashable, Sendable {
  /// From 1, in the order of the result: by size, then by first path.
  public let number: Int
  /// Images in the cluster, at least 2; further names of an image do not count.
  public let imageCount: Int
  /// The similarity of the weakest link of the forest inside the cluster, from 0 to 1, or nil where
  /// the linkage joined members through pairs that the forest does not hold.
  public let weakestSimilarity: Double?
  /// The member that stands for the cluster.
  public let representative: ImageID

  /// Makes a heading; `imageCount` must be the number of members that follow.
  public init(
    number: Int, imageCount: Int, weakestSimilarity: Double?, representative: ImageID
  ) {
    self.number = number
    self.imageCount = imageCount
    self.weakestSimilarity = weakestSimilarity
    self.representative = representative
  }
}

/// One image of a result, with every name it has in the archive.
public struct ClusterMember: Hashable, Sendable {
  /// The image's number in the catalog.
  public let image: ImageID
  /// The image's first name, in byte order.
  public let path: ArchivePath
  /// The image's further names: hard links to the same file, in byte order.
  public let otherPaths: [ArchivePath]
  /// Columns of pixels, after the EXIF orientation is applied.
  public let width: Int
  /// Rows of pixels, after the EXIF orientation is applied.
  public let height: Int
  /// Size of the file.
  public let byteCount: Int64
  /// When the file was last changed, in nanoseconds since 1970, as the scan saw it.
  public let modifiedNanoseconds: Int64
  /// The similarity of the image's strongest link to another member, or nil for an outlier.
  public let nearestSimilarity: Double?
  /// The similarity of the image's weakest link of the forest inside the cluster, or nil for an
  /// outlier.
  ///
  /// The two ends of a cluster's weakest link share its value, so that ordering members by
  /// it shows first what is most likely to be wrong.
  public let weakestSimilarity: Double?

  /// Makes a member of its parts.
  public init(
    image: ImageID, path: ArchivePath, otherPaths: [ArchivePath] = [], width: Int, height: Int,
    byteCount: Int64, modifiedNanoseconds: Int64, nearestSimilarity: Double?,
    weakestSimilarity: Double?
  ) {
    self.image = image
    self.path = path
    self.otherPaths = otherPaths
    self.width = width
    self.height = height
    self.byteCount = byteCount
    self.modifiedNanoseconds = modifiedNanoseconds
    self.nearestSimilarity = nearestSimilarity
    self.weakestSimilarity = weakestSimilarity
  }
}

/// Something that is told a whole result, one image at a time, and writes it down in its own way.
///
/// The calls come in the order of the result: for each cluster `beginCluster`, its members in byte
/// order of their paths, `endCluster`; then the outliers; then `finish`, once. Nothing is held of a
/// member after the call, so that a cluster of a million images costs no memory.
public protocol ClusterWriter {
  /// Starts a cluster.
  mutating func beginCluster(_ heading: ClusterHeading) throws
  /// Adds a member to the cluster that was begun last.
  mutating func append(_ member: ClusterMember) throws
  /// Ends the cluster that was begun last.
  mutating func endCluster() throws
  /// Adds an image in no link at the threshold.
  mutating func appendOutlier(_ image: ClusterMember) throws
  /// Hands over what is still buffered; nothing may follow.
  mutating func finish() throws
}

extension ClusterWriter {
  /// Writes one whole cluster whose members are at hand.
  public mutating func append(
    _ heading: ClusterHeading, members: some Sequence<ClusterMember>
  ) throws {
    try beginCluster(heading)
    for member in members { try append(member) }
    try endCluster()
  }
}
