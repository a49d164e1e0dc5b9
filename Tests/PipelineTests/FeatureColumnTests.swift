import Storage
import TestArchives
import Testing

@testable import Pipeline

/// Features of which an image has any number.
@Suite struct FeatureColumnTests {
  private let folder: TemporaryFolder
  private let measure = Measure.pair(.orb)

  init() throws {
    folder = try TemporaryFolder()
    try FileTree(folder.path).makeFolder("features")
  }

  /// So many records, of one byte each kind.
  private func records(_ count: Int, _ value: UInt8) -> [UInt8] {
    Array(repeating: value, count: count * 48)
  }

  private func column(_ rows: [[UInt8]?]) throws -> FeatureColumn {
    var column = try FeatureColumn(
      measure.layout, rowCount: rows.count, scratch: folder("scratch"))
    // In another order than that of the rows, as workers deliver them.
    for (row, bytes) in rows.enumerated().reversed() {
      guard let bytes else { continue }
      try column.set(Feature(bytes: bytes, hasDetail: !bytes.isEmpty), row: row)
    }
    return column
  }

  private func features(_ column: FeatureColumn) throws -> [[UInt8]] {
    try column.hasDetail.indices.map { Array(try column.feature(ofRow: $0)) }
  }

  @Test func `records are read as they were written, and rows without any stay empty`() throws {
    let rows = [records(3, 1), nil, [], records(500, 2), records(1, 3)]
    try column(rows).write(into: folder.path, measure: measure, files: DurableFiles())
    let read = try FeatureColumn(measure, folder: folder.path, rowCount: rows.count)
    #expect(try features(read) == rows.map { $0 ?? [] })
    #expect(read.hasDetail == [1, 0, 0, 1, 1])
  }

  @Test
  func `rows too wide for memory are read as they were written, those without a feature as zeros`()
    throws
  {
    let measure = Measure.raster(.complexWavelet)
    #expect(measure.layout.isWide)
    let row = (0..<16_384).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    var column = try FeatureColumn(measure.layout, rowCount: 3, scratch: folder("scratch"))
    try column.set(Feature(bytes: row, hasDetail: true), row: 2)
    try column.copy(row: 2, to: 0)
    try column.write(into: folder.path, measure: measure, files: DurableFiles())
    let read = try FeatureColumn(measure, folder: folder.path, rowCount: 3)
    let none = [UInt8](repeating: 0, count: row.count)
    #expect(try features(read) == [row, none, row])
    #expect(read.hasDetail == [1, 0, 1])
    #expect(throws: DamagedFile.self) {
      try FeatureColumn(measure, folder: folder.path, rowCount: 2)
    }
  }

  @Test func `a kept column takes further features`() throws {
    let rows = [records(2, 1), [], records(4, 2)]
    try column(rows).write(into: folder.path, measure: measure, files: DurableFiles())
    var read = try FeatureColumn(measure, folder: folder.path, rowCount: 3)
      .changeable(scratch: folder("scratch"))
    try read.set(Feature(bytes: records(7, 9), hasDetail: true), row: 1)
    try read.copy(row: 1, to: 2)
    #expect(try features(read) == [records(2, 1), records(7, 9), records(7, 9)])
    #expect(read.hasDetail == [1, 1, 1])
  }

  @Test func `offsets that do not fit the records are damage`() throws {
    try column([records(2, 1), records(4, 2)]).write(
      into: folder.path, measure: measure, files: DurableFiles())
    let path = folder("features/orb-offsets.npy")
    for offsets in [[0, 2, 5], [0, 7, 6], [1, 2, 6], [0, 6]] as [[UInt64]] {
      try DurableFiles().removeTree(path)
      try DurableFiles().writeNumpy(offsets, type: .uint64, rows: offsets.count, to: path)
      let error = #expect(throws: DamagedFile.self, "\(offsets)") {
        try FeatureColumn(measure, folder: folder.path, rowCount: 2)
      }
      #expect(error?.path == path)
    }
  }
}
