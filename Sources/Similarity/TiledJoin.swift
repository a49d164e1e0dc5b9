import Clustering

/// A join cut into tiles, which may run on any workers in any order.
///
/// The forest of all tiles' links and of `equalRows()` is the maximum spanning forest of all links,
/// and counts and audits add up. None depends on the size or order of tiles, nor on the processor. All
/// joins are exact but for `PairJoin` where it is given candidates.
public protocol TiledJoin: Sendable {
  /// The image of each row, ascending.
  var images: [UInt32] { get }
  /// How many tiles there are.
  var tileCount: Int { get }
  /// What a tile takes at most while it runs, beside the join itself.
  var tileMemoryBytes: Int { get }
  /// How many counts every result has.
  var countCount: Int { get }
  /// The lowest similarity of the links that `counts[index]` counts.
  func similarity(ofCount index: Int) -> Double
  /// The links that are known before any tile: of equal rows, where the join groups them at once.
  func equalRows() -> TileResult
  /// The links of one tile, `0..<tileCount`.
  func tile(_ index: Int) throws -> TileResult
}

extension TiledJoin {
  /// All pairs, on the calling thread; what a batch needs.
  ///
  /// - Throws: what `tile` throws.
  public func result() throws -> TileResult {
    var result = equalRows()
    if tileCount == 0 { return result }
    if tileCount == 1, result.links.isEmpty { return try tile(0) }
    let last = images.last.map { $0 + 1 } ?? 0
    var builder = ForestBuilder(images: (images.first ?? 0)..<last)
    builder.add(contentsOf: result.links)
    for index in 0..<tileCount {
      let tile = try tile(index)
      builder.add(contentsOf: tile.links)
      for count in tile.counts.indices { result.counts[count] += tile.counts[count] }
      result.audit.add(tile.audit)
    }
    result.links = builder.finish()
    return result
  }
}

/// Stops the program unless images of rows ascend, no two the same.
func requireAscending(_ images: [UInt32]) {
  for row in images.indices.dropFirst() {
    precondition(images[row - 1] < images[row], "image \(images[row]) out of order")
  }
}

/// The blocks of a join's tile: tile J(J+1)/2 + I holds blocks I and J, I at most J.
///
/// Images added later add tiles and leave the numbers of the others alone (not always their counts).
struct TileGrid {
  let rowCount: Int
  let blockSize: Int

  var tileCount: Int {
    let blockCount = (rowCount + blockSize - 1) / blockSize
    return blockCount * (blockCount + 1) / 2
  }

  /// The rows and the columns of a tile, nil on the diagonal.
  func blocks(ofTile index: Int) -> (rows: Range<Int>, columns: Range<Int>?) {
    precondition((0..<tileCount).contains(index), "tile \(index) of \(tileCount)")
    var column = 0
    while (column + 1) * (column + 2) / 2 <= index { column += 1 }
    let row = index - column * (column + 1) / 2
    return (block(row), row == column ? nil : block(column))
  }

  private func block(_ index: Int) -> Range<Int> {
    index * blockSize..<min((index + 1) * blockSize, rowCount)
  }
}
