import Clustering

/// What a join compares tile by tile: it gives the rows of a block, and prepares some of them.
protocol BlockSource: Sendable {
  associatedtype Panel: TilePanel

  /// The image of each row, ascending.
  var images: [UInt32] { get }
  /// The steps by which links are counted; their floor is the join's.
  var steps: SimilaritySteps { get }
  /// Rows in a panel at most.
  var panelRowCount: Int { get }
  /// Reads the rows of a range of `0..<images.count`.
  func rows(in range: Range<Int>) throws -> Panel.Rows
  /// Prepares some distinct rows of a block.
  func panel(of rows: Panel.Rows, places: ArraySlice<UInt32>) throws -> Panel
}

/// Some rows of a block with what a comparison needs of each: made for a tile, never stored.
protocol TilePanel: AnyObject {
  /// The rows of a block as they were read.
  associatedtype Rows: ByteRowCollection
  /// What comparisons reuse.
  associatedtype Scratch

  /// Makes what comparisons reuse.
  static func scratch() -> Scratch
  /// Compares all rows with all of another panel, or with each other, each pair once, and hands over
  /// what it finds by the rows' places in the panels.
  func compare(with columns: Self, _ scratch: inout Scratch, _ links: inout TileLinks)
}

/// One tile of a join at work: blocks are read, equal rows grouped, panels compared, links reduced.
///
/// Nodes of its forest are the rows of both blocks in the order of their images. Equal rows of a block
/// are compared once, as `HammingJoin` says; those of two blocks are met as hits of similarity 1.
struct BlockTile<Source: BlockSource> {
  private let blocks: [Block]
  private let panelRowCount: Int
  private var links: TileLinks

  /// The distinct rows of a block.
  private struct Block {
    let nodes: BlockNodes
    let panels: [Source.Panel]

    init(_ source: Source, range: Range<Int>, firstNode: Int) throws {
      let rows = try source.rows(in: range)
      let groups = DistinctRows(rows)
      nodes = BlockNodes(groups, firstNode: firstNode, images: source.images[range])
      let size = source.panelRowCount
      panels = try stride(from: 0, to: groups.firstRows.count, by: size).map { start in
        let end = min(start + size, groups.firstRows.count)
        return try source.panel(of: rows, places: groups.firstRows[start..<end])
      }
    }
  }

  /// Reads the tile of two blocks of rows, the first before the second, or of one with itself.
  init(_ source: Source, rows: Range<Int>, columns: Range<Int>?, audit: AuditRule? = nil) throws {
    var blocks = [try Block(source, range: rows, firstNode: 0)]
    if let columns { blocks.append(try Block(source, range: columns, firstNode: rows.count)) }
    self.blocks = blocks
    panelRowCount = source.panelRowCount
    links = TileLinks(blocks.map(\.nodes), steps: source.steps, audit: audit)
  }

  /// Bytes of groups, images and forest of a tile, beside blocks and panels.
  static func memoryBytes(blockSize: Int) -> Int { blockSize * 2 * 200 + TileLinks.bufferBytes }

  /// Compares all pairs of the tile.
  consuming func run() -> TileResult {
    let (rowPanels, columnPanels) = (blocks[0].panels, blocks[blocks.count - 1].panels)
    if blocks.count == 1 { links.joinEqualRows() }
    var scratch = Source.Panel.scratch()
    for (row, rows) in rowPanels.enumerated() {
      for (column, columns) in columnPanels.enumerated() where blocks.count > 1 || column >= row {
        links.begin(firstRow: row * panelRowCount, firstColumn: column * panelRowCount)
        rows.compare(with: columns, &scratch, &links)
      }
    }
    return links.finish()
  }
}
