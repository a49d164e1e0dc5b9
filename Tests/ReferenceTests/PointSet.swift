import Foundation
import LinearAlgebra
import Testing

/// A set of `Golden/point-sets.txt`: rows to cluster, and the groups that they were drawn from.
struct PointSet {
  let rows: Rows
  let groups: [UInt32]

  /// The set called `name`: digits (1,797 x 64), blobs, moons or circles (300 x 2).
  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/point-sets.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).utf8
      .split(separator: UInt8(ascii: "\n"))
    let fields = { (line: Substring.UTF8View) in
      line.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
    }
    let start = try #require(lines.firstIndex { $0.starts(with: "set \(name) ".utf8) })
    let header = fields(lines[start]).dropFirst(2).compactMap { Int($0) }
    var (values, groups) = ([Float](), [UInt32]())
    for line in lines[(start + 1)...(start + header[0])] {
      let numbers = try fields(line).map { try #require(Float($0)) }
      groups.append(UInt32(numbers[0]))
      values += numbers.dropFirst().map { $0 / Float(header[2]) }
    }
    rows = Rows(count: header[0], dimension: header[1], values: values)
    self.groups = groups
  }
}
