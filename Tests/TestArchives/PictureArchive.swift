import TestImages

/// Small pictures in families of near copies, from a seed, with what an archive has besides: exact
/// copies, blank pages, files that are no pictures or damaged, names that are not UTF-8.
public struct PictureArchive: Sendable {
  /// One file of it.
  public struct File: Sendable {
    /// The path, any bytes.
    public let name: [UInt8]
    /// The content.
    public let bytes: [UInt8]
  }

  /// The files, in no order that means anything.
  public let files: [File]

  /// How far the members of a family are mixed with another picture, in parts of the whole; the
  /// similarities of a family lie on both sides of every threshold that tests use.
  private static let mixtures = [0, 0.04, 0.09, 0.2, 0.36]

  /// 60 pictures that decode, one file that is skipped and two that are quarantined.
  public static let whole = PictureArchive(seed: 1, familyCount: 11, withOddFiles: true)

  /// Ten pictures that decode, and the same odd files: for tests that run hundreds of times.
  public static let little = PictureArchive(seed: 2, familyCount: 1, withOddFiles: true)

  /// Pictures that all decode, of which no two are equal.
  public static let plain = PictureArchive(seed: 3, familyCount: 8, withOddFiles: false)

  /// Makes an archive of five pictures a family.
  public init(seed: UInt64, familyCount: Int, withOddFiles: Bool) {
    var random = SplitMix(seed: seed)
    var files: [File] = []
    for family in 0..<familyCount {
      let picture = Waves(random: &random)
      for (variant, mixture) in Self.mixtures.enumerated() {
        // Random names spread a family over the batches.
        let folder = ["", "2019/", "2020/spring/", "a b/"].randomElement(using: &random) ?? ""
        let number = String(UInt16.random(in: .min ... .max, using: &random), radix: 16)
        files.append(
          File(
            name: Array("\(folder)\(number)-\(family).\(variant).png".utf8),
            bytes: picture.mixed(with: Waves(random: &random), part: mixture)))
      }
    }
    if withOddFiles { files += Self.oddFiles(copied: files[0].bytes) }
    self.files = files
  }

  private static func oddFiles(copied bytes: [UInt8]) -> [File] {
    [
      File(name: Array("copies/again.png".utf8), bytes: bytes),
      File(name: [0x66, 0xFF, 0xFE, 0x80] + Array(".png".utf8), bytes: bytes),
      File(name: Array("blank/1.png".utf8), bytes: flat(200)),
      File(name: Array("blank/new\nline.png".utf8), bytes: flat(200)),
      File(name: Array("zero/blank.png".utf8), bytes: flat(90)),
      File(name: Array("notes.txt".utf8), bytes: Array("no picture\n".utf8)),
      File(name: Array("cut.png".utf8), bytes: Array(bytes.prefix(bytes.count / 2))),
      File(name: Array("zero/empty.jpg".utf8), bytes: []),
    ]
  }

  private static func flat(_ gray: Int) -> [UInt8] {
    PNGFile(width: 64, height: 64, colorType: 0) { _, _, _ in gray }.bytes
  }

  /// Writes the files into a folder that is there.
  public func write(to folder: String) throws {
    for file in files { try FileTree(folder).write(file.bytes, to: file.name) }
  }
}

/// A sum of random waves: structure at the scales that hashes look at.
private struct Waves {
  static let side = 64
  /// From -1 to 1, row-major.
  private let values: [Float]

  init(random: inout SplitMix) {
    var values = [Float](repeating: 0, count: Self.side * Self.side)
    for _ in 0..<5 {
      // Triangle waves: they need no sine, so every machine makes the same bytes.
      let columnStep = Int.random(in: -9...9, using: &random)
      let rowStep = Int.random(in: 1...9, using: &random)
      let phase = Int.random(in: 0..<256, using: &random)
      for row in 0..<Self.side {
        for column in 0..<Self.side {
          let angle = (column * columnStep + row * rowStep + phase) & 255
          values[row * Self.side + column] += Float(abs(angle - 128) - 64) / 320
        }
      }
    }
    self.values = values
  }

  func mixed(with other: Waves, part: Double) -> [UInt8] {
    let part = Float(part)
    return PNGFile(width: Self.side, height: Self.side, colorType: 0) { column, row, _ in
      let place = row * Self.side + column
      return Int(128 + 127 * (values[place] * (1 - part) + other.values[place] * part))
    }.bytes
  }
}
