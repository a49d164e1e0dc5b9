import Foundation
import Pipeline
import Storage
import TestArchives
import Testing

@Suite struct TruthTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func table(_ bytes: [UInt8]) throws -> TruthTable {
    try FileTree(folder.path).write(bytes, to: "truth.csv")
    return try TruthTable(file: folder("truth.csv"))
  }

  private func table(_ text: String) throws -> TruthTable { try table(Array(text.utf8)) }

  @Test(arguments: ["\n", "\r\n"]) func `a path may hold whatever a field can be quoted around`(
    end: String
  ) throws {
    let lines = [
      "change,path,note,group",
      "original,a.png,,1",
      "blur,\"with, comma.png\",\"x\",1",
      "\"JPEG, \"\"bad\"\"\",\"with \"\"quotes\"\".png\",x,\"2\"",
      "",
      "original,\"two\nlines.png\",\"\",2",
    ]
    let table = try table(lines.joined(separator: end) + (end == "\n" ? "" : end))
    #expect(
      table.rows.map { String(decoding: $0.path.bytes, as: UTF8.self) }
        == ["a.png", "with, comma.png", "with \"quotes\".png", "two\nlines.png"])
    #expect(table.rows.map(\.group) == [0, 0, 1, 1] && table.groupCount == 2)
    #expect(
      table.rows.map { String(decoding: $0.change, as: UTF8.self) }
        == ["original", "blur", "JPEG, \"bad\"", "original"])
  }

  @Test func `bytes that are no text stay as they are, and a byte order mark is no name`() throws {
    let odd: [UInt8] = [0x66, 0xFF, 0xFE, 0x0D, 0x80]
    let table = try table(
      [0xEF, 0xBB, 0xBF] + Array("path,group,change\n".utf8) + odd + Array(",".utf8) + odd
        + Array(",".utf8) + odd)
    #expect(table.rows.map(\.path.bytes) == [odd] && table.rows.map(\.change) == [odd])
  }

  @Test(arguments: [
    ("", "is empty; its first line must be: path,group,change"),
    ("\n\n", "is empty; its first line must be: path,group,change"),
    ("path,change\na,b\n", "has no column 'group'; its first line must be: path,group,change"),
    (
      "path,group,change\r\n",
      "has no row under its first line; give one for each image that is judged"
    ),
    (
      "path,group,change\na,1,original\n\"b\nc\",1,blur\na,2,original\n",
      "line 5: 'a' is in line 2 too; give each path once"
    ),
    (
      "path,group,change\na,1,original\nb,c,1,blur\n",
      "line 3: has 4 fields and the first line 3; quote fields that hold commas"
    ),
    ("path,group,change\na,1,original\n,1,blur\n", "line 3: its path is empty; give one"),
    ("path,group,change\na,,original\n", "line 2: its group is empty; give one"),
    (
      "path,group,change\na,1,original\n\"b\n,1,blur\n",
      "line 3: a quote is opened and never closed; quote a field whole, and double the quotes in it"
    ),
    (
      "path,group,change\n\"a\"b,1,original\n",
      "line 2: text follows a closing quote; quote a field whole, and double the quotes in it"
    ),
  ]) func `a table that cannot be used is refused with the place and what to do`(
    text: String, detail: String
  ) throws {
    let error = #expect(throws: TruthTable.Unusable.self) { try table(text) }
    #expect(error?.description == "\(folder("truth.csv")): \(detail)")
  }

  @Test func `a table that is not there is a file that cannot be read`() {
    #expect(throws: StorageFailure.self) { try TruthTable(file: folder("missing.csv")) }
  }
}
