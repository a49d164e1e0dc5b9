import Foundation
import Similarity
import Testing

/// `Golden/pair-measures.txt`: rows, and what the references find of two of them.
struct GoldenPairs {
  private var rows: [String: [UInt8]] = [:]
  private(set) var matches: [Matches] = []
  private(set) var similarities: [(measure: PairMeasure, rows: [[UInt8]], value: Double)] = []

  /// Scale, degrees, shift and inliers, nothing where matches are few.
  typealias Matches = (measure: PairMeasure, rows: [[UInt8]], count: Int, transform: [Double])

  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/pair-measures.txt")
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    where !line.hasPrefix("#") {
      let fields = line.split(separator: " ").map(String.init)
      if fields[0] == "row" {
        rows[fields[1]] = try bytes(fields[2])
        continue
      }
      let measure = try #require(PairMeasure(rawValue: fields[1]))
      let pair = try fields[2...3].map { try #require(rows[$0]) }
      if fields[0] == "similarity" {
        similarities.append((measure, pair, try #require(Double(fields[4]))))
      } else {
        let count = try #require(Int(fields[4]))
        matches.append((measure, pair, count, fields[5...].compactMap(Double.init)))
      }
    }
  }

  private func bytes(_ text: String) throws -> [UInt8] {
    let digits = Array(text.utf8)
    return try stride(from: 0, to: digits.count, by: 2).map { place in
      let pair = String(decoding: digits[place..<place + 2], as: UTF8.self)
      return try #require(UInt8(pair, radix: 16))
    }
  }
}

@Suite struct PairMeasureGoldenTests {
  @Test(arguments: [PairMeasure.orb, .sift])
  func `matches are those of OpenCV's BFMatcher both ways`(measure: PairMeasure) throws {
    let golden = try GoldenPairs().matches.filter { $0.measure == measure }
    #expect(golden.count == 10)
    for pair in golden {
      let recordByteCount = measure == .orb ? 48 : 144
      let recordCount = (pair.rows[0].count + pair.rows[1].count) / recordByteCount
      let similarity = measure.similarity(pair.rows[0][...], pair.rows[1][...])
      #expect(similarity == 2 * Double(pair.count) / Double(recordCount))
    }
    #expect(golden.contains { $0.count > 15 })
  }

  /// Key points of one corner lie a pixel or two apart in pictures of other scales; RANSAC's estimate is
  /// of the same matches within its own tolerance.
  @Test(arguments: [PairMeasure.orb, .sift])
  func `transforms are those of OpenCV's estimateAffinePartial2D`(measure: PairMeasure) throws {
    let golden = try GoldenPairs().matches.filter {
      $0.measure == measure && !$0.transform.isEmpty
    }
    #expect(golden.count >= 5)
    for pair in golden {
      let found = try #require(measure.transform(pair.rows[0][...], pair.rows[1][...]))
      let expected = pair.transform
      #expect(abs(found.scale / expected[0] - 1) < 0.015)
      let apart = (found.degrees - expected[1] + 540).truncatingRemainder(dividingBy: 360) - 180
      #expect(abs(apart) < 1)
      #expect(abs(found.shift.x - expected[2]) < 4 && abs(found.shift.y - expected[3]) < 4)
      #expect(abs(found.inlierCount - Int(expected[4])) <= 1)
      #expect(found.matchCount == pair.count)
    }
  }

  @Test(arguments: [PairMeasure.brushStrokes, .cropHash])
  func `similarities are those of NumPy`(measure: PairMeasure) throws {
    let golden = try GoldenPairs().similarities.filter { $0.measure == measure }
    #expect(golden.count == 28)
    for pair in golden {
      let similarity = measure.similarity(pair.rows[0][...], pair.rows[1][...])
      #expect(abs(similarity - pair.value) < 1e-11)
    }
    #expect(Set(golden.map(\.value)).count > 3)
  }
}
