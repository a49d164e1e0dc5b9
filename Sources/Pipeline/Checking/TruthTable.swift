import Catalog
import Storage

/// Which images belong together, as somebody knows it: what `evaluate` compares clusters with.
public struct TruthTable: Sendable {
  /// One row.
  public struct Row: Hashable, Sendable {
    /// The image, relative to the archive.
    public let path: ArchivePath
    /// The number of its group, dense from 0 in order of first rows; rows of one group belong together.
    public let group: Int
    /// What was done to the image, any bytes; `TruthTable.original` for one that was left as it was.
    public let change: [UInt8]
  }

  /// The kind of an image from which the others of its group were made.
  public static let original = Array("original".utf8)

  /// The rows in the order of the file; no path comes twice.
  public let rows: [Row]
  /// How many groups there are.
  public let groupCount: Int

  /// A table that cannot be used.
  public struct Unusable: Error, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong and what to do.
    public let detail: String
    /// One line for a person.
    public var description: String { "\(displayText(path.utf8)): \(detail)" }
  }

  /// Reads a file of comma-separated values (RFC 4180) whose first line names the columns `path` and
  /// `group`, and `change` where images are altered copies, in any order; further columns are passed over.
  ///
  /// Without `change` every image is an original.
  ///
  /// - Throws: `Unusable` for a missing column, a row of another length, an empty path or group, a path
  ///   that is there twice, and a table without rows; `StorageFailure` when the file cannot be read.
  /// - Complexity: O(bytes) time and memory.
  public init(file: String) throws { try self.init(contents(ofFile: file), name: file) }

  init(_ bytes: [UInt8], name: String) throws(Unusable) {
    var reader = CSVReader(bytes)
    func refuse(_ detail: String) -> Unusable { Unusable(path: name, detail: detail) }
    func nextRow() throws(Unusable) -> (fields: [[UInt8]], line: Int)? {
      do { return try reader.next() } catch {
        throw refuse(
          "line \(error.line): \(error.detail); quote a field whole, and double the quotes in it")
      }
    }
    guard let heading = try nextRow()?.fields else {
      throw refuse("is empty; its first line must be: path,group,change")
    }
    func place(_ column: String) throws(Unusable) -> Int {
      if let place = heading.firstIndex(of: Array(column.utf8)) { return place }
      throw refuse("has no column '\(column)'; its first line must be: path,group,change")
    }
    let columns = (path: try place("path"), group: try place("group"))
    let changeColumn = heading.firstIndex(of: Array("change".utf8))
    var rows: [Row] = []
    var lineOfPath: [ArchivePath: Int] = [:]
    var groups: [[UInt8]: Int] = [:]
    while let (fields, line) = try nextRow() {
      guard fields.count == heading.count else {
        throw refuse(
          "line \(line): has \(fields.count) fields and the first line \(heading.count); quote "
            + "fields that hold commas")
      }
      let (path, group) = (ArchivePath(bytes: fields[columns.path]), fields[columns.group])
      guard !path.bytes.isEmpty, !group.isEmpty else {
        throw refuse(
          "line \(line): its \(path.bytes.isEmpty ? "path" : "group") is empty; give one")
      }
      if let former = lineOfPath.updateValue(line, forKey: path) {
        throw refuse(
          "line \(line): '\(path.displayName)' is in line \(former) too; give each path once")
      }
      let number = groups[group, default: groups.count]
      groups[group] = number
      rows.append(
        Row(path: path, group: number, change: changeColumn.map { fields[$0] } ?? Self.original))
    }
    guard !rows.isEmpty else {
      throw refuse("has no row under its first line; give one for each image that is judged")
    }
    self.rows = rows
    groupCount = groups.count
  }
}
