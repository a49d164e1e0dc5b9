import Clustering

/// The exact self-join of bit strings: every pair of images within a Hamming distance.
///
/// The join is cut into tiles, which may run on any workers in any order; the forest of all tiles'
/// links and of `equalRows()` is the maximum spanning forest of all pairs, and the counts add up.
/// Neither depends on `blockSize`, `kernel` or the order of tiles.
///
/// Equal features are compared once. That loses nothing of the forest, because it is unique under
/// `Link`'s order (similarity, then lower numbers), so it is the one that Kruskal's algorithm finds:
/// - Within a group of equal features all pairs have similarity 1, the highest, and come first. By
///   lower number, the pairs of the group's lowest image come before its others and join the group,
///   so exactly that star enters.
/// - Of the pairs between two groups, all equally similar, the pair of both lowest images comes
///   first; when another one's turn comes, its ends are joined already.
///
/// A batch is a join of one tile; 4,096 images of 256 bits take a few milliseconds.
public struct HammingJoin: TiledJoin {
  /// The features, one row an image.
  public let rows: BitRows
  /// The image of each row, ascending.
  public let images: [UInt32]
  /// Pairs at this distance are the last that count.
  public let maximumDistance: Int
  /// Distinct rows on one side of a tile.
  public let blockSize: Int
  /// How distances are computed.
  public let kernel: HammingKernel

  let distinct: DistinctRows

  /// Prepares a join.
  ///
  /// - Parameters:
  ///   - images: the image of each row, strictly ascending; gaps are allowed.
  ///   - blockSize: 65,536 makes tiles of about a second at 256 bits; at most 2²⁴.
  ///   - kernel: the widest that the processor runs, unless a test asks for another.
  /// - Throws: what reading rows that are not in memory throws.
  /// - Complexity: O(n) time; 12 bytes an image beside `rows` and `images`, 20 more for a moment.
  public init(
    rows: BitRows, images: [UInt32], maximumDistance: Int, blockSize: Int = 65_536,
    kernel: HammingKernel = .widest
  ) throws {
    precondition(rows.count == images.count, "\(rows.count) rows of \(images.count) images")
    precondition(
      (0...rows.bitCount).contains(maximumDistance),
      "distance \(maximumDistance) of \(rows.bitCount) bits")
    precondition((1...1 << 24).contains(blockSize), "blocks of \(blockSize) rows")
    requireAscending(images)
    precondition(rows.bitCount < 1 << 16, "rows of \(rows.bitCount) bits")
    self.rows = rows
    self.images = images
    self.maximumDistance = maximumDistance
    self.blockSize = blockSize
    self.kernel = kernel
    distinct = try DistinctRows(rows)
  }

  /// Distinct features; what is compared.
  public var distinctCount: Int { distinct.firstRows.count }

  /// How many tiles the join has; 0 if there is at most one distinct feature.
  public var tileCount: Int {
    distinctCount < 2 ? 0 : grid.tileCount
  }

  /// What a tile takes at most while it runs, beside the join itself.
  public var tileMemoryBytes: Int {
    HammingTile.memoryBytes(nodeCount: 2 * min(blockSize, distinctCount), rowWords: rows.wordCount)
  }

  /// A count for each distance, 0 to `maximumDistance`.
  public var countCount: Int { maximumDistance + 1 }

  /// The similarity that a distance means.
  public func similarity(ofCount distance: Int) -> Double {
    rows.similarity(ofDistance: distance)
  }

  /// The pairs of equal features: a star at the lowest image of each group, and the count of pairs.
  ///
  /// - Complexity: O(n).
  public func equalRows() -> TileResult {
    var counts = [UInt64](repeating: 0, count: maximumDistance + 1)
    for size in distinct.sizes { counts[0] += UInt64(size) * UInt64(size - 1) / 2 }
    if !distinct.hasEqualRows { return TileResult(links: [], counts: counts) }
    var links: [Link] = []
    for row in images.indices {
      let first = Int(distinct.firstRows[Int(distinct.groupOfRow[row])])
      if first != row { links.append(Link(images[first], images[row], similarity: 1)) }
    }
    links.sort()
    return TileResult(links: links, counts: counts)
  }

  /// The pairs of different features of one tile, `0..<tileCount`.
  ///
  /// Its blocks are those of `TileGrid`, of distinct features.
  ///
  /// - Throws: `JoinOutOfMemory`, or what reading rows throws.
  /// - Complexity: O(b²) time for blocks of b rows; `tileMemoryBytes` of memory.
  public func tile(_ index: Int) throws -> TileResult {
    let (rows, columns) = grid.blocks(ofTile: index)
    return try HammingTile(self, rows: rows, columns: columns).run()
  }

  private var grid: TileGrid { TileGrid(rowCount: distinctCount, blockSize: blockSize) }
}

/// Memory ran out while rows were compared.
public struct JoinOutOfMemory: Error, CustomStringConvertible {
  let detail: String
  /// One line for a person.
  public var description: String {
    "no memory for \(detail); give a lower '--memory' or fewer '--workers', or end other programs, then "
      + "go on with 'likeness resume RUN'"
  }
}
