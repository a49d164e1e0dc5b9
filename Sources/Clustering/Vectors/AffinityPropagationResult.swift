import LinearAlgebra

/// Rows that stand for others, and who they stand for.
public struct AffinityPropagationResult: Equatable, Sendable {
  /// The cluster of each row; all are noise where there is no exemplar.
  public let labels: Labels
  /// The row that stands for each cluster, in the order of the labels' numbers.
  public let exemplars: [Int]
  /// How often messages were exchanged.
  public let iterationCount: Int
  /// Whether the exemplars settled before the iterations ran out.
  public let isConverged: Bool

  /// Brings each row to its most similar exemplar; then the member that is most similar to its cluster in
  /// sum stands for it, and rows choose again.
  init(similarities: Matrix, exemplars: [Int], iterationCount: Int, isConverged: Bool) {
    self.iterationCount = iterationCount
    self.isConverged = isConverged
    var clusters = similarities.mostSimilar(of: exemplars)
    let centers = exemplars.indices.map { index in
      let members = clusters.indices.filter { clusters[$0] == index }
      let sums = members.map { center in members.reduce(0) { $0 + similarities[$1, center] } }
      return members[sums.indices.max { sums[$0] < sums[$1] } ?? 0]
    }
    clusters = similarities.mostSimilar(of: centers)
    labels = Labels(clusters.lazy.map(Int32.init))
    var order = [Int](repeating: 0, count: labels.clusterCount)
    for (index, label) in zip(clusters, labels.values) where index >= 0 {
      order[Int(label)] = centers[index]
    }
    self.exemplars = order
  }
}

extension Matrix {
  /// For each row the position in `exemplars` of its most similar one, the first of equal ones, and of an
  /// exemplar its own; -1 where there is none.
  fileprivate func mostSimilar(of exemplars: [Int]) -> [Int] {
    var nearest = (0..<rowCount).map { row in
      exemplars.indices.max { self[row, exemplars[$0]] < self[row, exemplars[$1]] } ?? -1
    }
    for (index, exemplar) in exemplars.enumerated() { nearest[exemplar] = index }
    return nearest
  }
}
