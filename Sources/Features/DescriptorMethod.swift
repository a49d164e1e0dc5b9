import Imaging

/// A way to describe an image by more than bits of a fixed number, known by its name.
///
/// All read one raster: gray, proportions kept, the longer side at most ``longerSide``, never
/// enlarged. Features are rows of bytes, numbers little endian. An empty row means that there is
/// nothing in the image to describe ("no detail"): it links to identical content only.
///
/// Key points, corners and edges come from OpenCV (4.6 on Debian 12), opened at the first use and
/// held to the thread that calls and to the processor's basic instructions, so that a feature is a
/// function of the raster alone. The tests compare with golden files of OpenCV's Python package.
public enum DescriptorMethod: String, Hashable, Sendable, CaseIterable {
  /// Where the strongest corners are, as 128 MinHash slots.
  case cornerMinHash = "minhash"
  /// How strong six edge filters answer, and the histogram of the grays.
  case brushStrokes = "brushstrokes"
  /// A difference hash of each bright and each dark segment.
  case cropHash = "crophash"
  /// Oriented FAST and rotated BRIEF (Rublee et al. 2011): key points with 256 bits each.
  case orb
  /// Scale-invariant feature transform (Lowe 2004): key points with 128 numbers each.
  case sift

  /// The most pixels that a side of the raster may have.
  public static let longerSide = 512
  /// The most key points of an image.
  public static let keyPointLimit = 500

  /// What the method is called in commands, files and messages.
  public var name: String { rawValue }

  /// Raised when the bytes of any raster, or the raster asked for, change.
  public var version: Int { 1 }

  /// The bytes of a row where all rows that are not empty have as many, or nil.
  public var byteCount: Int? {
    switch self {
    case .cornerMinHash, .brushStrokes: recordByteCount
    case .cropHash, .orb, .sift: nil
    }
  }

  /// The bytes of one record; a row is any number of them, or one where ``byteCount`` is not nil.
  public var recordByteCount: Int {
    switch self {
    case .cornerMinHash: CornerMinHash.slotCount * 2
    case .brushStrokes: BrushStrokes.valueCount * 4
    case .cropHash: CropHash.hashByteCount
    case .orb: 16 + 32
    case .sift: 16 + 128
    }
  }

  /// The feature of an image, read off its raster.
  ///
  /// - `minhash`: 128 slots of 16 bits, each 0...1023 (`CornerMinHash`).
  /// - `brushstrokes`: 262 floats of 32 bits: six deviations, then 256 fractions (`BrushStrokes`).
  /// - `crophash`: 64 bits for each segment, in the bit order of `dhash`; at least one (`CropHash`).
  /// - `orb`, `sift`: at most ``keyPointLimit`` records of four floats of 32 bits (x and y in pixels
  ///   of the raster, size in pixels, angle in degrees) and a descriptor of 32 bytes (`orb`) or 128
  ///   (`sift`), in the order of x, y, size, angle, descriptor (`KeyPoints`).
  ///
  /// - Throws: `FeatureFailure` where OpenCV is not installed or gives up, say for want of memory;
  ///   `crophash` does without it.
  /// - Precondition: `raster` is gray and no side is over ``longerSide``.
  /// - Complexity: linear in the pixels. Processor time on one core with AVX2, release build, mean of
  ///   30 real pictures with a longer side of 512: `brushstrokes` 3 ms, `minhash` 3.5, `orb` 4,
  ///   `crophash` 5, `sift` 73 (165 at most); of 25 icons of 72 pixels a tenth of that or less.
  public func extract(from raster: Raster) throws(FeatureFailure) -> [UInt8] {
    let specification = raster.specification
    precondition(
      specification.channels == .gray
        && max(specification.width, specification.height) <= Self.longerSide,
      "\(name) reads gray rasters of at most \(Self.longerSide) a side, not \(specification)")
    guard hasVariance(raster.pixels) else { return [] }
    switch self {
    case .cornerMinHash: return try CornerMinHash.feature(of: raster)
    case .brushStrokes: return try BrushStrokes.feature(of: raster)
    case .cropHash: return CropHash.feature(of: raster)
    case .orb, .sift: return try keyPoints(of: raster)
    }
  }
}

extension [UInt8] {
  /// Appends the bytes of a number, the lowest first.
  mutating func append(littleEndian value: some FixedWidthInteger) {
    for byte in 0..<value.bitWidth / 8 { append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
  }
}
