import CKernels
import Clustering

/// One tile of a join at work: the kernel's hits, reduced to a forest whenever their buffer is full.
struct HammingTile {
  private let join: HammingJoin
  private let rows: Range<Int>
  /// Nil on the diagonal, where rows are compared with each other.
  private let columns: Range<Int>?

  /// Hits that wait at most before a reduction: 8 MiB, and as much again to sort them.
  static let hitCapacity = 1 << 20

  init(_ join: HammingJoin, rows: Range<Int>, columns: Range<Int>?) {
    self.join = join
    self.rows = rows
    self.columns = columns
  }

  func run() -> TileResult {
    var counts = [UInt64](repeating: 0, count: join.maximumDistance + 1)
    var forest = HitForest(
      rowCount: rows.count, columnCount: columns?.count, maximumDistance: join.maximumDistance)
    let scan = unsafe open()
    defer { unsafe ckernels_hamming_free(scan) }
    var hits = [UInt64](repeating: 0, count: hitCount)
    while unsafe ckernels_hamming_finished(scan) == 0 {
      let written = unsafe hits.withUnsafeMutableBufferPointer { hits in
        // The forest so far stays in front, so a reduction sees it again.
        let free = unsafe UnsafeMutableBufferPointer(rebasing: hits[forest.linkCount...])
        return unsafe ckernels_hamming_next(scan, free.baseAddress, free.count, &counts)
      }
      if written == 0 { continue }
      forest.reduce(&hits, count: forest.linkCount + written)
      if unsafe ckernels_hamming_finished(scan) == 0 { unsafe drop(from: scan, forest.levels(hits)) }
    }
    return TileResult(links: hits[..<forest.linkCount].map(link), counts: counts)
  }

  /// Room for the forest, for one unit, and for more up to the capacity, if there can be more.
  private var hitCount: Int {
    let pairCount = rows.count * (columns?.count ?? rows.count)
    let forestCount = rows.count + (columns?.count ?? 0)
    let unit = Int(CKERNELS_HAMMING_UNIT_ROWS) * Int(CKERNELS_HAMMING_UNIT_COLUMNS)
    return min(pairCount, max(Self.hitCapacity, 4 * forestCount, unit)) + forestCount
  }

  private func open() -> OpaquePointer {
    let left = words(rows)
    let right = columns.map(words) ?? []
    let leftWeights = join.distinct.hasEqualRows ? Array(join.distinct.sizes[rows]) : []
    let rightWeights =
      join.distinct.hasEqualRows ? columns.map { Array(join.distinct.sizes[$0]) } ?? [] : []
    let scan = unsafe ckernels_hamming_open(
      join.kernel.code, UInt32(join.rows.wordCount), UInt32(join.maximumDistance), left,
      leftWeights.isEmpty ? nil : leftWeights, UInt32(rows.count),
      columns == nil ? nil : right, rightWeights.isEmpty ? nil : rightWeights,
      UInt32(columns?.count ?? 0))
    guard let scan = unsafe scan else {
      fatalError("no memory for a tile of \(rows.count) x \(columns?.count ?? rows.count) rows")
    }
    return unsafe scan
  }

  /// The words of a block of distinct rows.
  private func words(_ block: Range<Int>) -> [UInt64] {
    let wordCount = join.rows.wordCount
    var words: [UInt64] = []
    words.reserveCapacity(block.count * wordCount)
    for row in join.distinct.firstRows[block] {
      words.append(contentsOf: join.rows.words[Int(row) * wordCount..<(Int(row) + 1) * wordCount])
    }
    return words
  }

  /// Has the kernel drop what cannot enter the forest any more.
  private func drop(from scan: OpaquePointer, _ levels: HitForest.Levels) {
    let nodeCount = levels.count == 0 ? 0 : levels.labels.count / levels.count
    let isSet = unsafe ckernels_hamming_filter(
      scan, levels.levelOfDistance, levels.labels, nodeCount, UInt32(levels.count))
    if isSet == 0 { fatalError("no memory for \(levels.labels.count) labels of a tile") }
  }

  private func link(_ hit: UInt64) -> Link {
    let row = rows.lowerBound + Hit.row(hit)
    let column = (columns ?? rows).lowerBound + Hit.column(hit)
    return Link(
      join.images[Int(join.distinct.firstRows[row])],
      join.images[Int(join.distinct.firstRows[column])],
      similarity: join.rows.similarity(ofDistance: Hit.distance(hit)))
  }
}
