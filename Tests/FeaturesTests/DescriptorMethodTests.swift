import Imaging
import Testing

@testable import Features

@Suite struct DescriptorMethodTests {
  @Test(arguments: DescriptorMethod.allCases)
  func `a row is whole records, as many bytes as are promised`(method: DescriptorMethod) throws {
    for seed in UInt64(0)..<4 {
      let row = try method.extract(from: patches(width: 200, height: 140, seed: seed))
      #expect(!row.isEmpty)
      #expect(row.count % method.recordByteCount == 0)
      if let byteCount = method.byteCount { #expect(row.count == byteCount) }
    }
  }

  @Test(arguments: DescriptorMethod.allCases)
  func `a raster of one colour has nothing in it`(method: DescriptorMethod) throws {
    for (width, height) in [(1, 1), (1, 200), (64, 64), (512, 512)] {
      let plain = Raster(gray: .init(repeating: 93, count: width * height), width: width)
      #expect(try method.extract(from: plain).isEmpty, "\(width) x \(height)")
    }
  }

  @Test(arguments: DescriptorMethod.allCases)
  func `rasters of any shape are described or have nothing in them`(
    method: DescriptorMethod
  ) throws {
    var emptyCount = 0
    for (width, height) in [(1, 2), (2, 1), (1, 512), (512, 1), (3, 3), (5, 70), (16, 512)] {
      let raster = patches(width: width, height: height, seed: 3)
      let row = try method.extract(from: raster)
      #expect(row.count % method.recordByteCount == 0, "\(width) x \(height)")
      if row.isEmpty { emptyCount += 1 }
    }
    switch method {
    case .brushStrokes, .cropHash: #expect(emptyCount == 0)
    case .orb: #expect(emptyCount == 7, "a side under 63 pixels")
    case .cornerMinHash, .sift: #expect(emptyCount > 0)
    }
  }

  @Test(arguments: [DescriptorMethod.orb, .sift])
  func `at most 500 records come, in the order of their numbers and bytes`(
    method: DescriptorMethod
  ) throws {
    // One tile again and again: responses tie by the hundred.
    let raster = patches(width: 512, height: 512, period: 64, seed: 5)
    let row = try method.extract(from: raster)
    #expect(row.count == 500 * method.recordByteCount)
    let records = stride(from: 0, to: row.count, by: method.recordByteCount).map { start in
      let numbers = (0..<4).map { float(row, at: start + 4 * $0) }
      return numbers + row[start + 16..<start + method.recordByteCount].map(Float.init)
    }
    for (record, next) in zip(records, records.dropFirst()) {
      #expect(record.lexicographicallyPrecedes(next) || record == next)
    }
    for record in records {
      #expect((0..<512).contains(record[0]) && (0..<512).contains(record[1]))
      #expect(record[2] > 0 && (0...360).contains(record[3]))
    }
  }

  @Test(arguments: DescriptorMethod.allCases)
  func `the bytes do not depend on the thread, nor on who works beside`(
    method: DescriptorMethod
  ) async throws {
    let rasters = (UInt64(0)..<8).map { patches(width: 160, height: 200, seed: $0) }
    let alone = try rasters.map { try method.extract(from: $0) }
    let together = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      for (index, raster) in rasters.enumerated() {
        group.addTask { (index, try method.extract(from: raster)) }
      }
      return try await group.reduce(into: alone.map { _ in [UInt8]() }) { $0[$1.0] = $1.1 }
    }
    #expect(together == alone)
  }

  @Test func `a colour raster and one with a longer side are refused`() async {
    await #expect(processExitsWith: .failure) {
      let raster = Raster(gray: .init(repeating: 0, count: 513), width: 513)
      _ = try DescriptorMethod.orb.extract(from: raster)
    }
    await #expect(processExitsWith: .failure) {
      let color = RasterSpecification(width: 64, height: 64, channels: .color)
      let raster = Raster(specification: color, pixels: .init(repeating: 0, count: 64 * 64 * 3))
      _ = try DescriptorMethod.sift.extract(from: raster)
    }
  }

  @Test func `a library that is not there is named, with what to install`() {
    #expect(
      OpenCVLibrary.failureToOpen("libopencv_features2d.so.0") == """
        OpenCV cannot be opened: libopencv_features2d.so.0: cannot open shared object file: No \
        such file or directory; install libopencv-features2d406, or the package with that library \
        where the system is not Debian 12
        """)
  }

  @Test func `a library without what is called says which function is missing`() {
    let failure = OpenCVLibrary.failureToOpen("libm.so.6")
    #expect(
      failure?.contains("libm.so.6: undefined symbol: _ZN2cv13setNumThreadsEi; install") == true)
    // And leaves the library that is in use as it is.
    #expect(throws: Never.self) {
      try DescriptorMethod.brushStrokes.extract(from: patches(width: 64, height: 64, seed: 1))
    }
  }

  private func float(_ bytes: [UInt8], at start: Int) -> Float {
    let bits = bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return Float(bitPattern: bits)
  }
}
