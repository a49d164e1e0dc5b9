import Clustering

/// The distinct rows of a block, and the tile's node and image of each of its rows.
struct BlockNodes: Sendable {
  /// The nodes of each distinct row, in order.
  let members: [[UInt32]]
  /// The images of the block's rows; the first is of the block's first node.
  let images: ArraySlice<UInt32>

  /// Numbers the rows of a block from `firstNode` on.
  init(_ groups: DistinctRows, firstNode: Int, images: ArraySlice<UInt32>) {
    var members = [[UInt32]](repeating: [], count: groups.firstRows.count)
    for (row, group) in groups.groupOfRow.enumerated() {
      members[Int(group)].append(UInt32(firstNode + row))
    }
    self.members = members
    self.images = images
  }
}

/// The links of one tile as they are found between groups of equal rows: forest, counts and audit.
struct TileLinks {
  private let rows: [[UInt32]]
  private let columns: [[UInt32]]
  /// The image of each node.
  private let images: [UInt32]
  private let steps: SimilaritySteps
  private let auditRule: AuditRule?
  private var builder: ForestBuilder
  private var levels: JoinedLevels
  private var counts: [UInt64]
  private var audit = CandidateAudit()
  /// Links since the last reduction.
  private var waitingCount = 0
  /// Which groups are the first of the panels that are being compared.
  private var panels = (row: 0, column: 0)

  /// Links that wait for a reduction: 2 MiB, and as much again to sort them.
  private static let capacity = 1 << 17
  /// Bytes of the links that wait, the forest and what sorts them.
  static let bufferBytes = capacity * 4 * 16

  /// Starts the links of one block with itself, or of two.
  init(_ blocks: [BlockNodes], steps: SimilaritySteps, audit: AuditRule?) {
    rows = blocks[0].members
    columns = blocks[blocks.count - 1].members
    images = blocks.flatMap(\.images)
    self.steps = steps
    auditRule = audit
    builder = ForestBuilder(imageCount: images.count, capacity: 2 * Self.capacity)
    levels = JoinedLevels(steps: steps)
    counts = Array(repeating: 0, count: steps.count)
  }

  /// Links each group of equal rows of the first block to its first.
  mutating func joinEqualRows() {
    for members in rows where members.count > 1 {
      for member in members.dropFirst() {
        builder.add(Link(members[0], member, similarity: 1))
      }
      counts[0] += UInt64(members.count) * UInt64(members.count - 1) / 2
    }
  }

  /// Begins with two panels, which begin with these groups.
  mutating func begin(firstRow: Int, firstColumn: Int) { panels = (firstRow, firstColumn) }

  /// Takes a hit of two groups into account, for all pairs of their rows; places are those in the panels.
  mutating func hit(_ row: Int, _ column: Int, similarity: Double) {
    let (left, right) = (rows[panels.row + row], columns[panels.column + column])
    let step = steps.step(of: similarity)
    counts[step] += UInt64(left.count) * UInt64(right.count)
    if levels.joins(left[0], right[0], step: step) { return }
    // One group in two blocks: its star at the lowest, whatever the other block's own tile says.
    for member in similarity == 1 ? right[...] : right[..<1] {
      builder.add(Link(left[0], member, similarity: similarity))
      waitingCount += 1
    }
    if waitingCount < Self.capacity { return }
    levels = JoinedLevels(builder.finish(), nodeCount: images.count, steps: steps)
    waitingCount = 0
  }

  /// Counts a hit of two groups whose similarity is in a range, if one step counts all of the range and
  /// the hit cannot enter the forest; says whether, for it need not be measured then.
  mutating func countJoined(
    _ row: Int, _ column: Int, similarities: ClosedRange<Double>
  ) -> Bool {
    guard similarities.lowerBound >= steps.floor else { return false }
    let step = steps.step(of: similarities.lowerBound)
    let (left, right) = (rows[panels.row + row], columns[panels.column + column])
    guard levels.joins(left[0], right[0], step: step),
      steps.step(of: similarities.upperBound) == step
    else { return false }
    counts[step] += UInt64(left.count) * UInt64(right.count)
    return true
  }

  /// Leaves out two groups that are no candidates, and measures them after all where the audit samples
  /// any pair of their images; places are those in the panels.
  mutating func skip(_ row: Int, _ column: Int, similarity: () -> Double) {
    guard let auditRule else { preconditionFailure("a pair skipped that nothing audits") }
    let (left, right) = (rows[panels.row + row], columns[panels.column + column])
    audit.skippedPairCount += UInt64(left.count) * UInt64(right.count)
    var sampledCount: UInt64 = 0
    for first in left {
      for second in right where auditRule.samples(images[Int(first)], images[Int(second)]) {
        sampledCount += 1
      }
    }
    if sampledCount == 0 { return }
    audit.sampledPairCount += sampledCount
    if similarity() >= steps.floor { audit.missedPairCount += sampledCount }
  }

  /// The forest, the counts and the audit of all that was found.
  mutating func finish() -> TileResult {
    let links = builder.finish().map {
      Link(images[Int($0.a)], images[Int($0.b)], similarity: $0.similarity)
    }
    return TileResult(links: links, counts: counts, audit: audit)
  }
}
