import Catalog

/// What came of the wish for a thumbnail.
public enum ThumbnailResult: Hashable, Sendable {
  /// A file was written at `path`, relative to the folder of `report.html`, of so many pixels.
  case file(path: ArchivePath, width: Int, height: Int)
  /// There is none, and why, in a few words; the page shows them in its place.
  case unavailable(reason: String)
}

/// Tells the thumbnails of images, in the order asked.
///
/// Asked for at most a few dozen at once, and for as many as it was given images. The file need not be
/// there: the page shows the original in its place.
public typealias ThumbnailMaker = (_ images: [ClusterMember]) throws -> [ThumbnailResult]
