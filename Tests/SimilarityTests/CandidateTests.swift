import Clustering
import TestImages
import Testing

@testable import Similarity

/// Pictures of many key points around a few centres: too many descriptors for the guide to let all pass.
private func manyRecords(_ measure: PairMeasure, count: Int, seed: UInt64) -> ByteStrings {
  var generator = SplitMix(seed: seed)
  let size = measure == .orb ? 32 : 128
  let centres = (0..<count / 5).map { _ in
    (0..<120).map { _ in (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) } }
  }
  var rows = ByteStrings()
  var last: [UInt8] = []
  for number in 0..<count {
    // Every seventh is equal to the one before.
    if number % 7 != 6 {
      let centre = centres[Int.random(in: 0..<centres.count, using: &generator)]
      // A few bits, so that words survive, or so many that matches do and words do not.
      let flipCount = [0, 3, 10, 40][Int.random(in: 0..<4, using: &generator)]
      last = centre.flatMap { descriptor in
        var descriptor = descriptor
        for _ in 0..<flipCount {
          let place = Int.random(in: 0..<size, using: &generator)
          descriptor[place] ^= 1 << UInt8(generator.next() >> 61)
        }
        return [UInt8](repeating: 0, count: 16) + descriptor
      }
    }
    rows.append(last)
  }
  return rows
}

@Suite struct CandidateTests {
  @Test(arguments: [PairMeasure.orb, .sift], RasterKernel.supported)
  func `links of candidates and the misses that the audit finds are all links`(
    measure: PairMeasure, kernel: RasterKernel
  ) throws {
    let rows = manyRecords(measure, count: 60, seed: 4)
    let images = gappyImages(count: 60, seed: 4)
    let all = try PairJoin(measure, rows: rows, images: images, floor: 0.2).result()
    let some = try PairJoin(
      measure, rows: rows, images: images, floor: 0.2, candidates: .atLeast(0.3), kernel: kernel
    ).result()
    let (allCount, someCount) = (all.counts.reduce(0, +), some.counts.reduce(0, +))
    // So few images that the audit takes every pair.
    #expect(some.audit.skippedPairCount == some.audit.sampledPairCount)
    #expect(someCount + some.audit.missedPairCount == allCount)
    #expect(some.audit.missedPairCount > 0 && someCount > 0)
    #expect(some.audit.skippedPairCount < 60 * 59 / 2)
    let rate = some.audit.missRate(found: someCount)
    #expect(rate.estimate == Double(some.audit.missedPairCount) / Double(allCount))
    #expect(all.audit == CandidateAudit())
  }

  @Test(arguments: [PairMeasure.orb, .sift], [1, 7, 32])
  func `candidates, links and audit do not depend on the size of blocks`(
    measure: PairMeasure, blockSize: Int
  ) throws {
    let count = blockSize == 1 ? 20 : 60
    let rows = manyRecords(measure, count: count, seed: 6)
    let images = gappyImages(count: count, seed: 6)
    let joins = [64, blockSize].map { size in
      PairJoin(
        measure, rows: rows, images: images, floor: 0.2, candidates: .atLeast(0.2), blockSize: size)
    }
    let whole = try joins[0].result()
    #expect(try joins[1].result() == whole)
    #expect(whole.audit.skippedPairCount > 0)
  }

  @Test func `with a floor of zero every pair is a candidate`() throws {
    let rows = manyRecords(.orb, count: 30, seed: 1)
    let images = (0..<UInt32(30)).map { $0 }
    let some = PairJoin(
      .orb, rows: rows, images: images, floor: 0.1, candidates: .atLeast(0))
    #expect(
      try some.result() == PairJoin(.orb, rows: rows, images: images, floor: 0.1).result())
  }

  @Test func `the audit's sample is of the size it should be, in either order of a pair`() {
    let rule = AuditRule(imageCount: 4_000)
    var count = 0
    for first in UInt32(0)..<4_000 {
      for second in first + 1..<4_000 where rule.samples(first, second) { count += 1 }
    }
    // Some 20,200 with a deviation of 142.
    #expect(abs(count - 20_200) < 700)
    for first in UInt32(0)..<50 {
      for second in UInt32(0)..<50 where first != second {
        #expect(rule.samples(first, second) == rule.samples(second, first))
        #expect(AuditRule(imageCount: 200).samples(first, second))
      }
    }
  }

  @Test func `the miss rate's interval is Clopper's and Pearson's`() {
    // Of 3 in 1,000 by SciPy: binomtest(3, 1000).proportion_ci() is 0.000619100 to 0.008742023.
    let audit = CandidateAudit(
      skippedPairCount: 1_000_000, sampledPairCount: 1_000, missedPairCount: 3)
    let rate = audit.missRate(found: 7_000)
    #expect(abs(rate.estimate - 3_000.0 / 10_000) < 1e-12)
    #expect(abs(rate.interval.lowerBound - 619.0999 / 7_619.0999) < 1e-6)
    #expect(abs(rate.interval.upperBound - 8_742.0232 / 15_742.0232) < 1e-6)
    let none = CandidateAudit(skippedPairCount: 100, sampledPairCount: 10, missedPairCount: 0)
    #expect(none.missRate(found: 0).estimate == 0)
    #expect(none.missRate(found: 10).interval.lowerBound == 0)
    // 1 - 0.025^(1/10) of 100 pairs.
    #expect(abs(none.missRate(found: 10).interval.upperBound - 30.8497 / 40.8497) < 1e-5)
    #expect(CandidateAudit().missRate(found: 5).interval == 0...0)
    let unknown = CandidateAudit(skippedPairCount: 30)
    #expect(unknown.missRate(found: 10).interval == 0...0.75)
  }
}
