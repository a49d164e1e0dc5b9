import Clustering
import Foundation
import LinearAlgebra
import Testing

@Suite struct DensityGoldenTests {
  /// A line of `Golden/density.txt` and the labels in the line after it.
  struct Case {
    let fields: [String]
    let labels: [Int32]

    var set: String { fields[1] }
    func number(_ index: Int) throws -> Double { try #require(Double(fields[index])) }
    func count(_ index: Int) throws -> Int { try #require(Int(fields[index])) }
  }

  @Test func `DBSCAN labels as scikit-learn does`() throws {
    let cases = try cases("dbscan")
    #expect(cases.count == 20)
    for expected in cases {
      let method = DBSCAN(
        radius: try expected.number(2), minimumSamples: try expected.count(3))
      let result = method.cluster(try PointSet(expected.set).rows) {}
      #expect(result.labels.values == expected.labels, "\(expected.fields)")
      #expect(result.isCore.count { $0 } == (try expected.count(4)), "\(expected.fields)")
    }
  }

  @Test func `HDBSCAN labels as the package hdbscan does with ties by row numbers`() throws {
    let cases = try cases("hdbscan")
    #expect(cases.count == 24)
    for expected in cases {
      let method = HDBSCAN(
        minimumClusterSize: try expected.count(2), minimumSamples: try expected.count(3),
        selection: expected.fields[4] == "eom" ? .excessOfMass : .leaves,
        minimumSplitDistance: try expected.number(5))
      let result = method.cluster(try PointSet(expected.set).rows) {}
      #expect(result.labels.values == expected.labels, "\(expected.fields)")
      #expect(
        abs(result.probabilities.reduce(0, +) - (try expected.number(6))) < 1e-9,
        "\(expected.fields)")
      #expect(result.persistences.count == result.labels.clusterCount, "\(expected.fields)")
      for (index, persistence) in expected.fields[7...].enumerated() {
        let persistence = try #require(Double(persistence))
        #expect(abs(result.persistences[index] - persistence) < 1e-9, "\(expected.fields)")
      }
    }
  }

  private func cases(_ method: String) throws -> [Case] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/density.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
    return try stride(from: 0, to: lines.count, by: 2).compactMap { start in
      let fields = lines[start].split(separator: " ").map(String.init)
      guard fields[0] == method else { return nil }
      let labels = try lines[start + 1].split(separator: " ").map {
        $0 == "." ? Labels.noise : try #require(Int32($0))
      }
      return Case(fields: fields, labels: labels)
    }
  }
}
