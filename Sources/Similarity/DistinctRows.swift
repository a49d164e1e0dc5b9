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
  init(_ rows: BitRows) {
    self.init(
      count: rows.count, hash: { Self.hash(rows, $0) }, equal: { Self.equal(rows, $0, $1) })
  }

  /// Groups the rows.
  init(_ rows: ByteRows) {
    self.init(
      count: rows.count, hash: { Self.hash(rows, $0) }, equal: { Self.equal(rows, $0, $1) })
  }

  /// Groups `count` rows; equal rows have equal hashes.
  ///
  /// - Complexity: O(n) expected time; 12 bytes a row, and 8 to 16 more while it works.
  private init(count: Int, hash: (Int) -> UInt64, equal: (Int, Int) -> Bool) {
    var slotCount = 16  // at most half full
    while slotCount < 2 * count { slotCount *= 2 }
    var slots = [UInt32](repeating: .max, count: slotCount)
    groupOfRow.reserveCapacity(count)
    for row in 0..<count {
      var slot = Int(truncatingIfNeeded: hash(row)) & (slotCount - 1)
      while slots[slot] != .max, !equal(Int(firstRows[Int(slots[slot])]), row) {
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
      hash = mixed(hash ^ rows.words[word])
    }
    return hash
  }

  private static func hash(_ rows: ByteRows, _ row: Int) -> UInt64 {
    unsafe rows.bytes.withUnsafeBytes { bytes in
      let end = (row + 1) * rows.byteCount
      var hash: UInt64 = 0
      var start = row * rows.byteCount
      while start < end {
        let size = min(8, end - start)
        var word: UInt64 = 0
        for byte in 0..<size { word |= UInt64(unsafe bytes[start + byte]) << UInt64(8 * byte) }
        hash = mixed(hash ^ word)
        start += size
      }
      return hash
    }
  }

  private static func mixed(_ word: UInt64) -> UInt64 {
    var hash = word
    hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ hash >> 33
  }

  private static func equal(_ rows: ByteRows, _ first: Int, _ second: Int) -> Bool {
    rows[first].elementsEqual(rows[second])
  }

  private static func equal(_ rows: BitRows, _ first: Int, _ second: Int) -> Bool {
    for word in 0..<rows.wordCount
    where rows.words[first * rows.wordCount + word] != rows.words[second * rows.wordCount + word] {
      return false
    }
    return true
  }
}
