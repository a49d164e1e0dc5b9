/// A scale, a turn and a shift that take the key points of one picture to those of another.
public struct SimilarityTransform: Hashable, Sendable {
  /// A length in the second picture for one in the first, more than 0.
  public let scale: Double
  /// The turn from the x axis towards the y axis, clockwise on screen, from 0 to less than 360.
  public let degrees: Double
  /// Where the first picture's origin, its upper left corner, comes to lie, in pixels of the second's
  /// raster.
  public let shift: Shift
  /// Matches that the transform explains.
  public let inlierCount: Int
  /// All matches.
  public let matchCount: Int

  /// A distance along both axes.
  public struct Shift: Hashable, Sendable {
    /// To the right.
    public let x: Double
    /// Downwards.
    public let y: Double
  }
}

extension PairMeasure {
  /// The transform that explains most matches of two images' key points; nil if none explains three.
  ///
  /// Every match proposes one from its positions, sizes and angles (Philbin et al. 2007), and one from its
  /// positions and those of the match half the list away. The proposal that explains most, the first of
  /// equal ones, is estimated again by least squares on the matches that it explains, as long as that
  /// explains more. A match is explained if the transform takes its first point to within 3 % of the longer
  /// side of the second image's key points, and back as near in the first image.
  ///
  /// - Returns: the transform from the first to the second image. With the images exchanged it is the
  ///   inverse, of the same matches.
  /// - Precondition: the measure is `orb` or `sift`.
  /// - Complexity: O(m²) time for m matches, after the matching.
  public func transform(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>)
    -> SimilarityTransform?
  {
    guard let descriptor else { preconditionFailure("\(rawValue) has no key points") }
    checkRow(first)
    checkRow(second)
    // One of both orders is worked on, so that both find the same matches.
    let isExchanged = second.lexicographicallyPrecedes(first)
    let (lower, higher) = isExchanged ? (second, first) : (first, second)
    let matches = descriptor.matches(lower, higher, kernel: .widest)
    let points = descriptor.points(of: matches, lower, higher)
    guard let agreement = points.agreement() else { return nil }
    let similarity = isExchanged ? agreement.map.inverse : agreement.map
    return SimilarityTransform(
      scale: similarity.scale, degrees: similarity.degrees,
      shift: .init(x: similarity.x, y: similarity.y), inlierCount: agreement.count,
      matchCount: matches.count)
  }
}

extension DescriptorKind {
  /// How many of the matches one transform explains.
  func consistentCount(
    _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>, kernel: RasterKernel
  ) -> Int {
    let isExchanged = second.lexicographicallyPrecedes(first)
    let (lower, higher) = isExchanged ? (second, first) : (first, second)
    let matches = matches(lower, higher, kernel: kernel)
    return points(of: matches, lower, higher).agreement()?.count ?? 0
  }

  /// The key points of matches, with how far those of each image reach.
  fileprivate func points(
    of matches: [DescriptorMatch], _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>
  ) -> MatchedPoints {
    MatchedPoints(
      pairs: matches.map { (keyPoint($0.first, of: first), keyPoint($0.second, of: second)) },
      firstReach: reach(first), secondReach: reach(second))
  }

  /// The longer side of the box around all key points.
  private func reach(_ row: ArraySlice<UInt8>) -> Double {
    let points = (0..<row.count / recordByteCount).map { keyPoint($0, of: row) }
    let (x, y) = (points.map(\.x), points.map(\.y))
    return max((x.max() ?? 0) - (x.min() ?? 0), (y.max() ?? 0) - (y.min() ?? 0))
  }

  private func keyPoint(_ place: Int, of row: ArraySlice<UInt8>) -> KeyPoint {
    let start = place * recordByteCount
    return unsafe row.withUnsafeBytes { bytes in
      let values = (0..<4).map { number in
        let bits = unsafe bytes.loadUnaligned(fromByteOffset: start + 4 * number, as: UInt32.self)
        return Double(Float(bitPattern: UInt32(littleEndian: bits)))
      }
      return KeyPoint(x: values[0], y: values[1], size: values[2], degrees: values[3])
    }
  }
}
