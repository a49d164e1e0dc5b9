import CKernels

/// What chooses the candidates of `orb` and `sift`: how many words of their descriptors two images share.
///
/// A descriptor has a word of 20 bits in each of 8 tables: 20 of its own bits (ORB; no bit is in two
/// tables) or 20 comparisons of the same direction in two cells (SIFT). The guide similarity of two images
/// is 2 shared / (w1 + w2), of the different words of each: the shape of the measure itself, 1 for equal
/// rows. Images of few key points are compared in no time and share too few words to judge by, so a pair
/// with n1 n2 at most 10,000 has 1 whatever it shares.
///
/// Measured with OpenCV's descriptors on 1,700 pictures, 60 originals with 24 changes each among them; of
/// the pairs of two pictures not related, those compared although n1 n2 is over 10,000, and of the links at
/// or above the floor those lost:
///
/// | | least guide | compared | lost at .1 | at .2 | at .3 |
/// |---|---|---|---|---|---|
/// | `orb` | .030 | 0.94 % | 2.0 % | 0.5 % | 0.2 % |
/// | `sift` | .045 | 0.64 % | 1.3 % | 0.4 % | 0.1 % |
///
/// Words of 12 and 16 bits (4 or 8 tables) let through 39 % and 2.6 % of the pairs for a loss of 1 % of
/// the `orb` links at .2, where those of 20 let through 1.3 %, and 0.9 % with no bit in two tables; 24 bits
/// in 16 tables are no better. For `sift`, signs of random projections are as good, comparisons of any two
/// numbers worse (1.7 % against 1.0 %).
@safe final class DescriptorGuide {
  private let words: OpaquePointer
  private let recordCounts: [Int]
  private let wordCounts: [Int]

  /// Of fewer pairs of descriptors all are compared: it costs at most a 25th of the largest.
  private static let fewPairCount = 10_000

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
      for column in 0..<columnCount
      where recordCounts[row] * columns.recordCounts[column] > Self.fewPairCount {
        let place = row * columnCount + column
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
