import Clustering
import LinearAlgebra
import TestImages
import Testing

@Suite struct AgglomerativeTests {
  /// The heights of merging the nearest two clusters again and again, by the definitions, every
  /// pair measured anew each time.
  private func naiveHeights(of rows: Rows, _ linkage: AgglomerativeLinkage) -> [Double] {
    struct Cluster {
      var members: [Int]
      var center: [Double]
      /// The share of each member in a weighted mean of distances.
      var weights: [Double]
    }
    func distance(_ left: Cluster, _ right: Cluster) -> Double {
      let centers = zip(left.center, right.center).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }.squareRoot()
      let (a, b) = (Double(left.members.count), Double(right.members.count))
      var (pairs, mean) = ([Double](), 0.0)
      for (row, weight) in zip(left.members, left.weights) {
        for (other, otherWeight) in zip(right.members, right.weights) {
          pairs.append(rows.squaredDistance(row, other).squareRoot())
          mean += weight * otherWeight * pairs[pairs.count - 1]
        }
      }
      return switch linkage {
      case .ward: (2 * a * b / (a + b)).squareRoot() * centers
      case .single: pairs.min() ?? 0
      case .complete: pairs.max() ?? 0
      case .average: pairs.reduce(0, +) / (a * b)
      case .weighted: mean
      case .centroid, .median: centers
      }
    }
    var clusters = (0..<rows.count).map {
      Cluster(members: [$0], center: rows[$0].map(Double.init), weights: [1])
    }
    var heights: [Double] = []
    while clusters.count > 1 {
      var best = (0, 1, Double.infinity)
      for first in clusters.indices {
        for second in (first + 1)..<clusters.count {
          let distance = distance(clusters[first], clusters[second])
          if distance < best.2 { best = (first, second, distance) }
        }
      }
      heights.append(best.2)
      let (left, right) = (clusters[best.0], clusters.remove(at: best.1))
      let share =
        linkage == .median
        ? 0.5 : Double(left.members.count) / Double(left.members.count + right.members.count)
      clusters[best.0] = Cluster(
        members: left.members + right.members,
        center: zip(left.center, right.center).map { share * $0 + (1 - share) * $1 },
        weights: left.weights.map { $0 / 2 } + right.weights.map { $0 / 2 })
    }
    return heights
  }

  @Test(arguments: AgglomerativeLinkage.allCases, UInt64(0)..<3)
  func `the nearest two merge`(linkage: AgglomerativeLinkage, seed: UInt64) {
    let rows = randomRows(25, dimension: 4, steps: 1 << 20, seed: seed)
    let tree = Agglomerative(linkage: linkage).dendrogram(of: rows) {}
    for (merge, expected) in zip(tree.merges, naiveHeights(of: rows, linkage)) {
      #expect(abs(merge.height - expected) <= 1e-9 * expected)
    }
    let heights = tree.merges.map(\.height)
    #expect(tree.rootCount == 1 && (!linkage.isMonotone || heights == heights.sorted()))
  }

  @Test(arguments: UInt64(0)..<5)
  func `Ward's heights add up to the spread, whatever is equal`(seed: UInt64) {
    // More rows than a block has, in a dimension that is no multiple of eight.
    let rows = randomRows(700, dimension: 11, steps: 3, seed: seed)
    let tree = Agglomerative(linkage: .ward).dendrogram(of: rows) {}
    var spread = 0.0
    for column in 0..<rows.dimension {
      let values = (0..<rows.count).map { Double(rows.values[$0 * rows.dimension + column]) }
      let mean = values.reduce(0, +) / Double(rows.count)
      spread += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    let heights = tree.merges.reduce(0) { $0 + $1.height * $1.height / 2 }
    #expect(abs(heights - spread) < 1e-9 * spread)
  }

  @Test func `where rows lie makes no difference to Ward's tree`() {
    let near = randomRows(600, dimension: 5, steps: 4096, seed: 3)
    let far = randomRows(600, dimension: 5, steps: 4096, offset: 0x1p22, seed: 3)
    let trees = [near, far].map { Agglomerative(linkage: .ward).dendrogram(of: $0) {} }
    for (left, right) in zip(trees[0].merges, trees[1].merges) {
      #expect(left.a == right.a && left.b == right.b)
      #expect(abs(left.height - right.height) <= 1e-9 * left.height)
    }
  }

  @Test(arguments: AgglomerativeLinkage.allCases)
  func `equal rows merge first, at height 0`(linkage: AgglomerativeLinkage) {
    let rows = Rows(
      count: 300, dimension: 2, values: (0..<600).map { Float(($0 / 2) % 3 * (1 + $0 % 2)) })
    let tree = Agglomerative(linkage: linkage).dendrogram(of: rows) {}
    #expect(tree.merges.count { $0.height == 0 } == 297)
    #expect(tree.labels(cutAt: 0).values == (0..<300).map { Int32($0 % 3) })
  }

  @Test(arguments: AgglomerativeLinkage.allCases)
  func `no rows and one row have no merges`(linkage: AgglomerativeLinkage) {
    for count in 0...1 {
      let rows = Rows(count: count, dimension: 2, values: Array(repeating: 1, count: 2 * count))
      let tree = Agglomerative(linkage: linkage).dendrogram(of: rows) {}
      #expect(tree == Dendrogram(count: count, merges: []))
    }
  }

  @Test(arguments: AgglomerativeLinkage.allCases)
  func `what a checkpoint throws ends the work`(linkage: AgglomerativeLinkage) {
    let rows = randomRows(200, dimension: 2, steps: 100, seed: 1)
    #expect(throws: CancellationError.self) {
      try Agglomerative(linkage: linkage).dendrogram(of: rows) { throw CancellationError() }
    }
  }

  @Test(arguments: AgglomerativeLinkage.allCases)
  func `memory is linear but for distances that are stored`(linkage: AgglomerativeLinkage) {
    let method = Agglomerative(linkage: linkage)
    let bytes = [1 << 16, 1 << 17].map { method.memoryBytes(rowCount: $0, dimension: 64) }
    let isStored = [.complete, .average, .weighted].contains(linkage)
    #expect(bytes[1] <= (isStored ? 4 : 2) * bytes[0])
    #expect(isStored == (bytes[0] > 4 << 32))
  }
}
