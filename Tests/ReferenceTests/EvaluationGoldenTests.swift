import Clustering
import Foundation
import LinearAlgebra
import TestImages
import Testing

/// Lines of `Golden/evaluation.txt` of one kind: their words, and the numbers after the first few.
struct GoldenEvaluation {
  let words: [String]
  let numbers: [Double]

  static func lines(_ kind: String, wordCount: Int) throws -> [GoldenEvaluation] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/evaluation.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("\(kind) ") }
      .map { line in
        let fields = line.split(separator: " ").dropFirst().map(String.init)
        return GoldenEvaluation(
          words: Array(fields[..<wordCount]),
          numbers: try fields[wordCount...].map { try #require(Double($0)) })
      }
  }
}

/// The labels that `Makers/evaluation.py` makes from the same seed.
private func labels(of groups: [UInt32], _ choice: [UInt64]) -> Labels {
  let (clusterCount, wrong, noise, seed) = (choice[0], choice[1], choice[2], choice[3])
  var numbers = SplitMix(seed: seed)
  return Labels(
    groups.map { group in
      let (which, place, outside) = (numbers.next(), numbers.next(), numbers.next())
      let cluster = (which % 16 < wrong ? place : UInt64(group)) % clusterCount
      return outside % 16 < noise ? Labels.noise : Int32(cluster)
    })
}

/// Clusters of equal width along the first axis, as the maker's.
private func slabs(_ rows: Rows, _ count: Int) -> Labels {
  let values = (0..<rows.count).map { Double(rows[$0][$0 * rows.dimension]) }
  let (low, high) = (values.min() ?? 0, values.max() ?? 0)
  return Labels(
    values.map { Int32(min(Int(Double(count) * (($0 - low) / (high - low))), count - 1)) })
}

/// Whether numbers agree to 1e-9, relative where they are above 1: sums in another order.
private func agree(_ ours: [Double], _ theirs: [Double]) -> Bool {
  ours.count == theirs.count
    && zip(ours, theirs).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($1)) }
}

@Suite struct EvaluationGoldenTests {
  @Test func `indices of clusterings are scikit-learn's`() throws {
    let golden = try GoldenEvaluation.lines("scores", wordCount: 5)
    #expect(golden.count == 11)
    var sets: [String: PointSet] = [:]
    for line in golden {
      let points = try sets[line.words[0]] ?? PointSet(line.words[0])
      sets[line.words[0]] = points
      let labels = labels(of: points.groups, line.words[1...].compactMap { UInt64($0) })
      let dispersion = Dispersion(points.rows, labels, checkpoint: {})
      let silhouette = try #require(Silhouette(points.rows, labels, checkpoint: {}))
      let scores = [
        silhouette.mean, try #require(dispersion.daviesBouldin),
        try #require(dispersion.calinskiHarabasz), dispersion.inertia, dispersion.distortion,
      ]
      let values = stride(from: 0, to: silhouette.values.count, by: 25)
        .map { silhouette.values[$0] }
      #expect(agree(scores + values, line.numbers), "\(line.words)")
      #expect(!silhouette.isSampled)
      #expect(silhouette.rows == labels.values.indices.filter { labels.values[$0] >= 0 })
    }
  }

  @Test func `gaps are those of the definition`() throws {
    let golden = try GoldenEvaluation.lines("gaps", wordCount: 4)
    #expect(golden.count == 2)
    for line in golden {
      let rows = try PointSet(line.words[0]).rows
      let counts = Array(1...8)
      let gaps = GapStatistic(
        of: rows, clusterCounts: counts,
        inertias: counts.map { Dispersion(rows, slabs(rows, $0), checkpoint: {}).inertia },
        referenceCount: try #require(Int(line.words[1])),
        seed: try #require(UInt64(line.words[2])), cluster: slabs)
      #expect(agree((gaps.gaps + gaps.errors).compactMap { $0 }, line.numbers), "\(line.words)")
      #expect(gaps.suggestedCount == Int(line.words[3]))
    }
  }

  @Test func `fits to distances are SciPy's, far into the tails`() throws {
    let golden = try GoldenEvaluation.lines("fit", wordCount: 3)
    #expect(golden.count == 24)
    var samples: [String: DistanceSample] = [:]
    for line in golden {
      let rowCount = try #require(Int(line.words[1]))
      let name = "\(line.words[0]) \(rowCount)"
      let sample =
        try samples[name]
        ?? DistanceSample(
          of: PointSet(line.words[0]).rows.gathered(0..<rowCount), count: .max, seed: 0)
      samples[name] = sample
      let family = try #require(DistanceDistribution.Family(rawValue: line.words[2]))
      let fit = try #require(DistanceDistribution(family, fittedTo: sample))
      #expect(
        agree([fit.first, fit.second, fit.largestDifference], Array(line.numbers[..<3])),
        "\(line.words)")
      let mean = sample.distances.reduce(0, +) / Double(sample.distances.count)
      for (place, expected) in zip([0.05, 0.25, 0.5, 0.9, 1, 1.1, 1.5, 3], line.numbers[3...]) {
        #expect(abs(fit.pValue(place * mean) / expected - 1) < 1e-8, "\(line.words) \(place)")
      }
    }
  }

  @Test func `corrected p-values are SciPy's`() throws {
    let golden = try GoldenEvaluation.lines("discovery", wordCount: 2)
    #expect(golden.count == 3)
    for line in golden {
      var numbers = SeededGenerator(seed: try #require(UInt64(line.words[1])))
      let pValues = line.numbers.map { _ in pow(numbers.uniform(), 4) }
      #expect(agree(DistanceSample.benjaminiHochberg(pValues), line.numbers), "\(line.words)")
    }
  }
}
