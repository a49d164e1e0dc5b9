import CKernels
import Clustering

/// One tile of a join at work: the kernel's hits, reduced to a forest whenever their buffer is full.
///
/// Inside a tile the distinct rows of both blocks are nodes, numbered in the order of their images.
/// Rows go in bands. What the first few rows find joins most of every large cluster already: nearly
/// all of its later hits are then dropped as they are found, and its columns are laid side by side,
/// so that a row finds nothing in most groups of columns.
struct HammingTile {
  private let join: HammingJoin
  /// The distinct row of each node.
  private let distinctRows: [Int]
  /// Nodes below are rows and the others columns; on the diagonal all are both.
  private let rowCount: Int
  private let isDiagonal: Bool

  private var forest: HitForest
  private var hits: [UInt64]
  private var counts: [UInt64]
  private var levels: HitForest.Levels

  /// Hits that wait at most before a reduction: 8 MiB, and as much again to sort them.
  static let hitCapacity = 1 << 20
  /// And no more than so many a node.
  private static let hitsPerNode = 16
  /// The share of rows in the bands before the last, and the rows from which bands are worth it.
  private static let (bandShares, leastBandedRowCount) = ([64, 8], 1024)
  /// From one hit in so many pairs on, the hits cost more than laying out the columns again.
  private static let pairsPerHitWorthABand = 10_000

  /// Prepares the tile of two blocks of distinct rows, the first before the second, or of one with
  /// itself.
  init(
    _ join: HammingJoin, rows: Range<Int>, columns: Range<Int>?, hitCapacity: Int = hitCapacity
  ) {
    self.join = join
    distinctRows = Array(rows) + Array(columns ?? 0..<0)
    rowCount = rows.count
    isDiagonal = columns == nil
    forest = HitForest(nodeCount: distinctRows.count, maximumDistance: join.maximumDistance)
    counts = Array(repeating: 0, count: join.maximumDistance + 1)
    levels = forest.levels([])
    let pairCount = rows.count * (columns?.count ?? rows.count)
    let unit = Int(CKERNELS_HAMMING_UNIT_PAIRS)
    // A batch's tile is small: 8 MiB fresh from the system would take longer than its pairs.
    let capacity = Self.capacity(nodeCount: distinctRows.count, hitCapacity: hitCapacity)
    let waiting = min(pairCount, max(capacity, unit))
    hits = Array(repeating: 0, count: waiting + distinctRows.count)
  }

  private static func capacity(nodeCount: Int, hitCapacity: Int = hitCapacity) -> Int {
    max(min(hitCapacity, hitsPerNode * nodeCount), 4 * nodeCount)
  }

  /// The most that a tile takes: rows here and with the kernel, its table of columns, labels of eight
  /// levels, numbers and weights of nodes; and hits, twice, to sort them.
  static func memoryBytes(nodeCount: Int, rowWords: Int) -> Int {
    nodeCount * (32 * rowWords + 130) + 400_000 * rowWords
      + 2 * 8 * (capacity(nodeCount: nodeCount) + nodeCount)
  }

  /// Compares all pairs of the tile.
  consuming func run() throws -> TileResult {
    var start = 0
    while start < rowCount {
      let end = bandEnd(start)
      let band = Array(UInt32(start)..<UInt32(end))
      if isDiagonal, end == rowCount {
        try scan(rows: ordered(band), columns: nil)
      } else if isDiagonal {
        try scan(rows: band, columns: nil)
        try scan(rows: band, columns: ordered(Array(UInt32(end)..<UInt32(rowCount))))
      } else {
        try scan(rows: band, columns: ordered(Array(UInt32(rowCount)..<UInt32(distinctRows.count))))
      }
      start = end
    }
    return TileResult(links: hits[..<forest.linkCount].map(link), counts: counts)
  }

