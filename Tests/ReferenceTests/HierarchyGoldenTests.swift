import Clustering
import Foundation
import LinearAlgebra
import Testing

/// One tree of `Golden/hierarchy.txt`.
struct GoldenTree {
  let set: String
  let linkage: AgglomerativeLinkage
  let suggestedClusterCount: Int
  /// The sum, then nine samples from the first to the last.
  let heights: [Double]
  /// Of sizes, nodes, leaves and, of small sets, cophenetic distances, each weighted by its place.
  let sums: [Double]
  let labels: [Int32]
  /// A height, the number of clusters, and their labels' sum, weighted.
  let cut: [Double]

  static func all() throws -> [GoldenTree] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/hierarchy.txt")
    let lines: [[String]] = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ").map(String.init) }
    func numbers(_ line: [String]) throws -> [Double] {
      try line.map { try #require(Double($0)) }
    }
    var trees: [GoldenTree] = []
    for start in stride(from: 0, to: lines.count, by: 5) {
      trees.append(
        GoldenTree(
          set: lines[start][0],
          linkage: try #require(AgglomerativeLinkage(rawValue: lines[start][1])),
          suggestedClusterCount: try #require(Int(lines[start][2])),
          heights: try numbers(lines[start + 1]), sums: try numbers(lines[start + 2]),
          labels: try numbers(lines[start + 3]).map(Int32.init),
          cut: try numbers(lines[start + 4])))
    }
    return trees
  }
}

@Suite struct HierarchyGoldenTests {
  @Test func `trees are SciPy's, and what is read off them`() throws {
    let golden = try GoldenTree.all()
    #expect(golden.count == 28)
    for expected in golden {
      let rows = try rows(of: expected.set)
      let tree = Agglomerative(linkage: expected.linkage).dendrogram(of: rows) {}
      let name = "\(expected.set) \(expected.linkage)"
      let heights = tree.merges.map(\.height)
      #expect(isNear(heights.reduce(0, +), expected.heights[0]), "\(name)")
      for (sample, height) in expected.heights.dropFirst().enumerated() {
        #expect(isNear(heights[(heights.count - 1) * sample / 8], height), "\(name) \(sample)")
      }
      var sums = [
        weightedSum(tree.merges.map { Double($0.size) }),
        weightedSum(tree.merges.map { Double($0.a) + 7 * Double($0.b) }),
        weightedSum(tree.leafOrder().map(Double.init)),
      ]
      if rows.count < 1000 { sums.append(weightedSum(tree.copheneticDistances {})) }
      #expect(sums.count == expected.sums.count, "\(name)")
      for (sum, expected) in zip(sums, expected.sums) { #expect(isNear(sum, expected), "\(name)") }
      #expect(tree.labels(clusterCount: 10).values == expected.labels, "\(name)")
      let cut = tree.labels(cutAt: expected.cut[0])
      #expect(Double(cut.clusterCount) == expected.cut[1], "\(name)")
      #expect(weightedSum(cut.values.map(Double.init)) == expected.cut[2], "\(name)")
      #expect(tree.suggestedClusterCount() == expected.suggestedClusterCount, "\(name)")
    }
  }

  /// SciPy and this program add in different orders.
  private func isNear(_ value: Double, _ expected: Double) -> Bool {
    abs(value - expected) <= 1e-9 * abs(expected)
  }

  private func weightedSum(_ values: [Double]) -> Double {
    values.enumerated().reduce(0) { $0 + Double($1.offset % 101) * $1.element }
  }

  /// A set's rows with the jitter of `Makers/hierarchy.py`, so that no two distances are equal.
  private func rows(of set: String) throws -> Rows {
    var rows = try PointSet(set).rows
    for place in rows.values.indices {
      let mixed = UInt32(truncatingIfNeeded: place) &* 2_654_435_761
      rows.values[place] += Float(mixed >> 22) / Float(1 << 18)
    }
    return rows
  }
}
