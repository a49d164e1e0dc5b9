/// The first directory of a TIFF file, as far as the first bytes of the file hold it.
struct TIFFDirectory {
  /// Whether the file is a camera's raw file: a DNG by its version tag, or a preview ("reduced
  /// resolution") as the first picture, with the sensor's data in sub-directories.
  let isCameraRaw: Bool

  /// Nil for what is no classic TIFF.
  init?<Bytes>(_ bytes: Prefix<Bytes>) {
    let isBig = bytes[0] == 0x4D
    guard bytes.holds(isBig ? [0x4D, 0x4D, 0, 42] : [0x49, 0x49, 42, 0]) else { return nil }
    func word(_ at: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 << 8 | Int(bytes[at + (isBig ? $1 : count - 1 - $1)]) }
    }
    let start = word(4, 4)
    var isPreview = false
    var hasSubdirectories = false
    var isDNG = false
    for entry in 0..<min(word(start, 2), 100) {
      let at = start + 2 + 12 * entry
      switch word(at, 2) {
      case 254: isPreview = word(at + 8, 4) & 1 == 1
      case 330: hasSubdirectories = true
      case 50706: isDNG = true
      default: break
      }
    }
    isCameraRaw = isDNG || (isPreview && hasSubdirectories)
  }
}
