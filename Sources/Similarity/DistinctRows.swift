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
  /// - Throws: what reading rows that are not in memory throws.
  /// - Complexity: O(n) expected time; 12 bytes a row, and 12 to 20 more while it works.
  init(_ rows: BitRows) throws {
    var slotCount = 16  // at most half full
    while slotCount < 2 * rows.count { slotCount *= 2 }
    var slots = [UInt32](repeating: .max, count: slotCount)
    // The upper half of a group's hash: rows that may have to be read are compared only where it agrees.
    var tags: [UInt32] = []
    groupOfRow.reserveCapacity(rows.count)
    for start in stride(from: 0, to: rows.count, by: Self.blockSize) {
      let end = min(start + Self.blockSize, rows.count)
      let block = try rows.words(of: start..<end)
      for row in start..<end {
        let first = block.startIndex + (row - start) * rows.wordCount
        let words = block[first..<first + rows.wordCount]
        let hash = Self.hash(words)
        let tag = UInt32(hash >> 32)
        var slot = Int(truncatingIfNeeded: hash) & (slotCount - 1)
        while slots[slot] != .max {
          let group = Int(slots[slot])
          let first = Int(firstRows[group])
          if tags[group] == tag, try rows.words(of: first..<first + 1) == words { break }
          slot = (slot + 1) & (slotCount - 1)
        }
        if slots[slot] == .max {
          slots[slot] = UInt32(firstRows.count)
          firstRows.append(UInt32(row))
          sizes.append(0)
          tags.append(tag)
        }
        groupOfRow.append(slots[slot])
        sizes[Int(slots[slot])] += 1
      }
    }
  }

  /// Rows that are read at once.
  private static let blockSize = 4_096

  /// Whether any two rows are equal.
  var hasEqualRows: Bool { firstRows.count < groupOfRow.count }

  /// Mixes a row's words by the finaliser of MurmurHash3, without a seed, so that timings repeat.
  private static func hash(_ words: ArraySlice<UInt64>) -> UInt64 {
    var hash: UInt64 = 0
    for word in words {
      hash ^= word
      hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
      hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
      hash ^= hash >> 33
    }
    return hash
  }
}
