import CKernels

/// What chooses the candidates of `orb` and `sift`: how many words of their descriptors two images share.
///
/// A descriptor has a word of 20 bits in each of 8 tables: 20 of its own bits (ORB; no bit is in two
/// tables) or 20 comparisons of the same direction in two cells (SIFT). The guide similarity of two images
/// is 2 shared / (w1 + w2), of the different words of each: the shape of the measure itself, 1 for equal
/// rows. Of images with few key points chance decides how many survive, and comparing them costs little: it
/// is 1 where n1 n2 is at most 400, and where that is at most 10,000 and three words are shared.
///
/// Measured with OpenCV's descriptors on 1,700 pictures, 60 originals with 24 changes each among them; of
/// pairs of unrelated pictures those that are compared, and the share of the work of comparing all; of the
/// links at or above a floor those lost:
///
/// | | least guide | compared | work | lost at .1 | at .2 | at .3 |
/// |---|---|---|---|---|---|---|
/// | `orb` | .030 | 3.4 % | 1.7 % | 2.4 % | 0.6 % | 0.1 % |
/// | `sift` | .045 | 15.7 % | 2.5 % | 1.5 % | 0.4 % | 0.0 % |
///
/// For a loss of 1 % of the `orb` links at .2, words of 12 bits in 4 tables let through 39 % of the pairs,
/// 16 bits in 8 tables 2.6 %, 20 bits in 8 tables 1.3 %, and 0.9 % with no bit in two tables; 24 bits in 16
/// tables 1.2 %. For `sift`, comparisons of any two numbers let through 1.7 %, signs of random projections
/// 1.9 %, and those of one direction 1.0 %.
@safe final class DescriptorGuide {
  private let words: OpaquePointer
  private let recordCounts: [Int]
  private let wordCounts: [Int]

  /// Pairs of descriptors of which all are candidates, and of which those that share a few words.
  private static let (fewestPairCount, fewPairCount, fewWordCount) = (400, 10_000, 3)

  /// Takes the words of at most 512 rows of a block.
  ///
  /// - Throws: `JoinOutOfMemory`.
  init(_ block: ByteStrings, _ rows: [ArraySlice<UInt8>], _ kind: DescriptorKind) throws {
    recordCounts = rows.map { $0.count / kind.recordByteCount }
    let words = unsafe ckernels_words_open(
      kind.code, block.bytes, rows.map(\.startIndex), recordCounts.map(UInt32.init),
      UInt32(rows.count))
    guard let words = unsafe words else {
      throw JoinOutOfMemory(detail: "the words of \(rows.count) images")
    }
    unsafe self.words = unsafe words
    wordCounts = rows.indices.map { unsafe Int(ckernels_words_count(words, UInt32($0))) }
  }

  deinit { unsafe ckernels_words_free(words) }

  /// Whether each row of this guide and each of another are candidates, row-major.
  func candidates(with columns: DescriptorGuide, atLeast least: Double) -> [Bool] {
    let (rowCount, columnCount) = (recordCounts.count, columns.recordCounts.count)
    var shared = [UInt16](repeating: 0, count: rowCount * columnCount)
    unsafe ckernels_words_shared(words, columns.words, &shared)
    var candidates = [Bool](repeating: true, count: shared.count)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let place = row * columnCount + column
        let pairCount = recordCounts[row] * columns.recordCounts[column]
        if pairCount <= Self.fewestPairCount { continue }
        if pairCount <= Self.fewPairCount, shared[place] >= Self.fewWordCount { continue }
        let wordCount = Double(wordCounts[row] + columns.wordCounts[column])
        candidates[place] = 2 * Double(shared[place]) / wordCount >= least
      }
    }
    return candidates
  }

  /// Bytes of the words of so many rows, and of what a comparison with as many takes.
  static func memoryBytes(rowCount: Int) -> Int {
    ckernels_words_bytes(UInt32(rowCount * DescriptorKind.largestRecordCount))
      + rowCount * rowCount * 3
  }
}
