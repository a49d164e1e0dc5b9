import Foundation
import Imaging
import Testing

@testable import Features

/// One line of `Golden/descriptors.txt`.
struct GoldenDescriptors: CustomTestStringConvertible {
  let method: DescriptorMethod
  let kind: TestPicture
  let seed: UInt64
  let specification: RasterSpecification
  let pictureChecksum: UInt64
  let recordCount: Int
  let rowChecksum: UInt64
  let firstRecords: [String]

  var testDescription: String {
    "\(method.name) \(kind) \(seed) \(specification.width) x \(specification.height)"
  }

  static func all() throws -> [GoldenDescriptors] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/descriptors.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { line in
        let fields = line.split(separator: " ").map(String.init)
        return GoldenDescriptors(
          method: try #require(DescriptorMethod(rawValue: fields[0])),
          kind: try #require(TestPicture(rawValue: fields[1])),
          seed: try #require(UInt64(fields[2])),
          specification: RasterSpecification(
            width: try #require(Int(fields[3])), height: try #require(Int(fields[4])),
            channels: .gray),
          pictureChecksum: try #require(UInt64(fields[5], radix: 16)),
          recordCount: try #require(Int(fields[6])),
          rowChecksum: try #require(UInt64(fields[7], radix: 16)),
          firstRecords: Array(fields.dropFirst(8)))
      }
  }

  func raster() throws -> Raster {
    let raster = kind.raster(seed: seed, specification)
    try #require(checksum(raster.pixels) == pictureChecksum, "\(testDescription)")
    return raster
  }
}

@Suite struct DescriptorGoldenTests {
  @Test(arguments: [DescriptorMethod.orb, .sift, .cropHash])
  func `every byte equals that of OpenCV and ImageHash`(method: DescriptorMethod) throws {
    let golden = try GoldenDescriptors.all().filter { $0.method == method }
    #expect(golden.count == 24)
    #expect(golden.filter { $0.recordCount > 1 }.count >= 9)
    for expected in golden {
      let row = try method.extract(from: expected.raster())
      let size = method.recordByteCount
      #expect(row.count == expected.recordCount * size, "\(expected.testDescription)")
      let first = stride(from: 0, to: row.count, by: size).prefix(expected.firstRecords.count)
      #expect(
        first.map { hexadecimal(row[$0..<$0 + size]) } == expected.firstRecords,
        "\(expected.testDescription)")
      #expect(checksum(row) == expected.rowChecksum, "\(expected.testDescription)")
    }
  }

  @Test func `corners are in the cells that OpenCV's are in, strongest first`() throws {
    let golden = try GoldenDescriptors.all().filter { $0.method == .cornerMinHash }
    #expect(golden.count == 24)
    #expect(golden.contains { $0.recordCount == 100 } && golden.contains { $0.recordCount == 0 })
    for expected in golden {
      let cells = try CornerMinHash.cells(of: expected.raster())
      #expect(cells.count == expected.recordCount, "\(expected.testDescription)")
      let bytes = cells.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      #expect(checksum(bytes) == expected.rowChecksum, "\(expected.testDescription)")
    }
  }

  @Test func `deviations are NumPy's of what OpenCV returns, and fractions are exact`() throws {
    let golden = try GoldenDescriptors.all().filter { $0.method == .brushStrokes }
    #expect(golden.count == 24)
    for expected in golden {
      let raster = try expected.raster()
      let row = try DescriptorMethod.brushStrokes.extract(from: raster)
      #expect(row.count == 4 * 262)
      for (index, record) in expected.firstRecords.enumerated() {
        let deviation = float(row[4 * index..<4 * index + 4])
        let reference = float(bytes(record)[...])
        // NumPy's sums are rounded, ours are not: the last bit of single precision may differ.
        #expect(abs(deviation - reference) <= reference.ulp, "\(expected.testDescription) \(index)")
      }
      var counts = [Int](repeating: 0, count: 256)
      for gray in raster.pixels { counts[Int(gray)] += 1 }
      let fractions = (6..<262).map { float(row[4 * $0..<4 * ($0 + 1)]) }
      #expect(fractions == counts.map { Float(Double($0) / Double(raster.pixels.count)) })
    }
  }

  private func float(_ bytes: ArraySlice<UInt8>) -> Float {
    Float(bitPattern: bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
  }

  private func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }

  private func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// FNV-1a, 64 bits.
private func checksum(_ bytes: [UInt8]) -> UInt64 {
  bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
