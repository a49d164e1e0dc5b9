import Foundation
import Storage
import TestArchives
import Testing

@Suite struct NumpyFileTests {
  let folder: TemporaryFolder
  var path: String { folder("features.npy") }

  init() throws { folder = try TemporaryFolder() }

  private func write(
    _ bytes: [UInt8], _ type: NumpyType, rows: Int, columns: Int? = nil
  ) throws -> [UInt8] {
    let whole = NumpyFile.header(type: type, rows: rows, columns: columns) + bytes
    try DurableFiles().write(whole, to: path)
    return whole
  }

  private func isDamaged() throws -> Bool {
    do {
      _ = try NumpyFile(path: path, type: .uint8)
      return false
    } catch let error as DamagedFile {
      #expect(
        error.description.hasPrefix("\(path): is damaged: ")
          && error.description.hasSuffix("; 'likeness check RUN --repair' computes it again"))
      return true
    }
  }

  // The rules of numpy.lib.format, version 1.0.
  @Test(arguments: [0, 1, 9, 10, 999_999_999], [nil, 1, 32, 123_456])
  func `a header follows the rules of NumPy's format`(rows: Int, columns: Int?) throws {
    for type in [NumpyType.uint8, .uint64, .link] {
      let header = NumpyFile.header(type: type, rows: rows, columns: columns)
      #expect(header.count % 64 == 0)
      #expect(header.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]))
      #expect(Int(header[8]) + Int(header[9]) << 8 == header.count - 10)
      let text = String(decoding: header[10...], as: UTF8.self)
      #expect(text.hasSuffix("\n"))
      let shape = columns.map { "(\(rows), \($0))" } ?? "(\(rows),)"
      #expect(
        text.trimmingCharacters(in: .whitespacesAndNewlines)
          == "{'descr': \(type.description), 'fortran_order': False, 'shape': \(shape), }")
    }
  }

  @Test(arguments: [(0, 7), (1, 1), (3, 0), (5, 4), (5, nil)] as [(Int, Int?)])
  func `a file gives back its shape and its bytes`(rows: Int, columns: Int?) throws {
    let bytes = (0..<(rows * (columns ?? 1))).map { UInt8($0 * 3) }
    _ = try write(bytes, .uint8, rows: rows, columns: columns)
    let file = try NumpyFile(path: path, type: .uint8)
    #expect(file.shape == (rows, columns ?? 1))
    #expect(unsafe Array(file.bytes) == bytes)
  }

  @Test func `a file of another type is refused`() throws {
    _ = try write(Array(repeating: 0, count: 64), .uint64, rows: 8)
    #expect(try isDamaged())
    #expect(try NumpyFile(path: path, type: .uint64).shape == (8, 1))
  }

  @Test(arguments: [0, 1, 9, 10, 64, 127, 128, 129, 147])
  func `a file that was cut is refused`(length: Int) throws {
    let whole = try write((0..<20).map { $0 }, .uint8, rows: 5, columns: 4)
    try #require(whole.count == 148)
    try DurableFiles().write(Array(whole.prefix(length)), to: path)
    #expect(try isDamaged())
  }

  @Test func `a file that grew is refused`() throws {
    let whole = try write((0..<20).map { $0 }, .uint8, rows: 5, columns: 4)
    try DurableFiles().write(whole + [0], to: path)
    #expect(try isDamaged())
  }

  @Test func `no flipped bit in the header gives other rows, columns or bytes`() throws {
    let data: [UInt8] = (0..<20).map { $0 }
    let whole = try write(data, .uint8, rows: 5, columns: 4)
    var refusedCount = 0
    for position in 0..<(whole.count - data.count) {
      for bit in 0..<8 {
        var damaged = whole
        damaged[position] ^= 1 << bit
        try DurableFiles().write(damaged, to: path)
        if try isDamaged() {
          refusedCount += 1
          continue
        }
        // What is left over is the padding, which says nothing.
        let file = try NumpyFile(path: path, type: .uint8)
        #expect(file.shape == (5, 4), "bit \(bit) of byte \(position)")
        #expect(unsafe Array(file.bytes) == data, "bit \(bit) of byte \(position)")
      }
    }
    #expect(refusedCount > 64 * 8)
  }

  @Test(arguments: [
    "(-1,)", "(4611686018427387904, 8)", "(9223372036854775807,)", "(2, 2, 5)", "(,)", "()",
  ])
  func `a shape that no file of ours has is refused`(shape: String) throws {
    var text = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape), }"
    text += String(repeating: " ", count: 117 - text.count) + "\n"
    let header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
    try DurableFiles().write(header + Array(text.utf8) + Array(repeating: 0, count: 20), to: path)
    #expect(try isDamaged())
  }

  @Test func `a number of elements whose bytes no integer holds is refused`() throws {
    // Twice 2^63 rows of 8 bytes.
    _ = try write([], .uint64, rows: 1 << 61)
    #expect(throws: DamagedFile.self) { try NumpyFile(path: path, type: .uint64) }
  }

  @Test func `a failure while reading is told`() throws {
    _ = try write([], .uint8, rows: 0)
    let error = #expect(throws: StorageFailure.self) {
      try NumpyFile(path: folder.path, type: .uint8)
    }
    #expect(error?.description == "\(folder.path): cannot be read: Is a directory")
  }

  @Test func `a file that is not there is a failure of storage, not damage`() throws {
    let error = #expect(throws: StorageFailure.self) {
      try NumpyFile(path: path, type: .uint8)
    }
    #expect(error?.description == "\(path): cannot be read: No such file or directory")
  }
}
