import Clustering

/// The exact self-join of bit strings of pictures in any of eight orientations.
///
/// A row holds the bits of a picture upright, then turned and mirrored in seven ways. The similarity of
/// two is the largest of those of one upright and the other in any orientation: hashing does not commute
/// with turns, so that one direction alone would hang on the order of the pair. Links and counts do not
/// depend on `blockSize` or the order of tiles.
public struct TurnedJoin: SteppedJoin {
  /// Bits of a picture in one orientation.
  public let bitCount: Int
  /// The image of each row, ascending.
  public let images: [UInt32]
  /// Pairs at this similarity are the last that count.
  public let floor: Double
  /// Rows on one side of a tile.
  public let blockSize: Int

  /// The steps by which links are counted.
  public let steps: SimilaritySteps
  private let source: @Sendable (Range<Int>) throws -> ByteRows

  /// How many orientations a picture has.
  public static let orientationCount = 8

  /// Prepares a join.
  ///
  /// - Parameters:
  ///   - images: the image of each row, strictly ascending; gaps are allowed.
  ///   - floor: from 0 to 1.
  ///   - rows: gives the rows of a range of `0..<images.count`, on any worker: eight times the bytes of
  ///     `bitCount` bits each. What it throws, the tile throws.
  public init(
    bitCount: Int, images: [UInt32], floor: Double, blockSize: Int,
    rows: @escaping @Sendable (Range<Int>) throws -> ByteRows
  ) {
    precondition(blockSize > 0, "blocks of \(blockSize) rows")
    self.bitCount = bitCount
    self.images = images
    self.floor = floor
    self.blockSize = blockSize
    steps = SimilaritySteps(floor: floor)
    source = rows
  }

  /// Two blocks as they were read, both in panels, groups and forest.
  public var tileMemoryBytes: Int {
    let size = min(blockSize, images.count)
    let words = (bitCount + 63) / 64 * 8 * Self.orientationCount
    return 2 * size * (words + (bitCount + 7) / 8 * Self.orientationCount)
      + BlockTile<Self>.memoryBytes(blockSize: size)
  }

  /// The links of one tile, `0..<tileCount`, whose blocks are those of `TileGrid`.
  ///
  /// - Throws: what the source of rows throws.
  /// - Complexity: O(b²) time for blocks of b rows, fifteen distances a pair.
  public func tile(_ index: Int) throws -> TileResult {
    let grid = TileGrid(rowCount: images.count, blockSize: blockSize)
    let (rows, columns) = grid.blocks(ofTile: index)
    return try BlockTile(self, rows: rows, columns: columns).run()
  }

  /// The distance of two rows, in bits.
  ///
  /// - Precondition: both are eight times the bytes of `bitCount` bits.
  public static func distance(
    _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>, bitCount: Int
  ) -> Int {
    let left = TurnedPanel([first], bitCount: bitCount, largestDistance: bitCount)
    let right = TurnedPanel([second], bitCount: bitCount, largestDistance: bitCount)
    return left.distance(ofFirstTo: right)
  }
}

extension TurnedJoin: BlockSource {
  var panelRowCount: Int { TurnedPanel.rowCount }

  func rows(in range: Range<Int>) throws -> ByteRows { try source(range) }

  func panel(of rows: ByteRows, places: ArraySlice<UInt32>) throws -> TurnedPanel {
    let rows = places.map { rows[Int($0)] }
    let bits = BitRows(bitCount: bitCount)
    return TurnedPanel(
      rows, bitCount: bitCount, largestDistance: bits.maximumDistance(floor: floor))
  }
}