  private func bandEnd(_ start: Int) -> Int {
    if rowCount < Self.leastBandedRowCount { return rowCount }
    let pairCount = start * (distinctRows.count - (isDiagonal ? 0 : rowCount))
    let hitCount = counts.reduce(0, +)
    if start > 0, hitCount * UInt64(Self.pairsPerHitWorthABand) < pairCount { return rowCount }
    // Whole units of the kernel's rows.
    return Self.bandShares.map { rowCount / $0 & ~15 }.first { $0 > start } ?? rowCount
  }

  /// Nodes with those of one component side by side.
  private func ordered(_ nodes: [UInt32]) -> [UInt32] {
    if levels.count == 0 { return nodes }
    // A label is a node of its component: sort by both at once.
    let label = { (node: UInt32) in levels.labels[Int(node + 1) * levels.count - 1] }
    return nodes.map { UInt64(label($0)) << 32 | UInt64($0) }.sorted()
      .map { UInt32(truncatingIfNeeded: $0) }
  }

  /// Compares nodes with others, or with each other, and reduces the hits into the forest.
  private mutating func scan(rows: [UInt32], columns: [UInt32]?) throws {
    let scan = unsafe try open(rows: rows, columns: columns)
    defer { unsafe ckernels_hamming_free(scan) }
    unsafe try dropJoined(scan)
    while unsafe ckernels_hamming_finished(scan) == 0 {
      let linkCount = forest.linkCount
      let written = unsafe hits.withUnsafeMutableBufferPointer { hits in
        // The forest so far stays in front, so a reduction sees it again.
        let free = unsafe UnsafeMutableBufferPointer(rebasing: hits[linkCount...])
        return unsafe ckernels_hamming_next(scan, free.baseAddress, free.count, &counts)
      }
      if written == 0 { continue }
      forest.reduce(&hits, count: linkCount + written)
      levels = forest.levels(hits)
      unsafe try dropJoined(scan)
    }
  }

  private func open(rows: [UInt32], columns: [UInt32]?) throws -> OpaquePointer {
    let weighted = join.distinct.hasEqualRows
    let (rowWords, columnWords) = (try words(rows), try columns.map(words))
    let rowWeights = weighted ? weights(rows) : nil
    let columnWeights = weighted ? columns.map(weights) : nil
    let scan = unsafe ckernels_hamming_open(
      join.kernel.code, UInt32(join.rows.wordCount), UInt32(join.maximumDistance),
      rowWords, rows, rowWeights, UInt32(rows.count),
      columnWords, columns, columnWeights, UInt32(columns?.count ?? 0))
    guard let scan = unsafe scan else {
      throw JoinOutOfMemory(
        detail: "comparing \(rows.count) with \(columns?.count ?? rows.count) rows")
    }
    return unsafe scan
  }

  private func words(_ nodes: [UInt32]) throws -> [UInt64] {
    var words: [UInt64] = []
    words.reserveCapacity(nodes.count * join.rows.wordCount)
    // Rows that follow each other are had at once.
    var run = 0..<0
    for node in nodes {
      let row = Int(join.distinct.firstRows[distinctRows[Int(node)]])
      if row != run.upperBound {
        words.append(contentsOf: try join.rows.words(of: run))
        run = row..<row
      }
      run = run.lowerBound..<row + 1
    }
    words.append(contentsOf: try join.rows.words(of: run))
    return words
  }

  private func weights(_ nodes: [UInt32]) -> [UInt32] {
    nodes.map { join.distinct.sizes[distinctRows[Int($0)]] }
  }

  /// Has the kernel drop what cannot enter the forest any more.
  private func dropJoined(_ scan: OpaquePointer) throws {
    let isSet = unsafe ckernels_hamming_filter(
      scan, levels.levelOfDistance, levels.labels, UInt32(levels.count))
    if isSet == 0 { throw JoinOutOfMemory(detail: "\(levels.labels.count) labels of a tile") }
  }

  private func link(_ hit: UInt64) -> Link {
    Link(
      image(Hit.lower(hit)), image(Hit.higher(hit)),
      similarity: join.rows.similarity(ofDistance: Hit.distance(hit)))
  }

  private func image(_ node: UInt32) -> UInt32 {
    join.images[Int(join.distinct.firstRows[distinctRows[Int(node)]])]
  }
}
