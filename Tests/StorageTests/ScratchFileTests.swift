import Foundation
import Storage
import TestArchives
import Testing

@Suite struct ScratchFileTests {
  @Test func `what was appended is read at any place, and no file is left`() throws {
    let folder = try TemporaryFolder()
    let file = try ScratchFile(path: folder("rows"))
    #expect(try DurableFiles.entries(of: folder.path) == [])
    // More than waits in memory at once, in pieces that do not divide it.
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 0x9E37_79B1 >> 13) }
    for start in stride(from: 0, to: bytes.count, by: 999_983) {
      try file.append(bytes[start..<min(start + 999_983, bytes.count)])
    }
    try file.flush()
    for range in [0..<10, 999_980..<1_050_000, 2_999_999..<3_000_000, 0..<3_000_000] {
      var read = [UInt8](repeating: 0, count: range.count)
      try unsafe read.withUnsafeMutableBytes {
        try unsafe file.read(into: $0, at: range.lowerBound)
      }
      #expect(read == Array(bytes[range]))
    }
  }

  @Test func `reading past the end is an error that names the file`() throws {
    let folder = try TemporaryFolder()
    let file = try ScratchFile(path: folder("rows"))
    try file.append([1, 2, 3])
    try file.flush()
    var read = [UInt8](repeating: 0, count: 4)
    let error = #expect(throws: StorageFailure.self) {
      try unsafe read.withUnsafeMutableBytes { try unsafe file.read(into: $0, at: 0) }
    }
    #expect(error?.path == folder("rows"))
  }

  @Test func `a folder that is not there is an error`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: StorageFailure.self) { try ScratchFile(path: folder("missing/rows")) }
  }
}
