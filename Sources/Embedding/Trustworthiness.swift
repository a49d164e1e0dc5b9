import LinearAlgebra

extension PlaneEmbedding {
  /// How far neighbours in the plane are neighbours among the rows (Venna and Kaski 2001): 1 where all
  /// are, less for each that is not, by how many rows are nearer than it.
  ///
  /// Equal distances go by the lower row.
  ///
  /// - Parameters:
  ///   - rows: what the points stand for.
  ///   - neighborCount: neighbours of each point that count, less than half of the rows.
  ///   - checkpoint: called once a row; what it throws ends the work.
  /// - Returns: 0 to 1.
  /// - Complexity: O(n²·(d + neighborCount)) time; O(n·neighborCount) memory.
  public func trustworthiness(
    of rows: Rows, neighborCount: Int, checkpoint: () throws -> Void
  ) rethrows -> Double {
    let (n, k) = (count, neighborCount)
    precondition(rows.count == n, "\(rows.count) rows of \(n) points")
    precondition(k >= 1 && 2 * k < n, "\(k) neighbours of \(n) points")
    let near = try NearestNeighbors(
      of: self.rows, among: self.rows, count: k, excludingSelf: true, checkpoint: checkpoint)
    var distances = [Double](repeating: 0, count: n)
    var excess = 0
    for row in 0..<n {
      rows.squaredDistances(to: rows[row], 0..<n, into: &distances)
      // Itself comes first, which is why ranks are from 1.
      distances[row] = -1
      for neighbor in near.indices[row * k..<(row + 1) * k] {
        excess += max(0, rankOfValue(at: Int(neighbor), in: distances) - k)
      }
      try checkpoint()
    }
    return 1 - 2 * Double(excess) / (Double(n * k) * Double(2 * n - 3 * k - 1))
  }
}
