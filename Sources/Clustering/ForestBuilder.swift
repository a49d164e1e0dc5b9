/// Reduces any number of links to their maximum spanning forest within bounded memory.
///
/// Links wait in a buffer; when it is full, Kruskal's algorithm (1956) under `Link`'s total order
/// keeps at most n - 1 of the forest so far and the buffer. The forest of a union is the forest of
/// the union of forests, and under a total order it is unique: the result depends neither on the
/// order of the links nor on `capacity`.
///
/// Memory: 16 bytes for each of `capacity` buffered links, and 24 bytes an image at most, 40 while
/// the buffer is reduced: the old forest and the new one.
public struct ForestBuilder: Sendable {
  /// The numbers that links may hold.
  public let images: Range<UInt32>
  /// How many links wait at most before they are reduced.
  public let capacity: Int

  private var forest: [Link] = []
  private var waiting: [Link] = []
  private var sets: DisjointSets
  /// For the root of each component of `forest`, the position of its last link under the order.
  private var lastLinkPosition: [UInt32]

  /// Makes an empty forest over the images of a range, such as those of one batch.
  ///
  /// - Parameter capacity: links that wait before a reduction; more is faster, the result is one.
  public init(images: Range<UInt32>, capacity: Int = 1 << 20) {
    precondition(capacity > 0, "a buffer of \(capacity) links")
    self.images = images
    self.capacity = capacity
    sets = DisjointSets(count: images.count)
    lastLinkPosition = Array(repeating: 0, count: images.count)
  }

  /// Makes an empty forest over images `0..<imageCount`.
  public init(imageCount: Int, capacity: Int = 1 << 20) {
    self.init(images: 0..<UInt32(imageCount), capacity: capacity)
  }

  /// Takes one link into account.
  ///
  /// - Complexity: amortised O(log capacity) if capacity is of the order of the image count.
  public mutating func add(_ link: Link) {
    precondition(
      images.contains(link.a) && images.contains(link.b),
      "link of \(link.a) and \(link.b) outside \(images)")
    if cannotEnter(link) { return }
    waiting.append(link)
    if waiting.count == capacity { reduce() }
  }

  /// Takes links into account; parts that are sorted already are reduced faster.
  public mutating func add(contentsOf links: some Sequence<Link>) {
    for link in links { add(link) }
  }

  /// The maximum spanning forest of all links added so far, sorted by `Link`'s order.
  public mutating func finish() -> [Link] {
    reduce()
    return forest
  }

  /// Whether the forest joins both images through earlier links only.
  ///
  /// The last link of their component is earlier, so no path inside needs a later one: what is
  /// refused could never enter.
  private mutating func cannotEnter(_ link: Link) -> Bool {
    if forest.isEmpty { return false }
    let root = sets.root(of: link.a - images.lowerBound)
    guard root == sets.root(of: link.b - images.lowerBound) else { return false }
    return forest[Int(lastLinkPosition[Int(root)])] < link
  }

  private mutating func reduce() {
    if waiting.isEmpty { return }
    // The standard library's sort finds runs, so sorted parts cost one merge.
    waiting.sort()
    sets.reset()
    var kept: [Link] = []
    kept.reserveCapacity(min(max(images.count - 1, 0), forest.count + waiting.count))
    var (old, new) = (0, 0)
    while old < forest.count || new < waiting.count {
      let takesOld = new == waiting.count || (old < forest.count && forest[old] < waiting[new])
      let link = takesOld ? forest[old] : waiting[new]
      if takesOld { old += 1 } else { new += 1 }
      let (a, b) = (link.a - images.lowerBound, link.b - images.lowerBound)
      guard let (root, _) = sets.join(a, b) else { continue }
      lastLinkPosition[Int(root)] = UInt32(kept.count)
      kept.append(link)
    }
    forest = kept
    waiting.removeAll(keepingCapacity: true)
  }
}
