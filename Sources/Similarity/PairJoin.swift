import Clustering

/// The self-join of what is kept of images for a `PairMeasure`: every pair at or above a floor, or, for a
/// costly measure with candidates, those of them that the guide lets through.
///
/// Rows are asked for block by block when a tile needs them. Links, counts and audit do not depend on
/// `blockSize`, `kernel` or the order of tiles: whether a pair is a candidate is a matter of the two rows
/// alone, what a cheap bound cannot rule out is decided by `PairMeasure.similarity`, and the audit's
/// sample by image numbers.
public struct PairJoin: SteppedJoin {
  /// What is compared.
  public let measure: PairMeasure
  /// Whether only the matches of key points count that one transform explains.
  public let geometry: Bool
  /// Which pairs of a costly measure are compared; the others compare all.
  public let candidates: Candidates
  /// The image of each row, ascending.
  public let images: [UInt32]
  /// Pairs at this similarity are the last that count.
  public let floor: Double
  /// Rows on one side of a tile.
  public let blockSize: Int

  let kernel: RasterKernel
  /// The steps by which links are counted.
  public let steps: SimilaritySteps
  private let source: @Sendable (Range<Int>) throws -> ByteStrings

  /// Prepares a join.
  ///
  /// - Parameters:
  ///   - geometry: for `orb` and `sift`, whether only the matches count that one scale, turn and shift
  ///     explains.
  ///   - candidates: of no effect for a measure that is not costly.
  ///   - images: the image of each row, strictly ascending; gaps are allowed.
  ///   - floor: from 0 to 1.
  ///   - blockSize: `PairMeasure.largestBlockSize` is what a worker's memory was planned for.
  ///   - rows: gives the rows of a range of `0..<images.count`, on any worker; none is empty. What it
  ///     throws, the tile throws.
  public init(
    measure: PairMeasure, geometry: Bool = false, candidates: Candidates, images: [UInt32],
    floor: Double, blockSize: Int, rows: @escaping @Sendable (Range<Int>) throws -> ByteStrings
  ) {
    self.init(
      measure: measure, geometry: geometry, candidates: candidates, images: images, floor: floor,
      blockSize: blockSize, kernel: .widest, rows: rows)
  }

  /// Prepares a join with a kernel of the test's choice.
  init(
    measure: PairMeasure, geometry: Bool = false, candidates: Candidates, images: [UInt32],
    floor: Double, blockSize: Int, kernel: RasterKernel,
    rows: @escaping @Sendable (Range<Int>) throws -> ByteStrings
  ) {
    precondition(blockSize > 0, "blocks of \(blockSize) rows")
    if case .atLeast(let least) = candidates {
      precondition((0...1).contains(least), "candidates from \(least) on")
    }
    requireAscending(images)
    self.measure = measure
    self.geometry = geometry
    self.candidates = measure.isCostly ? candidates : .all
    self.images = images
    self.floor = floor
    self.blockSize = blockSize
    self.kernel = kernel
    steps = SimilaritySteps(floor: floor)
    source = rows
  }

  /// What a tile takes at most while it runs, beside the join itself.
  public var tileMemoryBytes: Int {
    let size = min(blockSize, images.count)
    return measure.isCostly
      ? PairBlocks<DescriptorPanel>.memoryBytes(measure, blockSize: size)
      : PairBlocks<PairPanel>.memoryBytes(measure, blockSize: size)
  }

  /// The links of one tile, `0..<tileCount`, whose blocks are those of `TileGrid`.
  ///
  /// - Throws: `JoinOutOfMemory`, and what the source of rows throws.
  /// - Complexity: O(b²) time for blocks of b rows; `tileMemoryBytes` of memory.
  public func tile(_ index: Int) throws -> TileResult {
    let grid = TileGrid(rowCount: images.count, blockSize: blockSize)
    let (rows, columns) = grid.blocks(ofTile: index)
    return measure.isCostly
      ? try PairBlocks<DescriptorPanel>(join: self).tile(rows, columns)
      : try PairBlocks<PairPanel>(join: self).tile(rows, columns)
  }

  func rows(in range: Range<Int>) throws -> ByteStrings {
    let rows = try source(range)
    precondition(rows.count == range.count, "\(rows.count) rows for \(range)")
    return rows
  }
}

/// A panel of a `PairJoin`.
protocol PairJoinPanel: TilePanel where Rows == ByteStrings {
  /// Rows in a panel at most.
  static var rowCount: Int { get }
  /// Takes some rows of a block.
  init(_ block: ByteStrings, places: ArraySlice<UInt32>, of join: PairJoin) throws
  /// Bytes of a full panel at most, beside the block.
  static func memoryBytes(_ measure: PairMeasure) -> Int
}

/// The blocks of a `PairJoin`, in panels of one kind.
struct PairBlocks<Panel: PairJoinPanel>: BlockSource {
  let join: PairJoin

  var images: [UInt32] { join.images }
  var steps: SimilaritySteps { join.steps }

  func rows(in range: Range<Int>) throws -> ByteStrings { try join.rows(in: range) }

  var panelRowCount: Int { Panel.rowCount }

  func panel(of rows: ByteStrings, places: ArraySlice<UInt32>) throws -> Panel {
    try Panel(rows, places: places, of: join)
  }

  func tile(_ rows: Range<Int>, _ columns: Range<Int>?) throws -> TileResult {
    let audit = join.candidates == .all ? nil : AuditRule(imageCount: images.count)
    return try BlockTile(self, rows: rows, columns: columns, audit: audit).run()
  }

  /// Both blocks as they were read, both in panels, of which one is being copied, groups and forest.
  static func memoryBytes(_ measure: PairMeasure, blockSize: Int) -> Int {
    let panelCount = (blockSize + Panel.rowCount - 1) / Panel.rowCount
    let block = blockSize * (measure.largestRowByteCount + 8)
    return 2 * block + (2 * panelCount + 1) * Panel.memoryBytes(measure)
      + BlockTile<Self>.memoryBytes(blockSize: blockSize)
  }
}
