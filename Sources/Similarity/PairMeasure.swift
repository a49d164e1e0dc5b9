import CKernels

/// A similarity of two images by what is kept of each, compared pair by pair: symmetric, from 0 to 1,
/// and 1 for equal rows.
///
/// Records hold x, y (pixels), size and angle (degrees) of a key point as Float32, then its descriptor;
/// all numbers are little endian. A row is never empty: an image without detail is not compared.
///
/// A CPU second compares, on 4,350 pictures with a core shared by others: `minhash` 360 million pairs at a
/// floor of .5 (300 at .3, 800 at .8), `brushstrokes` 190 million at .9 (63 at .8, 390 at .95), `crophash` 70
/// million at .5, of 1 to 17 segments; `orb` 4,000 pairs of 500 key points each and `sift` 1,200 (1,000 and
/// 88 without AVX2), or with candidates, audit included, over 120,000 and 53,000 of all pairs of a set where
/// one in sixty is related.
public enum PairMeasure: String, CaseIterable, Sendable {
  /// Corners: rows of 128 MinHash slots of 16 bits; the share of equal slots.
  case cornerMinHash = "minhash"
  /// Strokes: rows of six deviations and 256 histogram fractions as Float32; half the mean of the
  /// smaller deviation over the larger, half the intersection of the histograms.
  case brushStrokes = "brushstrokes"
  /// Segments: rows of 64 bits for each of at most 192; the most that can be matched one to one within
  /// 16 bits, over the smaller count.
  case cropHash = "crophash"
  /// ORB: rows of at most 500 records of 48 bytes; 2 good / (n1 + n2), where good are the pairs of
  /// descriptors that are each other's nearest by Hamming distance, at most 50. Of equally near ones the
  /// first of its row is the nearest, so that no descriptor counts twice and either order gives the same.
  case orb
  /// SIFT: rows of at most 500 records of 144 bytes; 2 good / (n1 + n2), where good are the pairs that
  /// pass Lowe's ratio test of 0.7 on Euclidean distance in both directions, in integers.
  case sift

  /// Whether so much is compared of a pair that a cheap guide chooses the candidates.
  public var isCostly: Bool { descriptor != nil }

  /// The least guide similarity of the candidates of a costly measure, nil for the others, which compare
  /// all pairs.
  ///
  /// Of the links at or above .2 it loses 0.6 % (`orb`) and 0.4 % (`sift`); `DescriptorGuide` has the
  /// figures.
  public var defaultCandidateFloor: Double? {
    switch self {
    case .orb: 0.03
    case .sift: 0.045
    default: nil
    }
  }

  /// Bytes of a row at most.
  public var largestRowByteCount: Int {
    switch self {
    case .cornerMinHash: Int(CKERNELS_SLOTS_BYTES)
    case .brushStrokes: Int(CKERNELS_STROKES_BYTES)
    case .cropHash: 8 * Int(CKERNELS_SEGMENTS_MAXIMUM)
    case .orb: DescriptorKind.largestRecordCount * DescriptorKind.orb.recordByteCount
    case .sift: DescriptorKind.largestRecordCount * DescriptorKind.sift.recordByteCount
    }
  }

  /// Rows on one side of a tile that keep it to some tens of megabytes: about 75 for `sift`.
  public var largestBlockSize: Int { isCostly ? 512 : 4_096 }

  /// The similarity of two rows, by the formula alone; what every join finds again, bit for bit.
  ///
  /// - Parameter geometry: for `orb` and `sift`, whether only the matches count that one scale, turn and
  ///   shift explains (`transform`).
  public func similarity(
    _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>, geometry: Bool = false
  ) -> Double {
    checkRow(first)
    checkRow(second)
    if let descriptor {
      return descriptor.similarity(first, second, geometry: geometry, kernel: .widest)
    }
    return unsafe first.withUnsafeBufferPointer { first in
      unsafe second.withUnsafeBufferPointer { second in
        unsafe ckernels_pairs_similarity(
          pairsCode, first.baseAddress, UInt32(first.count), second.baseAddress,
          UInt32(second.count))
      }
    }
  }

  /// The key points that this measure compares, nil for the others.
  var descriptor: DescriptorKind? {
    switch self {
    case .orb: .orb
    case .sift: .sift
    default: nil
    }
  }

  /// The kernels' number of a measure that is compared without candidates.
  var pairsCode: Int32 {
    switch self {
    case .cornerMinHash: Int32(CKERNELS_SLOTS)
    case .brushStrokes: Int32(CKERNELS_STROKES)
    case .cropHash: Int32(CKERNELS_SEGMENTS)
    case .orb, .sift: preconditionFailure("\(self) is compared by its descriptors")
    }
  }

  /// Stops at a row that is none of this measure.
  func checkRow(_ row: ArraySlice<UInt8>) {
    let isWhole =
      switch self {
      case .cornerMinHash, .brushStrokes: row.count == largestRowByteCount
      case .cropHash: row.count.isMultiple(of: 8)
      case .orb: row.count.isMultiple(of: DescriptorKind.orb.recordByteCount)
      case .sift: row.count.isMultiple(of: DescriptorKind.sift.recordByteCount)
      }
    precondition(
      isWhole && (1...largestRowByteCount).contains(row.count),
      "a row of \(row.count) bytes for \(rawValue)")
  }
}

/// Which pairs of a costly measure are compared.
public enum Candidates: Hashable, Sendable {
  /// Every pair.
  case all
  /// The pairs whose guide similarity, from 0 to 1, is at least so much; what that leaves out is audited
  /// (`CandidateAudit`).
  case atLeast(Double)
}
