import Catalog

/// What the end of a file's name promises.
///
/// Decides nothing but whether a file that is no known image is reported as a broken one or passed
/// over as something else.
enum ImageName {
  private static let extensions: Set<[UInt8]> = Set(
    [
      "jpg", "jpeg", "jpe", "jfif", "png", "apng", "gif", "webp", "tif", "tiff", "heic", "heif",
      "hif", "avif", "jxl", "jp2", "j2k", "jpf", "bmp", "dib", "ico", "psd", "psb", "tga", "exr",
      "qoi", "dds", "ppm", "pgm", "pbm", "pnm", "pcx", "xcf", "dng", "cr2", "cr3", "nef", "arw",
      "orf", "rw2", "raf", "pef", "srw",
    ].map { Array($0.utf8) })

  /// Whether the name ends like an image's.
  static func promisesImage(_ path: ArchivePath) -> Bool {
    let bytes = path.bytes
    let dot = UInt8(ascii: ".")
    guard let index = bytes.lastIndex(of: dot), bytes.count - index <= 5 else { return false }
    return extensions.contains(bytes[(index + 1)...].map { (65...90).contains($0) ? $0 | 32 : $0 })
  }
}
