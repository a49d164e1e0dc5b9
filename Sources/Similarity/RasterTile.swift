import CKernels
import Clustering

/// One tile of a join of rasters at work.
///
/// Nodes of its forest are the rows of both blocks in the order of their images. Equal rows of a block
/// are compared once, as `HammingJoin` says; those of two blocks are met as hits of similarity 1.
struct RasterTile {
  private let join: RasterJoin
  private let blocks: [Block]
  private var builder: ForestBuilder
  private var counts: [UInt64]

  /// The distinct rows of a block.
  private struct Block {
    let range: Range<Int>
    /// The node of the block's first row.
    let firstNode: Int
    let groups: DistinctRows
    let rows: ByteRows

    /// The rows of each group, by node, in order.
    let members: [[UInt32]]

    init(_ rows: ByteRows, range: Range<Int>, firstNode: Int) {
      let groups = DistinctRows(rows)
      self.range = range
      self.firstNode = firstNode
      self.groups = groups
      var members = [[UInt32]](repeating: [], count: groups.firstRows.count)
      for (row, group) in groups.groupOfRow.enumerated() {
        members[Int(group)].append(UInt32(firstNode + row))
      }
      self.members = members
      if !groups.hasEqualRows {
        self.rows = rows
        return
      }
      var distinct = ByteRows(byteCount: rows.byteCount)
      for row in groups.firstRows { distinct.append(contentsOf: rows[Int(row)]) }
      self.rows = distinct
    }

    /// The distinct rows, cut for the kernels.
    var panels: [Range<Int>] {
      stride(from: 0, to: rows.count, by: RasterPanel.rowCount).map {
        $0..<min($0 + RasterPanel.rowCount, rows.count)
      }
    }
  }

  /// Reads the tile of two blocks of rows, the first before the second, or of one with itself.
  init(_ join: RasterJoin, rows: Range<Int>, columns: Range<Int>?) throws {
    self.join = join
    var blocks = [Block(try join.rows(in: rows), range: rows, firstNode: 0)]
    if let columns {
      blocks.append(Block(try join.rows(in: columns), range: columns, firstNode: rows.count))
    }
    self.blocks = blocks
    builder = ForestBuilder(imageCount: rows.count + (columns?.count ?? 0))
    counts = Array(repeating: 0, count: join.countCount)
  }

  /// What a tile of so many rows takes at most: twice its samples where rows are equal, groups and
  /// forest, and two panels.
  static func memoryBytes(_ measure: RasterMeasure, rowCount: Int) -> Int {
    rowCount * (2 * measure.byteCount + 150) + 2 * 16 * (1 << 20)
      + 2 * RasterPanel.memoryBytes(measure)
  }

  /// Compares all pairs of the tile.
  consuming func run() throws -> TileResult {
    let isDiagonal = blocks.count == 1
    if isDiagonal { joinEqualRows() }
    let columns = blocks[blocks.count - 1]
    var hits = RasterPanel.hitBuffer()
    for rowRange in blocks[0].panels {
      let rowPanel = try RasterPanel(blocks[0].rows, rows: rowRange, of: join)
      for columnRange in columns.panels
      where !isDiagonal || columnRange.lowerBound >= rowRange.lowerBound {
        let isSame = isDiagonal && columnRange == rowRange
        let columnPanel =
          isSame ? rowPanel : try RasterPanel(columns.rows, rows: columnRange, of: join)
        rowPanel.compare(with: columnPanel, hits: &hits) { add($0, $1, similarity: $2) }
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
    counts[join.steps.step(of: similarity)] += UInt64(left.count) * UInt64(right.count)
    // One group in two blocks: its star at the lowest, whatever the other block's own tile says.
    for member in similarity == 1 ? right[...] : right[..<1] {
      builder.add(Link(left[0], member, similarity: similarity))
    }
  }

  private func link(_ link: Link) -> Link {
    Link(image(Int(link.a)), image(Int(link.b)), similarity: link.similarity)
  }

  private func image(_ node: Int) -> UInt32 {
    let block = node < blocks[0].range.count ? blocks[0] : blocks[1]
    return join.images[block.range.lowerBound + node - block.firstNode]
  }
}
