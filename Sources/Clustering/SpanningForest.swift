/// The maximum spanning forest of all links of a run: every threshold's components at once.
///
/// Single linkage at any threshold is the forest without the links under it (Gower and Ross 1969).
public struct SpanningForest: Equatable, Sendable {
  /// At most `imageCount - 1` links, sorted by `Link`'s order: the most similar first.
  public let links: [Link]
  /// Images are numbered `0..<imageCount`.
  public let imageCount: Int

  /// Merges forests, or any links, of parts of a run.
  ///
  /// - Parameter parts: in any order; sorted parts are merged faster.
  /// - Complexity: O(m log m) for m links in all parts, 40 bytes an image and 16 bytes for each of
  ///   at most a million waiting links.
  public init(merging parts: [[Link]], imageCount: Int) {
    var builder = ForestBuilder(imageCount: imageCount)
    for part in parts { builder.add(contentsOf: part) }
    links = builder.finish()
    self.imageCount = imageCount
  }

  /// Takes over a forest that was sorted and stored before.
  ///
  /// - Precondition: `sortedLinks` is sorted by `Link`'s order, its numbers are below `imageCount`,
  ///   and it has no cycle (the last is not checked).
  public init(sortedLinks: [Link], imageCount: Int) {
    for position in sortedLinks.indices {
      precondition(sortedLinks[position].b < imageCount, "link \(position) leaves the run")
      if position > 0 {
        precondition(sortedLinks[position - 1] < sortedLinks[position], "link \(position) unsorted")
      }
    }
    links = sortedLinks
    self.imageCount = imageCount
  }

  /// How many of `links`, from the first, are at or above a threshold.
  ///
  /// - Complexity: O(log n).
  public func linkCount(atOrAbove threshold: Double) -> Int {
    var (low, high) = (0, links.count)
    while low < high {
      let middle = (low + high) / 2
      if links[middle].similarity >= threshold { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
