/// What a curve over cluster counts says of how many clusters there are.
public enum CountCurve {
  /// How far each point of a falling curve lies under the chord from its first to its last.
  ///
  /// Both axes are scaled to 0...1 first; the knee is the point of the largest depth (after Satopää et al.
  /// 2011, "Kneedle", without smoothing). A curve that does not fall has depth 0 everywhere.
  ///
  /// - Parameters:
  ///   - counts: cluster counts, ascending.
  ///   - values: the inertia or distortion at each.
  /// - Returns: for each point its distance to the chord, at most 1/√2, negative above it.
  public static func depths(counts: [Int], values: [Double]) -> [Double] {
    precondition(counts.count == values.count)
    guard let first = counts.first, let last = counts.last, let top = values.first,
      let bottom = values.last, last > first, top > bottom
    else { return values.map { _ in 0 } }
    return zip(counts, values).map { count, value in
      let x = Double(count - first) / Double(last - first)
      let y = (value - bottom) / (top - bottom)
      return (1 - x - y) * 0.5.squareRoot()
    }
  }

  /// How much more the merge below `clusterCount` clusters costs than the one that made them, less the
  /// same of the merge before: the second derivative of merge heights, largest at the suggested count.
  ///
  /// - Parameter heights: of all merges of n rows, in their order: n - 1 of them.
  /// - Returns: nil for fewer than two clusters or more than n - 2, whose merges are too few.
  public static func acceleration(ofMergeHeights heights: [Double], clusterCount: Int) -> Double? {
    // The last merge leaves one cluster, the one before it two, and so on.
    let position = heights.count - clusterCount
    guard clusterCount > 1, position > 0 else { return nil }
    return heights[position + 1] - 2 * heights[position] + heights[position - 1]
  }
}
