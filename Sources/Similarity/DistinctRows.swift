/// Rows of bytes that equal rows can be looked for in.
protocol ByteRowCollection {
  var count: Int { get }
  subscript(row: Int) -> ArraySlice<UInt8> { get }
}

extension ByteRows: ByteRowCollection {}
extension ByteStrings: ByteRowCollection {}

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

  /// Groups bit strings.
  ///
  /// - Throws: what reading rows that are not in memory throws.
  /// - Complexity: O(n) expected time; 12 bytes a row, and 12 to 20 more while it works.
  init(_ rows: BitRows) throws {
    var table = HashTable(rowCount: rows.count)
    groupOfRow.reserveCapacity(rows.count)
    for start in stride(from: 0, to: rows.count, by: Self.blockSize) {
      let end = min(start + Self.blockSize, rows.count)
      let block = try rows.words(of: start..<end)
      for row in start..<end {
        let first = block.startIndex + (row - start) * rows.wordCount
        let words = block[first..<first + rows.wordCount]
        let hash = words.reduce(0) { Self.mixed($0 ^ $1) }
        try add(hash, &table) { try rows.words(of: $0..<$0 + 1) == words }
      }
    }
  }

  /// Groups rows of bytes.
  init(_ rows: some ByteRowCollection) {
    var table = HashTable(rowCount: rows.count)
    for row in 0..<rows.count {
      let hash = unsafe rows[row].withUnsafeBytes { bytes in
        var hash = UInt64(bytes.count)
        let wordsEnd = bytes.count / 8 * 8
        for start in stride(from: 0, to: wordsEnd, by: 8) {
          hash = unsafe Self.mixed(
            hash ^ bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        }
        var rest: UInt64 = 0
        for index in wordsEnd..<bytes.count { unsafe rest = rest << 8 | UInt64(bytes[index]) }
        if wordsEnd < bytes.count { hash = Self.mixed(hash ^ rest) }
        return hash
      }
      add(hash, &table) { rows[$0] == rows[row] }
    }
  }

  /// Rows that are read at once.
  private static let blockSize = 4_096

  /// Whether any two rows are equal.
  var hasEqualRows: Bool { firstRows.count < groupOfRow.count }

  private struct HashTable {
    /// Groups, at most half full.
    var slots: [UInt32]
    /// The upper half of each group's hash: rows are compared only where it agrees, for they may have to
    /// be read.
    var tags: [UInt32] = []

    init(rowCount: Int) {
      var slotCount = 16
      while slotCount < 2 * rowCount { slotCount *= 2 }
      slots = Array(repeating: .max, count: slotCount)
    }
  }

  /// Adds the next row to the group whose first row `isEqual` to it, or to a new one.
  private mutating func add(
    _ hash: UInt64, _ table: inout HashTable, isEqual: (Int) throws -> Bool
  ) rethrows {
    let tag = UInt32(hash >> 32)
    var slot = Int(truncatingIfNeeded: hash) & (table.slots.count - 1)
    while table.slots[slot] != .max {
      let group = Int(table.slots[slot])
      if table.tags[group] == tag, try isEqual(Int(firstRows[group])) { break }
      slot = (slot + 1) & (table.slots.count - 1)
    }
    if table.slots[slot] == .max {
      table.slots[slot] = UInt32(firstRows.count)
      firstRows.append(UInt32(groupOfRow.count))
      sizes.append(0)
      table.tags.append(tag)
    }
    groupOfRow.append(table.slots[slot])
    sizes[Int(table.slots[slot])] += 1
  }

  /// Mixes a word by the finaliser of MurmurHash3, without a seed, so that timings repeat.
  private static func mixed(_ word: UInt64) -> UInt64 {
    var hash = word
    hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ hash >> 33
  }
}
