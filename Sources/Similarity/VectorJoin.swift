import Clustering
import LinearAlgebra

/// The exact self-join of vectors: every pair of images at or above a floor.
///
/// Rows are asked for block by block when a tile needs them. Matrix products in single precision rule
/// out what is surely below the floor; all else is decided by `VectorRows.similarity`, so that links and
/// counts depend neither on the processor nor on `blockSize` or the order of tiles.
public struct VectorJoin: SteppedJoin, BlockSource {
  /// What is compared.
  public let measure: VectorMeasure
  /// How a component is stored.
  public let component: VectorComponent
  /// Components of a row.
  public let dimension: Int
  /// The image of each row, ascending.
  public let images: [UInt32]
  /// Pairs at this similarity are the last that count.
  public let floor: Double
  /// Rows on one side of a tile.
  public let blockSize: Int

  /// The steps by which links are counted.
  public let steps: SimilaritySteps
  private let source: @Sendable (Range<Int>) throws -> ByteRows

  /// Prepares a join.
  ///
  /// - Parameters:
  ///   - images: the image of each row, strictly ascending; gaps are allowed.
  ///   - floor: from 0 to 1.
  ///   - blockSize: `largestBlockSize` says what is worth its memory.
  ///   - rows: gives the rows of a range of `0..<images.count` as they are stored, on any worker; what it
  ///     throws, the tile throws.
  public init(
    measure: VectorMeasure, component: VectorComponent, dimension: Int, images: [UInt32],
    floor: Double, blockSize: Int, rows: @escaping @Sendable (Range<Int>) throws -> ByteRows
  ) {
    precondition(blockSize > 0 && dimension > 0, "blocks of \(blockSize) rows of \(dimension)")
    if case .euclidean(let unit) = measure {
      precondition(unit > 0 && unit.isFinite, "a unit of \(unit)")
    }
    requireAscending(images)
    self.measure = measure
    self.component = component
    self.dimension = dimension
    self.images = images
    self.floor = floor
    self.blockSize = blockSize
    steps = SimilaritySteps(floor: floor)
    source = rows
  }

  /// Rows on one side of a tile that keep `sgemm` busy for about a second: at most 32 MiB in single
  /// precision.
  public static func largestBlockSize(dimension: Int) -> Int {
    max(1, min(16_384, (4 << 20) / dimension))
  }

  /// What a tile takes at most while it runs, beside the join itself: one block as it was read, both in
  /// panels, products, groups and forest.
  public var tileMemoryBytes: Int {
    let size = min(blockSize, images.count)
    return size * dimension * component.byteCount
      + 2 * VectorPanel.memoryBytes(rowCount: size, dimension: dimension)
      + VectorPanel.scratchBytes
      + BlockTile<Self>.memoryBytes(blockSize: size)
  }

  /// The links of one tile, `0..<tileCount`, whose blocks are those of `TileGrid`.
  ///
  /// - Throws: `BLASFailure`, and what the source of rows throws.
  /// - Complexity: O(b²·d) time for blocks of b rows of d components: one `sgemm`, and d steps for each
  ///   pair that it does not rule out; `tileMemoryBytes` of memory.
  public func tile(_ index: Int) throws -> TileResult {
    try BLAS.open()
    let grid = TileGrid(rowCount: images.count, blockSize: blockSize)
    let (rows, columns) = grid.blocks(ofTile: index)
    return try BlockTile(self, rows: rows, columns: columns).run()
  }

  func rows(in range: Range<Int>) throws -> ByteRows {
    let rows = try source(range)
    precondition(
      rows.count == range.count && rows.byteCount == dimension * component.byteCount,
      "\(rows.count) rows of \(rows.byteCount) bytes for \(range)")
    return rows
  }

  var panelRowCount: Int { VectorPanel.rowCount }

  func panel(of rows: ByteRows, places: ArraySlice<UInt32>) -> VectorPanel {
    VectorPanel(rows, places: places, of: self)
  }
}
