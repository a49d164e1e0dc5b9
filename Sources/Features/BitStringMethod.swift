import Imaging

/// A way to describe an image by a fixed number of bits, known by its name.
///
/// Two features of one method are compared by their Hamming distance: similarity is
/// `1 - distance / bitCount`. On the same raster every bit equals the reference's (ImageHash 4.3.2;
/// `pdqhash` 0.2.8 for `pdq`), ties included: the tests compare with golden files.
///
/// A method's bits are a function of the raster alone, on every machine. Integers are used where the
/// reference's arithmetic allows; elsewhere additions, subtractions, multiplications and divisions
/// of IEEE 754 numbers in the one order that is written down. Swift neither reorders these nor
/// contracts them to fused operations, and tables of cosines come from our own arithmetic
/// (`UnitCircle`), not from the C library, whose last bit varies with the processor.
public enum BitStringMethod: String, Hashable, Sendable, CaseIterable {
  /// Meta's PDQ: the median of 16 x 16 cosine frequencies; 256 bits.
  case pdq
  /// Brighter than the mean, 8 x 8; 64 bits.
  case averageHash = "ahash"
  /// Brighter than the left neighbour, 8 x 8, by way of 18 x 16 pixels; 64 bits.
  case differenceHash = "dhash"
  /// The median of the 8 x 8 lowest cosine frequencies of 32 x 32 pixels; 64 bits.
  case perceptualHash = "phash"
  /// The same with 16 x 16 frequencies of 64 x 64 pixels; 256 bits.
  case perceptualHash16 = "phash-16"
  /// The same with 32 x 32 frequencies of 128 x 128 pixels; 1,024 bits.
  case perceptualHash32 = "phash-32"
  /// The same with 64 x 64 frequencies of 256 x 256 pixels; 4,096 bits.
  case perceptualHash64 = "phash-64"
  /// The same with 64 x 64 frequencies of 1024 x 1024 pixels, as Clusterimg has it; 4,096 bits.
  case perceptualHash64Factor16 = "phash-64x16"
  /// The median of the 8 x 8 lowest Haar wavelet coefficients, without the mean; 64 bits.
  case waveletHash = "whash"
  /// The same with Daubechies' wavelet of four vanishing moments, 14 x 14; 196 bits.
  case waveletHashDaubechies = "whash-db4"
  /// Fractions of black, gray, 6 faint and 6 bright hues in 3 bits each; 42 bits.
  case colorHash = "colorhash"

  /// The method called `name`, or nil if there is none; ``names`` lists them.
  public init?(name: String) { self.init(rawValue: name) }

  /// The names of all methods, in the order in which a message lists them.
  public static var names: [String] { allCases.map(\.name) }

  /// What the method is called in commands, files and messages.
  public var name: String { rawValue }

  /// Raised when the bits of any raster, or the raster asked for, change.
  public var version: Int { enlarges ? 2 : 1 }

  /// The bits of a feature.
  public var bitCount: Int {
    switch self {
    case .averageHash, .differenceHash, .perceptualHash, .waveletHash: 64
    case .pdq, .perceptualHash16: 256
    case .perceptualHash32: 1024
    case .perceptualHash64, .perceptualHash64Factor16: 4096
    case .waveletHashDaubechies: 196
    case .colorHash: 42
    }
  }

  /// The bytes of a feature: ``bitCount`` over 8, rounded up.
  public var byteCount: Int { (bitCount + 7) / 8 }

  /// What the method reads of an image.
  ///
  /// An area mean is not what the references shrink a picture with. The median distance to them,
  /// measured by `scripts/measure-hashes` on four archives of 60 to 150 pictures, is 1.6 to 2.3 % of
  /// the bits for `ahash`, 1.6 to 3.1 % for `dhash`, 0 to 3.1 % for `phash`, 0.4 to 2.4 % for its
  /// larger sides, 0 to 2.4 % for `colorhash`, 0 for `whash` and `whash-db4`. Over 5 % is `pdq` on
  /// small pictures: see `PDQ`.
  public var form: RasterForm { enlarges ? .within(raster) : .exactly(raster) }

  /// Whether a picture that is smaller than ``raster`` is read as it is, and then enlarged as the
  /// reference does it (Lanczos).
  var enlarges: Bool { self == .waveletHash || self == .waveletHashDaubechies }

  /// The raster whose bits are the feature.
  public var raster: RasterSpecification {
    switch self {
    case .pdq: gray(64)
    case .averageHash: gray(8)
    case .differenceHash: RasterSpecification(width: 18, height: 16, channels: .gray)
    case .perceptualHash: gray(32)
    case .perceptualHash16: gray(64)
    case .perceptualHash32: gray(128)
    case .perceptualHash64, .waveletHash, .waveletHashDaubechies: gray(256)
    case .perceptualHash64Factor16: gray(1024)
    case .colorHash: RasterSpecification(width: 64, height: 64, channels: .color)
    }
  }

  private func gray(_ side: Int) -> RasterSpecification {
    RasterSpecification(width: side, height: side, channels: .gray)
  }

  /// The feature of an image, read off its raster.
  ///
  /// A raster of one colour has nothing in it, so ``BitString/hasDetail`` is false (for `pdq`: a
  /// quality below 50); only for `colorhash` a plain colour is a description like any other.
  ///
  /// - Precondition: `raster` is as ``form`` asks.
  /// - Complexity: linear in the pixels; O(n log n) for n pixels for `phash`. Scratch memory is at
  ///   most 50 bytes a pixel (`whash`). On one core with AVX2, release build: `ahash` 0.2 µs, `dhash`
  ///   1.9, `phash` 6, `phash-16` 22, `pdq` 24, `colorhash` 60, `phash-32` 90, `whash` 380,
  ///   `phash-64` 410, `whash-db4` 1,000, `phash-64x16` 6,000.
  public func extract(from raster: Raster) -> BitString {
    precondition(form.holds(raster), "\(name) reads \(form), not \(raster.specification)")
    switch self {
    case .pdq: return PDQ.feature(of: raster.pixels)
    case .averageHash: return averageHashFeature(of: raster.pixels)
    case .differenceHash: return DifferenceHash.feature(of: raster.pixels)
    case .perceptualHash: return PerceptualHash.side8.feature(of: raster.pixels)
    case .perceptualHash16: return PerceptualHash.side16.feature(of: raster.pixels)
    case .perceptualHash32: return PerceptualHash.side32.feature(of: raster.pixels)
    case .perceptualHash64: return PerceptualHash.side64.feature(of: raster.pixels)
    case .perceptualHash64Factor16:
      return PerceptualHash.side64Factor16.feature(of: raster.pixels)
    case .waveletHash: return WaveletHash.haarFeature(of: raster)
    case .waveletHashDaubechies: return WaveletHash.daubechiesFeature(of: raster)
    case .colorHash: return colorHashFeature(of: raster.pixels)
    }
  }
}

/// Whether not all bytes are equal.
func hasVariance(_ pixels: [UInt8]) -> Bool {
  pixels.contains { $0 != pixels[0] }
}
