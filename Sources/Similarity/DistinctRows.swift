/// Which rows are equal: each group of equal rows stands once, by its first row.
///
/// Groups are numbered in the order of their first rows. So if rows come by ascending image number,
/// groups are ordered by their lowest image, and rows added later never renumber a group.
struct DistinctRows: Sendable {
  /// The group of each row.
  private(set) var groupOfRow: [UInt32] = []
  /// The first row of each group.
  private(set) var firstRows: [UInt32] = []
  /// How many rows each group has.
  private(set) var sizes: [UInt32] = []

  /// Groups the rows.
  ///
  /// - Complexity: O(n) expected time; 12 bytes a row, and 8 to 16 more while it works.
  init(_ rows: BitRows) {
    var slotCount = 16  // at most half full
    while slotCount < 2 * rows.count { slotCount *= 2 }
    var slots = [UInt32](repeating: .max, count: slotCount)
    groupOfRow.reserveCapacity(rows.count)
    for row in 0..<rows.count {
      var slot = Int(truncatingIfNeeded: Self.hash(rows, row)) & (slotCount - 1)
      while slots[slot] != .max, !Self.equal(rows, Int(firstRows[Int(slots[slot])]), row) {
        slot = (slot + 1) & (slotCount - 1)
      }
      if slots[slot] == .max {
        slots[slot] = UInt32(firstRows.count)
        firstRows.append(UInt32(row))
        sizes.append(0)
      }
      groupOfRow.append(slots[slot])
      sizes[Int(slots[slot])] += 1
    }
  }

  /// Whether any two rows are equal.
  var hasEqualRows: Bool { firstRows.count < groupOfRow.count }

  /// Mixes a row's words by the finaliser of MurmurHash3, without a seed, so that timings repeat.
  private static func hash(_ rows: BitRows, _ row: Int) -> UInt64 {
    var hash: UInt64 = 0
    for word in row * rows.wordCount..<(row + 1) * rows.wordCount {
      hash ^= rows.words[word]
      hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
      hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
      hash ^= hash >> 33
    }
    return hash
  }

  private static func equal(_ rows: BitRows, _ first: Int, _ second: Int) -> Bool {
    for word in 0..<rows.wordCount
    where rows.words[first * rows.wordCount + word] != rows.words[second * rows.wordCount + word] {
      return false
    }
    return true
  }
}
