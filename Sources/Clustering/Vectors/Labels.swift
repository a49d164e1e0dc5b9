/// Which cluster each row is in.
///
/// Clusters are numbered by the first row that is in them, so equal partitions are equal values,
/// whatever the method called its clusters.
public struct Labels: Equatable, Sendable {
  /// The label of a row in no cluster.
  public static let noise: Int32 = -1

  /// The cluster of each row, from 0, or ``noise``.
  public let values: [Int32]
  /// How many clusters there are.
  public let clusterCount: Int

  /// Numbers clusters anew by their first rows.
  ///
  /// - Parameter values: for each row any number at least 0 that stands for its cluster, or ``noise``.
  public init(_ values: some Sequence<Int32>) {
    var numbers: [Int32: Int32] = [:]
    self.values = values.map { value in
      precondition(value >= Self.noise, "label \(value)")
      if value == Self.noise { return value }
      if let number = numbers[value] { return number }
      let number = Int32(numbers.count)
      numbers[value] = number
      return number
    }
    clusterCount = numbers.count
  }

  /// How many rows are in no cluster.
  public var noiseCount: Int { values.count { $0 == Self.noise } }

  /// The rows of each cluster, ascending.
  public func members() -> [[Int]] {
    var members = [[Int]](repeating: [], count: clusterCount)
    for (row, value) in values.enumerated() where value != Self.noise {
      members[Int(value)].append(row)
    }
    return members
  }
}
