import Features
import Similarity

extension Measure {
  /// The threshold of a run that is given none.
  ///
  /// Measured on the known answers of `scripts/make-truth` with single linkage (README, "Known answers"):
  /// the lowest threshold from which on 99.9 % of the pairs in clusters belong together, rounded up,
  /// since a larger archive has more chances to be wrong. `pdq` has the distance that its authors
  /// advise, 32 of 256 bits. `dhash` is that sure for equal features only, and 99 % sure at one bit;
  /// `minhash` and `ssim-256` are 99 % sure where they are put. No threshold of `ahash`, `colorhash`,
  /// `crophash`, `dhash-turned` and both `whash` is as sure as that: they link equal features. Of hashes in
  /// any orientation `pdq`, `phash`, `phash-16` and `dhash` were measured; the others have the threshold of
  /// the upright hash.
  public var defaultThreshold: Double {
    switch self {
    case .bits(.pdq): 0.875
    case .bits(.averageHash), .bits(.colorHash), .bits(.waveletHash),
      .bits(.waveletHashDaubechies):
      1
    case .bits(.differenceHash): 1 - 1.0 / 64
    case .bits(.perceptualHash): 1 - 2.0 / 64
    case .bits(.perceptualHash16): 0.84
    case .bits(.perceptualHash32), .bits(.perceptualHash64), .bits(.perceptualHash64Factor16): 0.735
    case .turned(.differenceHash), .turned(.perceptualHash): 1
    case .turned(.perceptualHash16): 0.845
    case .turned(let method): Measure.bits(method).defaultThreshold
    case .raster(.meanSquaredError): 0.935
    case .raster(.structural): 0.925
    case .raster(.templateMatch): 0.999
    case .raster(.structural32): 0.895
    case .raster(.structural128): 0.965
    case .raster(.structural256): 0.97
    case .raster(.complexWavelet): 0.905
    case .pair(.cornerMinHash): 0.5
    case .pair(.brushStrokes): 0.986
    case .pair(.cropHash): 1
    case .pair(.orb): 0.41
    case .pair(.sift): 0.565
    case .vector(.pixels), .vector(.colorPixels): 0.99
    case .vector, .components, .given: 0.9
    }
  }

  /// The pairs that are compared where nothing is said.
  var defaultCandidates: Candidates {
    if case .pair(let measure) = self, let floor = measure.defaultCandidateFloor {
      return .atLeast(floor)
    }
    return .all
  }

  /// The floor of a run that is given none: room to lower the threshold to without comparing anew.
  func defaultFloor(threshold: Double) -> Double {
    switch self {
    case .bits, .turned: max(0, min(0.75, threshold - 0.125))
    // Links of pictures that are nothing alike cost the most by far.
    case .raster, .pair(.brushStrokes), .vector:
      max(0, ((1 - 2 * (1 - threshold)) * 1000).rounded(.down) / 1000)
    case .pair, .components, .given: (threshold * 700).rounded(.down) / 1000
    }
  }
}
