import TestArchives

/// The rows of a `clusters.csv` or `left-out.csv`, read by the rules of RFC 4180, in bytes.
struct ResultTable {
  /// The first row.
  let columns: [String]
  /// The others; a path may be no text.
  let rows: [[[UInt8]]]

  init(_ bytes: [UInt8]) {
    var rows = Self.parse(bytes)
    columns = rows.removeFirst().map { String(decoding: $0, as: UTF8.self) }
    self.rows = rows
  }

  private static func parse(_ bytes: [UInt8]) -> [[[UInt8]]] {
    var (rows, row, field): ([[[UInt8]]], [[UInt8]], [UInt8]) = ([], [], [])
    var isQuoted = false
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\"") where isQuoted && position < bytes.count && bytes[position] == byte:
        field.append(byte)
        position += 1
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        row.append(field)
        field = []
      case UInt8(ascii: "\r") where !isQuoted: break
      case UInt8(ascii: "\n") where !isQuoted:
        rows.append(row + [field])
        (row, field) = ([], [])
      default: field.append(byte)
      }
    }
    return rows
  }

  /// The values of one column.
  func values(_ column: String) -> [[UInt8]] {
    guard let index = columns.firstIndex(of: column) else { return [] }
    return rows.map { $0[index] }
  }

  /// The values of one column as text.
  func texts(_ column: String) -> [String] {
    values(column).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// The clusters of a result as sets of paths: what must agree where numbers may not.
struct PathPartition: Equatable {
  /// The clusters.
  let clusters: Set<Set<[UInt8]>>
  /// The images in none.
  let outliers: Set<[UInt8]>

  init(_ result: Snapshot) {
    let table = ResultTable(result["clusters.csv"] ?? [])
    var members: [String: Set<[UInt8]>] = [:]
    for (cluster, path) in zip(table.texts("cluster"), table.values("path")) {
      members[cluster, default: []].insert(path)
    }
    outliers = members.removeValue(forKey: "") ?? []
    clusters = Set(members.values)
  }

  /// Whether each cluster lies in one of the other's.
  func refines(_ coarser: PathPartition) -> Bool {
    clusters.allSatisfy { cluster in coarser.clusters.contains { $0.isSuperset(of: cluster) } }
  }
}
