import LinearAlgebra

/// Clusters of rows that are dense (DBSCAN).
///
/// By Ester, Kriegel, Sander and Xu (1996). A row with enough rows within a radius is a core row.
/// Core rows within the radius of each other are one cluster; any other row within the radius of a
/// core row belongs to the cluster of such whose lowest core row is lowest; the rest is noise.
/// These are scikit-learn's labels.
public struct DBSCAN: Equatable, Sendable {
  /// The Euclidean distance up to which rows are neighbours.
  public let radius: Double
  /// How many rows must be within the radius of a core row, itself among them.
  public let minimumSamples: Int

  /// Clusters, noise, and what they are made of.
  public struct Result: Equatable, Sendable {
    /// The cluster of each row, or noise.
    public let labels: Labels
    /// Whether each row is a core row.
    public let isCore: [Bool]
  }

  /// Makes the method.
  ///
  /// - Precondition: `radius` is not negative, `minimumSamples` at least 1.
  public init(radius: Double, minimumSamples: Int) {
    precondition(radius >= 0 && minimumSamples > 0, "\(minimumSamples) rows within \(radius)")
    self.radius = radius
    self.minimumSamples = minimumSamples
  }

  /// The memory that `cluster(_:checkpoint:)` takes at most besides its argument.
  ///
  /// - Returns: bytes: of each row that is no core row its neighbours are kept, which are fewer
  ///   than `minimumSamples`.
  public func memoryBytes(rowCount: Int) -> Int {
    rowCount * (64 + 8 * min(minimumSamples, rowCount)) + 4 * ProductBlock.side * ProductBlock.side
  }

  /// Finds the clusters.
  ///
  /// - Parameter checkpoint: called some times a second at least; what it throws ends the work.
  /// - Complexity: O(n²d) time, two products of all rows; `memoryBytes(rowCount:)`.
  public func cluster(_ rows: Rows, checkpoint: () throws -> Void) rethrows -> Result {
    var search = RadiusSearch(rows, radius: radius)
    let neighbors = try sparseNeighbors(rows.count, &search, checkpoint)
    let isCore = neighbors.map { $0 == nil }
    var sets = try joinCoreRows(isCore, &search, checkpoint)
    let labels = (0..<rows.count).map { row in
      let cores = neighbors[row]?.filter { isCore[Int($0)] } ?? [UInt32(row)]
      return cores.map { Int32(sets.root(of: $0)) }.min() ?? Labels.noise
    }
    return Result(labels: Labels(labels), isCore: isCore)
  }

  /// The neighbours of each row that has too few of them; nil for the core rows.
  private func sparseNeighbors(
    _ count: Int, _ search: inout RadiusSearch, _ checkpoint: () throws -> Void
  ) rethrows -> [[UInt32]?] {
    var neighbors: [[UInt32]?] = []
    neighbors.reserveCapacity(count)
    for queries in Self.blocks(of: 0..<count) {
      var found = [[UInt32]](repeating: [], count: queries.count)
      for columns in Self.blocks(of: 0..<count) {
        try checkpoint()
        search.look(at: queries, columns)
        for (index, query) in queries.enumerated() where found[index].count < minimumSamples {
          for other in search.candidates(for: query) where search.isNear(query, other) {
            found[index].append(UInt32(other))
            if found[index].count == minimumSamples { break }
          }
        }
      }
      neighbors += found.map { $0.count < minimumSamples ? $0 : nil }
    }
    return neighbors
  }

  private func joinCoreRows(
    _ isCore: [Bool], _ search: inout RadiusSearch, _ checkpoint: () throws -> Void
  ) rethrows -> DisjointSets {
    var sets = DisjointSets(count: isCore.count)
    for queries in Self.blocks(of: isCore.indices) {
      for columns in Self.blocks(of: queries.lowerBound..<isCore.count) {
        try checkpoint()
        search.look(at: queries, columns)
        for query in queries where isCore[query] {
          for other in search.candidates(for: query) where isCore[other] {
            if sets.root(of: UInt32(query)) == sets.root(of: UInt32(other)) { continue }
            if search.isNear(query, other) { sets.join(UInt32(query), UInt32(other)) }
          }
        }
      }
    }
    return sets
  }

  private static func blocks(of range: Range<Int>) -> [Range<Int>] {
    stride(from: range.lowerBound, to: range.upperBound, by: ProductBlock.side).map {
      $0..<min(range.upperBound, $0 + ProductBlock.side)
    }
  }
}
