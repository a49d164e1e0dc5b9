import Clustering

/// The exact self-join of small rasters: every pair of images at or above a floor.
///
/// Rows are asked for block by block when a tile needs them, so an archive's rasters need not lie in
/// memory at once. Links and counts do not depend on `blockSize`, `kernel` or the order of tiles: sums
/// are integers, and what a cheap bound cannot rule out is decided by `RasterMeasure.similarity`.
public struct RasterJoin: SteppedJoin, BlockSource {
  /// What is compared.
  public let measure: RasterMeasure
  /// The image of each row, ascending.
  public let images: [UInt32]
  /// Pairs at this similarity are the last that count.
  public let floor: Double
  /// Rows on one side of a tile.
  public let blockSize: Int
  /// How rasters are compared.
  public let kernel: RasterKernel

  /// The steps by which links are counted.
  public let steps: SimilaritySteps
  private let source: @Sendable (Range<Int>) throws -> ByteRows

  /// Prepares a join.
  ///
  /// - Parameters:
  ///   - images: the image of each row, strictly ascending; gaps are allowed.
  ///   - floor: from 0 to 1.
  ///   - blockSize: 4,096 is 16 MiB of samples a side.
  ///   - kernel: the widest that the processor runs, unless a test asks for another.
  ///   - rows: gives the rows of a range of `0..<images.count`, on any worker; what it throws, the
  ///     tile throws.
  public init(
    measure: RasterMeasure, images: [UInt32], floor: Double, blockSize: Int = 4096,
    kernel: RasterKernel = .widest, rows: @escaping @Sendable (Range<Int>) throws -> ByteRows
  ) {
    precondition(blockSize > 0, "blocks of \(blockSize) rows")
    requireAscending(images)
    self.measure = measure
    self.images = images
    self.floor = floor
    self.blockSize = blockSize
    self.kernel = kernel
    steps = SimilaritySteps(floor: floor)
    source = rows
  }

  /// Prepares a join of rows that are all in memory.
  public init(
    measure: RasterMeasure, rows: ByteRows, images: [UInt32], floor: Double,
    blockSize: Int = 4096, kernel: RasterKernel = .widest
  ) {
    precondition(rows.count == images.count, "\(rows.count) rows of \(images.count) images")
    self.init(
      measure: measure, images: images, floor: floor, blockSize: blockSize, kernel: kernel
    ) { range in
      let (start, end) = (range.lowerBound * rows.byteCount, range.upperBound * rows.byteCount)
      return ByteRows(byteCount: rows.byteCount, bytes: Array(rows.bytes[start..<end]))
    }
  }

  /// What a tile takes at most while it runs, beside the join itself: one block as it was read, both in
  /// panels, groups and forest.
  public var tileMemoryBytes: Int {
    let size = min(blockSize, images.count)
    let panelCount = (size + panelRowCount - 1) / panelRowCount
    return size * measure.byteCount + 2 * panelCount * RasterPanel.memoryBytes(measure)
      + BlockTile<RasterJoin>.memoryBytes(blockSize: size)
  }

  /// The links of one tile, `0..<tileCount`, whose blocks are those of `TileGrid`.
  ///
  /// - Throws: `JoinOutOfMemory`, and what the source of rows throws.
  /// - Complexity: O(b²) time for blocks of b rows; `tileMemoryBytes` of memory.
  public func tile(_ index: Int) throws -> TileResult {
    let grid = TileGrid(rowCount: images.count, blockSize: blockSize)
    let (rows, columns) = grid.blocks(ofTile: index)
    return try BlockTile(self, rows: rows, columns: columns).run()
  }

  func rows(in range: Range<Int>) throws -> ByteRows {
    let rows = try source(range)
    precondition(
      rows.count == range.count && rows.byteCount == measure.byteCount,
      "\(rows.count) rows of \(rows.byteCount) bytes for \(range)")
    return rows
  }

  var panelRowCount: Int { RasterPanel.rowCount(measure) }

  func panel(of rows: ByteRows, places: ArraySlice<UInt32>) throws -> RasterPanel {
    try RasterPanel(rows, rows: places, of: self)
  }
}
