import Catalog
import Features
import Similarity
import Storage

/// What the batch pass keeps of every image of a batch, a row an image in order of the numbers.
struct BatchArrays: Sendable {
  let imageCount: Int
  /// `OutcomeCode` a row.
  var outcomes: [UInt8]
  /// 16 bytes a row; zeros where the file was not read.
  var contents: [UInt8]
  var columns: [Measure: FeatureColumn]

  /// Makes the arrays of `imageCount` images that nothing is known of.
  ///
  /// - Parameter scratch: a path for files of features that are too large for memory.
  init(imageCount: Int, measures: [Measure], scratch: String) throws {
    self.imageCount = imageCount
    outcomes = Array(repeating: OutcomeCode.waiting.rawValue, count: imageCount)
    contents = Array(repeating: 0, count: imageCount * ContentHash.byteCount)
    columns = [:]
    for measure in measures { try addColumn(measure, scratch: scratch) }
  }

  mutating func addColumn(_ measure: Measure, scratch: String) throws {
    columns[measure] = try FeatureColumn(measure.layout, rowCount: imageCount, scratch: scratch)
  }

  mutating func setContent(_ content: ContentHash?, row: Int) {
    let start = row * ContentHash.byteCount
    let bytes = content?.bytes ?? Array(repeating: 0, count: ContentHash.byteCount)
    contents.replaceSubrange(start..<(start + ContentHash.byteCount), with: bytes)
  }

  func content(row: Int) -> ContentHash {
    let start = row * ContentHash.byteCount
    return ContentHash(bytes: contents[start..<(start + ContentHash.byteCount)])
  }

  /// The content of a row, nil if its file was not read.
  func knownContent(row: Int) -> ContentHash? {
    let start = row * ContentHash.byteCount
    let isKnown = contents[start..<(start + ContentHash.byteCount)].contains { $0 != 0 }
    return isKnown ? content(row: row) : nil
  }
}

extension BatchArrays {
  /// The files of a batch folder.
  static let outcomeFile = "images/outcome.npy"
  static let contentFile = "images/content.npy"

  /// Writes the arrays into a batch folder.
  func write(into folder: String, files: DurableFiles) throws {
    for subfolder in ["images", "features"] { try files.makeFolder("\(folder)/\(subfolder)") }
    try files.writeNumpy(
      outcomes, type: .uint8, rows: imageCount, to: "\(folder)/\(Self.outcomeFile)")
    try files.writeNumpy(
      contents, type: .uint8, rows: imageCount, columns: ContentHash.byteCount,
      to: "\(folder)/\(Self.contentFile)")
    for (measure, column) in columns.sorted(by: { $0.key.name < $1.key.name }) {
      try column.write(into: folder, measure: measure, files: files)
    }
  }

  /// Reads the arrays of a batch folder.
  ///
  /// - Throws: `DamagedFile` or `StorageFailure`, naming the file.
  init(folder: String, imageCount: Int, measures: [Measure]) throws {
    self.imageCount = imageCount
    outcomes = try readArray("\(folder)/\(Self.outcomeFile)", rows: imageCount, columns: 1)
    contents = try readArray(
      "\(folder)/\(Self.contentFile)", rows: imageCount, columns: ContentHash.byteCount)
    columns = [:]
    for measure in measures {
      columns[measure] = try FeatureColumn(measure, folder: folder, rowCount: imageCount)
    }
  }
}

extension DurableFiles {
  /// Writes a NumPy file of values that are already laid out; `columns` nil makes one dimension.
  func writeNumpy<Value: BitwiseCopyable>(
    _ values: [Value], type: NumpyType, rows: Int, columns: Int? = nil, to path: String
  ) throws {
    precondition(
      values.count * MemoryLayout<Value>.stride == rows * (columns ?? 1) * type.byteCount,
      "\(values.count) values for \(path)")
    let file = try create(path)
    try file.append(NumpyFile.header(type: type, rows: rows, columns: columns))
    try unsafe values.withUnsafeBytes { try unsafe file.append($0) }
    try file.finish()
  }
}
