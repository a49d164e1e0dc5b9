import Catalog
import Features
import Similarity
import Storage

/// What the batch pass keeps of every image of a batch, a row an image in order of the numbers.
struct BatchArrays: Sendable {
  /// The features of one measure.
  struct Column: Sendable {
    /// `byteCount` bytes a row; zeros where there is no feature.
    var bytes: [UInt8]
    /// 1 where the feature has detail, and so is compared.
    var hasDetail: [UInt8]
  }

  let imageCount: Int
  /// `OutcomeCode` a row.
  var outcomes: [UInt8]
  /// 16 bytes a row; zeros where the file was not read.
  var contents: [UInt8]
  var columns: [Measure: Column]

  /// Makes the arrays of `imageCount` images that nothing is known of.
  init(imageCount: Int, measures: [Measure]) {
    self.imageCount = imageCount
    outcomes = Array(repeating: OutcomeCode.waiting.rawValue, count: imageCount)
    contents = Array(repeating: 0, count: imageCount * ContentHash.byteCount)
    columns = [:]
    for measure in measures { addColumn(measure) }
  }

  mutating func addColumn(_ measure: Measure) {
    columns[measure] = Column(
      bytes: Array(repeating: 0, count: imageCount * measure.byteCount),
      hasDetail: Array(repeating: 0, count: imageCount))
  }

  mutating func setContent(_ content: ContentHash?, row: Int) {
    let start = row * ContentHash.byteCount
    let bytes = content?.bytes ?? Array(repeating: 0, count: ContentHash.byteCount)
    contents.replaceSubrange(start..<(start + ContentHash.byteCount), with: bytes)
  }

  mutating func setFeature(_ feature: Feature, of measure: Measure, row: Int) {
    let start = row * measure.byteCount
    columns[measure]?.bytes.replaceSubrange(
      start..<(start + measure.byteCount), with: feature.bytes)
    columns[measure]?.hasDetail[row] = feature.hasDetail ? 1 : 0
  }

  mutating func copyFeature(of measure: Measure, from origin: Int, to row: Int) {
    guard let column = columns[measure] else { return }
    let start = origin * measure.byteCount
    let feature = Feature(
      bytes: Array(column.bytes[start..<(start + measure.byteCount)]),
      hasDetail: column.hasDetail[origin] == 1)
    setFeature(feature, of: measure, row: row)
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
  static func featureFile(_ measure: Measure) -> String {
    "features/\(measure.name).npy"
  }
  static func detailFile(_ measure: Measure) -> String {
    "features/\(measure.name)-detail.npy"
  }

  /// Writes the arrays into a batch folder.
  func write(into folder: String, files: DurableFiles) throws {
    for subfolder in ["images", "features"] { try files.makeFolder("\(folder)/\(subfolder)") }
    try files.writeNumpy(
      outcomes, type: .uint8, rows: imageCount, to: "\(folder)/\(Self.outcomeFile)")
    try files.writeNumpy(
      contents, type: .uint8, rows: imageCount, columns: ContentHash.byteCount,
      to: "\(folder)/\(Self.contentFile)")
    for (measure, column) in columns.sorted(by: { $0.key.name < $1.key.name }) {
      try files.writeNumpy(
        column.bytes, type: .uint8, rows: imageCount, columns: measure.byteCount,
        to: "\(folder)/\(Self.featureFile(measure))")
      try files.writeNumpy(
        column.hasDetail, type: .uint8, rows: imageCount,
        to: "\(folder)/\(Self.detailFile(measure))")
    }
  }

  /// Reads the arrays of a batch folder.
  ///
  /// - Throws: `DamagedFile` or `StorageFailure`, naming the file.
  init(folder: String, imageCount: Int, measures: [Measure]) throws {
    self.imageCount = imageCount
    outcomes = try Self.read("\(folder)/\(Self.outcomeFile)", rows: imageCount, columns: 1)
    contents = try Self.read(
      "\(folder)/\(Self.contentFile)", rows: imageCount, columns: ContentHash.byteCount)
    columns = [:]
    for measure in measures {
      columns[measure] = Column(
        bytes: try Self.read(
          "\(folder)/\(Self.featureFile(measure))", rows: imageCount, columns: measure.byteCount),
        hasDetail: try Self.read(
          "\(folder)/\(Self.detailFile(measure))", rows: imageCount, columns: 1))
    }
  }

  private static func read(_ path: String, rows: Int, columns: Int) throws -> [UInt8] {
    let file = try NumpyFile(path: path, type: .uint8)
    guard file.shape == (rows, columns) else {
      throw DamagedFile(path: path, detail: "its shape is \(file.shape), not (\(rows), \(columns))")
    }
    return unsafe Array(file.bytes)
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
