import Clustering
import Foundation
import TestImages
import Testing

/// One line of `Golden/linkage.txt`.
struct GoldenPartition {
  let linkage: Linkage
  let count: Int
  let seed: UInt64
  let threshold: Double
  let lowestOfCluster: [UInt32]

  static func all() throws -> [GoldenPartition] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/linkage.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { line in
        let fields = line.split(separator: " ").map(String.init)
        return GoldenPartition(
          linkage: try #require(Linkage(rawValue: fields[0])),
          count: try #require(Int(fields[1])), seed: try #require(UInt64(fields[2])),
          threshold: try #require(Double(fields[3])),
          lowestOfCluster: try fields[4...].map { try #require(UInt32($0)) })
      }
  }

  /// The distance of similarity 0: similarities come in steps of 2^-42.
  static let scale = 1 << 42

  /// The distances that `Makers/linkage.py` makes from the same seed.
  func distances() -> [[Int]] {
    var numbers = SplitMix(seed: seed)
    var matrix = Array(repeating: Array(repeating: 0, count: count), count: count)
    for first in 0..<count {
      for second in (first + 1)..<max(count, first + 1) {
        let number = numbers.next()
        let value = Int(number >> 24)
        matrix[first][second] = Self.scale - (number % 3 == 0 ? 4 * value : value)
        matrix[second][first] = matrix[first][second]
      }
    }
    return matrix
  }
}

@Suite struct LinkageGoldenTests {
  @Test func `clusters are SciPy's for every linkage and threshold`() throws {
    let golden = try GoldenPartition.all()
    #expect(golden.count == 90)
    for line in golden {
      let distances = line.distances()
      let clusters = line.linkage.refine(
        (0..<UInt32(line.count)).map { $0 }, threshold: line.threshold,
        scale: GoldenPartition.scale, checkpoint: {}
      ) { distances[$0][$1] }
      var lowest = [UInt32](repeating: 0, count: line.count)
      for cluster in clusters {
        for member in cluster { lowest[Int(member)] = cluster[0] }
      }
      #expect(
        lowest == line.lowestOfCluster, "\(line.linkage) \(line.count) \(line.threshold)")
    }
  }

  @Test func `components of the forest are SciPy's single linkage`() throws {
    for line in try GoldenPartition.all() where line.linkage == .single {
      let distances = line.distances()
      var links: [Link] = []
      for first in 0..<line.count {
        for second in (first + 1)..<max(line.count, first + 1) {
          let similarity = 1 - Double(distances[first][second]) / Double(GoldenPartition.scale)
          links.append(Link(UInt32(first), UInt32(second), similarity: similarity))
        }
      }
      let forest = SpanningForest(merging: [links], imageCount: line.count)
      let partition = forest.partition(threshold: line.threshold)
      var lowest = (0..<UInt32(line.count)).map { $0 }
      for index in 0..<partition.clusterCount {
        let cluster = partition.cluster(index)
        for member in cluster { lowest[Int(member)] = cluster[cluster.startIndex] }
      }
      #expect(lowest == line.lowestOfCluster, "\(line.count) \(line.threshold)")
    }
  }
}
