import CKernels

/// A kind of key points with descriptors.
enum DescriptorKind: Sendable {
  case orb, sift

  /// Records of an image at most.
  static let largestRecordCount = 500

  /// Bytes of a record: x, y, size and angle as Float32, then the descriptor.
  var recordByteCount: Int {
    switch self {
    case .orb: Int(CKERNELS_ORB_BYTES)
    case .sift: Int(CKERNELS_SIFT_BYTES)
    }
  }

  /// The kernels' number.
  var code: Int32 {
    switch self {
    case .orb: Int32(CKERNELS_ORB)
    case .sift: Int32(CKERNELS_SIFT)
    }
  }

  /// The most that two rows of so many bytes can have in common: every record of the smaller matched.
  func largestSimilarity(_ firstByteCount: Int, _ secondByteCount: Int) -> Double {
    similarity(
      matchCount: min(firstByteCount, secondByteCount) / recordByteCount, firstByteCount,
      secondByteCount)
  }

  /// 2 good / (n1 + n2), or with geometry the same of the matches that one transform explains.
  func similarity(
    _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>, geometry: Bool, kernel: RasterKernel
  ) -> Double {
    if first == second { return 1 }
    let count =
      geometry
      ? consistentCount(first, second, kernel: kernel)
      : matches(first, second, kernel: kernel).count
    return similarity(matchCount: count, first.count, second.count)
  }

  private func similarity(
    matchCount: Int, _ firstByteCount: Int, _ secondByteCount: Int
  ) -> Double {
    let recordCount = (firstByteCount + secondByteCount) / recordByteCount
    return 2 * Double(matchCount) / Double(recordCount)
  }

  /// The matches of two rows by the places of their records, ascending by the first's.
  func matches(
    _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>, kernel: RasterKernel
  ) -> [DescriptorMatch] {
    let (firstCount, secondCount) = (first.count / recordByteCount, second.count / recordByteCount)
    var places = [UInt32](repeating: 0, count: firstCount)
    let count = unsafe first.withUnsafeBufferPointer { first in
      unsafe second.withUnsafeBufferPointer { second in
        unsafe ckernels_descriptor_matches(
          kernel.code, code, first.baseAddress, UInt32(firstCount), second.baseAddress,
          UInt32(secondCount), &places)
      }
    }
    var matches: [DescriptorMatch] = []
    matches.reserveCapacity(Int(count))
    for (place, match) in places.enumerated() where match != .max {
      matches.append(DescriptorMatch(first: place, second: Int(match)))
    }
    return matches
  }
}

/// Two records that match, by their places in their rows.
struct DescriptorMatch: Hashable, Sendable {
  let first: Int
  let second: Int
}
