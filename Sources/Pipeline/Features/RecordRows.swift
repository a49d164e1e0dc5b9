import Storage

/// Rows that are in a file: of any number of records, or too wide for memory.
struct RecordRows: Sendable {
  /// Where each row is in the file.
  private var places: [Range<Int>]
  private let file: any ByteSource

  /// Makes empty rows that will be in `scratch`.
  init(rowCount: Int, _ scratch: ScratchFile) {
    places = Array(repeating: 0..<0, count: rowCount)
    file = scratch
  }

  /// The bytes of a row: its records one after another.
  func bytes(ofRow row: Int) throws -> [UInt8] {
    try (file as? ScratchFile)?.flush()
    return try file.bytes(in: places[row])
  }

  mutating func set(_ bytes: [UInt8], row: Int) throws {
    guard let scratch = file as? ScratchFile else {
      preconditionFailure("row \(row) of a file that is done")
    }
    places[row] = try scratch.append(bytes)
  }

  /// The same rows in a scratch file.
  func copied(to scratch: ScratchFile) throws -> RecordRows {
    var copy = RecordRows(rowCount: places.count, scratch)
    for row in places.indices { copy.places[row] = try scratch.append(bytes(ofRow: row)) }
    return copy
  }
}

extension RecordRows {
  /// Writes the records in order of the rows, and how many there are before each row and at the end.
  func write(
    records type: NumpyType, to path: String, offsets: String, files: DurableFiles
  ) throws {
    var counts: [UInt64] = [0]
    for place in places {
      precondition(place.count.isMultiple(of: type.byteCount), "\(path): \(place.count) bytes")
      counts.append(counts[counts.count - 1] + UInt64(place.count / type.byteCount))
    }
    let written = try files.create(path)
    try written.append(
      NumpyFile.header(type: type, rows: Int(counts[counts.count - 1])))
    for row in places.indices { try written.append(bytes(ofRow: row)) }
    try written.finish()
    try files.writeNumpy(counts, type: .uint64, rows: counts.count, to: offsets)
  }

  /// Opens rows that `write` wrote.
  ///
  /// - Throws: `DamagedFile` or `StorageFailure`, naming the file.
  init(records type: NumpyType, path: String, offsets: String, rowCount: Int) throws {
    let records = try NumpyRows(path: path, type: type)
    let counts = try NumpyFile(path: offsets, type: .uint64)
    let ends = unsafe counts.bytes.bindMemory(to: UInt64.self)
    guard counts.shape == (rowCount + 1, 1), unsafe ends[0] == 0,
      records.shape.columns == 1,
      unsafe ends[rowCount] == UInt64(records.shape.rows),
      unsafe zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 })
    else { throw DamagedFile(path: offsets, detail: "it does not fit '\(path)'") }
    file = records
    places = (0..<rowCount).map {
      unsafe Int(ends[$0]) * type.byteCount..<Int(ends[$0 + 1]) * type.byteCount
    }
  }

  /// Writes rows of one length; one that nothing was set of is zeros.
  func write(
    columns: Int, of type: NumpyType, to path: String, files: DurableFiles
  ) throws {
    let none = [UInt8](repeating: 0, count: columns * type.byteCount)
    let written = try files.create(path)
    try written.append(NumpyFile.header(type: type, rows: places.count, columns: columns))
    for (row, place) in places.enumerated() {
      precondition(place.isEmpty || place.count == none.count, "\(path): \(place.count) bytes")
      try written.append(place.isEmpty ? none : bytes(ofRow: row))
    }
    try written.finish()
  }

  /// The bytes of the longest row.
  var longestByteCount: Int { places.reduce(0) { max($0, $1.count) } }

  /// Opens rows of one length.
  ///
  /// - Throws: `DamagedFile` or `StorageFailure`, naming the file.
  init(type: NumpyType, path: String, rowCount: Int) throws {
    let rows = try NumpyRows(path: path, type: type)
    guard rows.shape.rows == rowCount else {
      throw DamagedFile(path: path, detail: "it has \(rows.shape.rows) rows, not \(rowCount)")
    }
    file = rows
    let rowByteCount = rows.shape.columns * type.byteCount
    places = (0..<rowCount).map { $0 * rowByteCount..<($0 + 1) * rowByteCount }
  }
}
