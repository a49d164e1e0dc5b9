import Catalog

/// What came of the wish for a thumbnail.
public enum ThumbnailResult: Hashable, Sendable {
  /// A file was written at `path`, relative to the folder of `report.html`, of so many pixels.
  case file(path: ArchivePath, width: Int, height: Int)
  /// There is none, and why, in a few words; the page shows them in its place.
  case unavailable(reason: String)
}

/// Makes thumbnails of images, in the order asked.
///
/// Asked for at most a few dozen at once, never twice for one image. May work on them concurrently; the
/// answer must depend on the images alone. It returns as many results as it was given images.
public typealias ThumbnailMaker = (_ images: [ImageID]) throws -> [ThumbnailResult]
