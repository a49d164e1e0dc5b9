import Foundation
import TestArchives
import TestImages
import Testing

@Suite struct OddFileTests {
  /// The rows of a table of the result by path, in bytes; the path is the last column.
  private func rows(_ bytes: [UInt8]?) -> [[UInt8]: [UInt8]] {
    var rows: [[UInt8]: [UInt8]] = [:]
    // A quoted path may hold a line break, so rows are found by their ends.
    let text = bytes ?? []
    for row in text.split(separator: Array("\r\n".utf8)) {
      guard let quote = row.dropLast().lastRange(of: Array(",\"".utf8)) else { continue }
      let path = row[quote.upperBound...].dropLast()
      let name = Array(path).split(separator: Array("\"\"".utf8), omittingEmptySubsequences: false)
      rows[Array(name.joined(separator: [UInt8(ascii: "\"")]))] = Array(row)
    }
    return rows
  }

  @Test func `each of the odd files ends as it should, and none stops the run`() throws {
    #expect(OddFile.all.count >= 40)
    #expect(Set(OddFile.all.map(\.name)).count == OddFile.all.count)
    let place = try Workplace(PictureArchive(seed: 4, familyCount: 1, withOddFiles: false))
    try FileTree(place.folder.path).makeFolder("odd")
    for file in OddFile.all {
      try FileTree(place.folder("odd")).write(file.bytes, to: file.name)
    }
    #expect(unsafe mkfifo(place.folder("odd/pipe.png"), 0o666) == 0)
    let outcome = try place.likeness("run", "odd", "--into", "run", "--batch-size", "20")
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(outcome.output.contains("1 pipes, sockets or devices"))

    let result = try place.result("run")
    let clusters = rows(result["clusters.csv"])
    let leftOut = rows(result["left-out.csv"])
    for file in OddFile.all {
      switch file.expected {
      case .decoded, .warned:
        #expect(clusters[file.name] != nil && leftOut[file.name] == nil, "\(file)")
      case .skipped, .quarantined:
        let word = file.expected == .skipped ? "skipped" : "quarantined"
        let row = leftOut[file.name] ?? []
        #expect(clusters[file.name] == nil, "\(file)")
        #expect(
          row.starts(with: Array("\"\(word)\"".utf8)),
          "\(file): \(String(decoding: row, as: UTF8.self))")
      }
    }
    #expect(clusters.count + leftOut.count == OddFile.all.count)
    for text in [outcome.output, outcome.errors] {
      #expect(!text.contains("\u{1B}"), "a name moves the cursor")
    }
  }
}
