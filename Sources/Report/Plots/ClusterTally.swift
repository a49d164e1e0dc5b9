/// How many rows are in each cluster, and which clusters are the largest.
struct ClusterTally {
  /// The rows of each cluster, by its label.
  let sizes: [Int]
  /// The rows in no cluster.
  let noiseCount: Int
  /// The labels of clusters that have rows, the largest first, then by label.
  let bySize: [Int]

  /// Counts labels: from 0, numbered without large gaps, and -1 for a row in no cluster.
  init(_ labels: [Int32]) {
    var sizes = [Int](repeating: 0, count: Int((labels.max() ?? -1) + 1))
    var noiseCount = 0
    for label in labels {
      precondition(label >= -1, "label \(label)")
      if label < 0 { noiseCount += 1 } else { sizes[Int(label)] += 1 }
    }
    self.sizes = sizes
    self.noiseCount = noiseCount
    bySize = sizes.indices.filter { sizes[$0] > 0 }
      .sorted { (sizes[$1], $0) < (sizes[$0], $1) }
  }

  /// What a person calls the cluster of a label: the number that a result gives it, from 1.
  static func name(of label: Int) -> String { "\(label + 1)" }

  /// How many colours of the palette the clusters take.
  var colorCount: Int { sizes.count }
}
