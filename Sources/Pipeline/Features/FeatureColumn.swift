import Catalog
import Storage

/// The features of one measure of a batch, a row an image.
///
/// Narrow rows of one length are in memory. Wide ones, and records, of which an image has as many as it has
/// key points, say, stay in a file: those of a batch can be hundreds of megabytes.
struct FeatureColumn: Sendable {
  /// 1 where the feature has detail, and so is compared.
  private(set) var hasDetail: [UInt8]
  private var rows: Rows

  private enum Rows {
    case bytes([UInt8], rowByteCount: Int)
    case stored(RecordRows)
  }

  /// Makes a column without features.
  ///
  /// - Parameter scratch: a path for the file of rows that are not in memory.
  init(_ layout: FeatureLayout, rowCount: Int, scratch: String) throws {
    hasDetail = Array(repeating: 0, count: rowCount)
    switch layout {
    case .bytes(let byteCount) where !layout.isWide:
      rows = .bytes(Array(repeating: 0, count: rowCount * byteCount), rowByteCount: byteCount)
    case .bytes, .records, .floats:
      rows = .stored(RecordRows(rowCount: rowCount, try ScratchFile(path: scratch)))
    }
  }

  /// The feature of a row: its bytes, or its records one after another.
  func feature(ofRow row: Int) throws -> ArraySlice<UInt8> {
    switch rows {
    case .bytes(let bytes, let count): bytes[row * count..<(row + 1) * count]
    case .stored(let stored): try stored.bytes(ofRow: row)[...]
    }
  }

  mutating func set(_ feature: Feature, row: Int) throws {
    hasDetail[row] = feature.hasDetail ? 1 : 0
    switch rows {
    case .bytes(var bytes, let count):
      // Not twice in memory while it changes.
      rows = .bytes([], rowByteCount: count)
      bytes.replaceSubrange(row * count..<(row + 1) * count, with: feature.bytes)
      rows = .bytes(bytes, rowByteCount: count)
    case .stored(var stored):
      try stored.set(feature.bytes, row: row)
      rows = .stored(stored)
    }
  }

  mutating func copy(row origin: Int, to row: Int) throws {
    try set(
      Feature(bytes: Array(feature(ofRow: origin)), hasDetail: hasDetail[origin] == 1), row: row)
  }
}

extension FeatureColumn {
  /// The files of a measure in a batch folder: what every row is, and where records end, if there are.
  static func files(of measure: Measure) -> [String] {
    let name = "features/\(measure.name)"
    switch measure.layout {
    case .bytes, .floats: return ["\(name).npy", "\(name)-detail.npy"]
    case .records: return ["\(name).npy", "\(name)-detail.npy", "\(name)-offsets.npy"]
    }
  }

  /// Writes the column into a batch folder.
  func write(into folder: String, measure: Measure, files: DurableFiles) throws {
    let paths = Self.files(of: measure).map { "\(folder)/\($0)" }
    try files.writeNumpy(hasDetail, type: .uint8, rows: hasDetail.count, to: paths[1])
    switch (rows, measure.layout) {
    case (.bytes(let bytes, let count), _):
      try files.writeNumpy(
        bytes, type: .uint8, rows: hasDetail.count, columns: count, to: paths[0])
    case (.stored(let stored), .bytes(let count)):
      try stored.write(columns: count, of: .uint8, to: paths[0], files: files)
    case (.stored(let stored), .floats):
      try stored.write(
        columns: stored.longestByteCount / NumpyType.float32.byteCount, of: .float32, to: paths[0],
        files: files)
    case (.stored(let stored), .records(let type)):
      try stored.write(records: type, to: paths[0], offsets: paths[2], files: files)
    }
  }

  /// Reads the column of a batch folder; what is not in memory stays in its file.
  ///
  /// - Throws: `DamagedFile` or `StorageFailure`, naming the file.
  init(_ measure: Measure, folder: String, rowCount: Int) throws {
    let paths = Self.files(of: measure).map { "\(folder)/\($0)" }
    hasDetail = try readArray(paths[1], rows: rowCount, columns: 1)
    switch measure.layout {
    case .bytes(let count) where !measure.layout.isWide:
      rows = .bytes(try readArray(paths[0], rows: rowCount, columns: count), rowByteCount: count)
    case .bytes(let count):
      let stored = try RecordRows(type: .uint8, path: paths[0], rowCount: rowCount)
      guard stored.longestByteCount == count || rowCount == 0 else {
        throw DamagedFile(
          path: paths[0],
          detail: "its rows are of \(stored.longestByteCount) bytes, not \(count)")
      }
      rows = .stored(stored)
    case .floats:
      rows = .stored(try RecordRows(type: .float32, path: paths[0], rowCount: rowCount))
    case .records(let type):
      rows = .stored(
        try RecordRows(records: type, path: paths[0], offsets: paths[2], rowCount: rowCount))
    }
  }

  /// The same features where more can be set: those in a file, in one of this process.
  ///
  /// - Parameter scratch: a path for it.
  func changeable(scratch: String) throws -> FeatureColumn {
    guard case .stored(let stored) = rows else { return self }
    var copy = self
    copy.rows = .stored(try stored.copied(to: ScratchFile(path: scratch)))
    return copy
  }
}

/// A file of bytes with a shape.
///
/// - Throws: `DamagedFile` or `StorageFailure`, naming the file.
func readArray(_ path: String, rows: Int, columns: Int) throws -> [UInt8] {
  let file = try NumpyFile(path: path, type: .uint8)
  guard file.shape == (rows, columns) else {
    throw DamagedFile(path: path, detail: "its shape is \(file.shape), not (\(rows), \(columns))")
  }
  return unsafe Array(file.bytes)
}
