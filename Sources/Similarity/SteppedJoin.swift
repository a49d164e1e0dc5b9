/// A join by blocks that counts links by thousandths of similarity, and meets equal rows in its tiles.
public protocol SteppedJoin: TiledJoin {
  /// Rows on one side of a tile.
  var blockSize: Int { get }
  /// The steps by which links are counted.
  var steps: SimilaritySteps { get }
}

extension SteppedJoin {
  /// How many tiles the join has; 0 if there is at most one row.
  public var tileCount: Int {
    images.count < 2 ? 0 : TileGrid(rowCount: images.count, blockSize: blockSize).tileCount
  }

  /// Counts go by thousandths of similarity, from 1 down to the floor.
  public var countCount: Int { steps.count }

  /// The lowest similarity that a count takes in.
  public func similarity(ofCount index: Int) -> Double { steps.similarity(ofStep: index) }

  /// Nothing: equal rows are met in the tiles.
  public func equalRows() -> TileResult {
    TileResult(links: [], counts: Array(repeating: 0, count: countCount))
  }
}
