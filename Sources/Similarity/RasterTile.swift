import CKernels
import Clustering

/// One tile of a join of rasters at work.
///
/// Nodes of its forest are the rows of both blocks in the order of their images. Equal rows of a block
/// are compared once, as `HammingJoin` says; those of two blocks are met as hits of similarity 1.
struct RasterTile {
  private let join: RasterJoin
  private let blocks: [Block]
  private let nodeCount: Int
  private var builder: ForestBuilder
  private var levels: JoinedLevels
  private var counts: [UInt64]
  /// Links since the last reduction.
  private var waitingCount = 0

  /// Links that wait for a reduction: 2 MiB, and as much again to sort them.
  private static let forestCapacity = 1 << 17

  /// The distinct rows of a block.
  private struct Block {
    let range: Range<Int>
    /// The node of the block's first row.
    let firstNode: Int
    /// The nodes of each distinct row, in order.
    let members: [[UInt32]]
    let panels: [RasterPanel]

    init(_ rows: ByteRows, range: Range<Int>, firstNode: Int, of join: RasterJoin) throws {
      let groups = DistinctRows(rows)
      self.range = range
      self.firstNode = firstNode
      var members = [[UInt32]](repeating: [], count: groups.firstRows.count)
      for (row, group) in groups.groupOfRow.enumerated() {
        members[Int(group)].append(UInt32(firstNode + row))
      }
      self.members = members
      let size = RasterPanel.rowCount(join.measure)
      panels = try stride(from: 0, to: members.count, by: size).map { start in
        let part = groups.firstRows[start..<min(start + size, members.count)]
        return try RasterPanel(rows, rows: part, firstRow: start, of: join)
      }
    }
  }

  /// Reads the tile of two blocks of rows, the first before the second, or of one with itself.
  init(_ join: RasterJoin, rows: Range<Int>, columns: Range<Int>?) throws {
    self.join = join
    var blocks = [try Block(try join.rows(in: rows), range: rows, firstNode: 0, of: join)]
    if let columns {
      blocks.append(
        try Block(try join.rows(in: columns), range: columns, firstNode: rows.count, of: join))
    }
    self.blocks = blocks
    nodeCount = rows.count + (columns?.count ?? 0)
    builder = ForestBuilder(imageCount: nodeCount, capacity: 2 * Self.forestCapacity)
    levels = JoinedLevels(steps: join.steps)
    counts = Array(repeating: 0, count: join.countCount)
  }

  /// What a tile of two blocks of so many rows takes at most: one block as it was read, both in panels,
  /// groups and forest.
  static func memoryBytes(_ measure: RasterMeasure, blockSize: Int) -> Int {
    let rowCount = RasterPanel.rowCount(measure)
    let panelCount = (blockSize + rowCount - 1) / rowCount
    return blockSize * (measure.byteCount + 2 * 200)
      + 2 * panelCount * RasterPanel.memoryBytes(measure) + forestCapacity * 4 * 16
  }

  /// Compares all pairs of the tile.
  consuming func run() -> TileResult {
    let isDiagonal = blocks.count == 1
    if isDiagonal { joinEqualRows() }
    var hits = RasterPanel.hitBuffer(join.measure)
    for rows in blocks[0].panels {
      for columns in blocks[blocks.count - 1].panels
      where !isDiagonal || columns.firstRow >= rows.firstRow {
        rows.compare(with: columns, hits: &hits) { add($0, $1, similarity: $2) }
      }
    }
    return TileResult(links: builder.finish().map(link), counts: counts)
  }

  /// Links each group of equal rows to its first.
  private mutating func joinEqualRows() {
    for members in blocks[0].members where members.count > 1 {
      for member in members.dropFirst() {
        builder.add(Link(members[0], member, similarity: 1))
      }
      counts[0] += UInt64(members.count) * UInt64(members.count - 1) / 2
    }
  }

  /// Takes a hit of two groups into account, for all pairs of their rows.
  private mutating func add(_ row: Int, _ column: Int, similarity: Double) {
    let (left, right) = (blocks[0].members[row], blocks[blocks.count - 1].members[column])
    let step = join.steps.step(of: similarity)
    counts[step] += UInt64(left.count) * UInt64(right.count)
    if levels.joins(left[0], right[0], step: step) { return }
    // One group in two blocks: its star at the lowest, whatever the other block's own tile says.
    for member in similarity == 1 ? right[...] : right[..<1] {
      builder.add(Link(left[0], member, similarity: similarity))
      waitingCount += 1
    }
    if waitingCount < Self.forestCapacity { return }
    levels = JoinedLevels(builder.finish(), nodeCount: nodeCount, steps: join.steps)
    waitingCount = 0
  }

  private func link(_ link: Link) -> Link {
    Link(image(Int(link.a)), image(Int(link.b)), similarity: link.similarity)
  }

  private func image(_ node: Int) -> UInt32 {
    let block = node < blocks[0].range.count ? blocks[0] : blocks[1]
    return join.images[block.range.lowerBound + node - block.firstNode]
  }
}
