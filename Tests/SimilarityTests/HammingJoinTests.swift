import Clustering
import Testing

@testable import Similarity

/// A shape of input: width, centres, flips.
struct JoinCase: CustomTestStringConvertible, Sendable {
  let bitCount: Int
  let rowCount: Int
  let centreCount: Int
  let flipCount: Int
  let maximumDistance: Int

  var testDescription: String {
    "\(rowCount) rows of \(bitCount) bits, \(centreCount) centres, \(flipCount) flips,"
      + " distance \(maximumDistance)"
  }

  func rows(seed: UInt64) -> BitRows {
    clusteredRows(
      count: rowCount, bitCount: bitCount, centreCount: centreCount, flipCount: flipCount,
      seed: seed)
  }

  static let all = [
    JoinCase(bitCount: 8, rowCount: 90, centreCount: 20, flipCount: 2, maximumDistance: 2),
    JoinCase(bitCount: 42, rowCount: 200, centreCount: 9, flipCount: 6, maximumDistance: 10),
    JoinCase(bitCount: 64, rowCount: 700, centreCount: 40, flipCount: 9, maximumDistance: 16),
    JoinCase(bitCount: 64, rowCount: 300, centreCount: 3, flipCount: 2, maximumDistance: 0),
    JoinCase(bitCount: 64, rowCount: 150, centreCount: 8, flipCount: 9, maximumDistance: 64),
    JoinCase(bitCount: 128, rowCount: 300, centreCount: 12, flipCount: 20, maximumDistance: 30),
    JoinCase(bitCount: 196, rowCount: 400, centreCount: 11, flipCount: 30, maximumDistance: 49),
    JoinCase(bitCount: 256, rowCount: 900, centreCount: 30, flipCount: 40, maximumDistance: 64),
    JoinCase(bitCount: 256, rowCount: 700, centreCount: 2, flipCount: 3, maximumDistance: 25),
    JoinCase(bitCount: 256, rowCount: 130, centreCount: 9, flipCount: 90, maximumDistance: 256),
    JoinCase(bitCount: 1024, rowCount: 300, centreCount: 9, flipCount: 200, maximumDistance: 256),
    JoinCase(bitCount: 4096, rowCount: 150, centreCount: 9, flipCount: 700, maximumDistance: 1024),
  ]
}

@Suite struct HammingJoinTests {
  @Test(arguments: JoinCase.all, UInt64(0)..<2)
  func `every kernel finds the forest and counts of the plain double loop`(
    shape: JoinCase, seed: UInt64
  ) throws {
    let rows = shape.rows(seed: seed)
    let images = gappyImages(count: rows.count, seed: seed)
    let expected = plainJoin(rows: rows, images: images, maximumDistance: shape.maximumDistance)
    #expect(expected.counts.reduce(0, +) > 0)
    for kernel in HammingKernel.supported {
      let join = try HammingJoin(
        rows: rows, images: images, maximumDistance: shape.maximumDistance, kernel: kernel)
      #expect(try join.result() == expected, "\(kernel)")
    }
  }

  @Test(arguments: JoinCase.all, [1, 7, 64, 200])
  func `the result does not depend on the size of blocks`(shape: JoinCase, blockSize: Int) throws {
    let rows = shape.rows(seed: 5)
    if blockSize == 1, rows.count > 100 { return }  // 5,000 tiles of one pair say enough
    let images = gappyImages(count: rows.count, seed: 5)
    let whole = try HammingJoin(rows: rows, images: images, maximumDistance: shape.maximumDistance)
    for kernel in [.portable, HammingKernel.widest] {
      let parts = try HammingJoin(
        rows: rows, images: images, maximumDistance: shape.maximumDistance, blockSize: blockSize,
        kernel: kernel)
      #expect(parts.tileCount >= whole.tileCount)
      #expect(try parts.result() == whole.result(), "\(kernel)")
    }
  }

  @Test(arguments: JoinCase.all)
  func `rows that are read when they are needed give what rows in memory give`(
    shape: JoinCase
  ) throws {
    let rows = shape.rows(seed: 6)
    let images = gappyImages(count: rows.count, seed: 6)
    let stored = BitRows(
      bitCount: rows.bitCount, rowCount: rows.count, source: StoredWords(rows: rows))
    for blockSize in [64, 65_536] {
      let inMemory = try HammingJoin(
        rows: rows, images: images, maximumDistance: shape.maximumDistance, blockSize: blockSize)
      let read = try HammingJoin(
        rows: stored, images: images, maximumDistance: shape.maximumDistance, blockSize: blockSize)
      #expect(try read.result() == inMemory.result())
    }
  }

  @Test func `rows that cannot be read end the join`() throws {
    let rows = try #require(JoinCase.all.first).rows(seed: 6)
    let stored = BitRows(
      bitCount: rows.bitCount, rowCount: rows.count + 1, source: StoredWords(rows: rows))
    #expect(throws: StoredWords.Missing.self) {
      try HammingJoin(
        rows: stored, images: gappyImages(count: rows.count + 1, seed: 6), maximumDistance: 3)
    }
  }
}

/// Rows of 64-bit words as a file would give them.
private struct StoredWords: RowSource {
  struct Missing: Error {}

  let rows: BitRows

  func read(_ range: Range<Int>, into bytes: UnsafeMutableRawBufferPointer) throws {
    guard range.upperBound <= rows.count else { throw Missing() }
    let words = rows.words[range.lowerBound * rows.wordCount..<range.upperBound * rows.wordCount]
    unsafe words.withUnsafeBytes { unsafe bytes.copyMemory(from: $0) }
  }
}
