import Features
import Foundation
import Imaging
import Testing

/// One line of `Golden/bit-strings.txt`.
struct GoldenBitString: CustomTestStringConvertible {
  let method: BitStringMethod
  let kind: TestPicture
  let size: RasterSpecification
  let seed: UInt64
  let checksum: UInt64
  let quality: Int?
  let bits: String

  var testDescription: String { "\(method.name) \(kind) \(seed) \(size.width) x \(size.height)" }

  static func all() throws -> [GoldenBitString] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/bit-strings.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { line in
        let fields = line.split(separator: " ").map(String.init)
        let method = try #require(BitStringMethod(name: fields[0]))
        let channels = try #require(Int(fields[5]))
        let size = RasterSpecification(
          width: try #require(Int(fields[3])), height: try #require(Int(fields[4])),
          channels: try #require(RasterSpecification.Channels(rawValue: channels)))
        return GoldenBitString(
          method: method, kind: try #require(TestPicture(rawValue: fields[1])), size: size,
          seed: try #require(UInt64(fields[2])),
          checksum: try #require(UInt64(fields[6], radix: 16)),
          quality: Int(fields[7]), bits: fields[8])
      }
  }
}

@Suite struct BitStringGoldenTests {
  @Test(arguments: BitStringMethod.allCases)
  func `every bit equals the reference's on its own raster, ties included`(
    method: BitStringMethod
  ) throws {
    let golden = try GoldenBitString.all().filter { $0.method == method }
    #expect(golden.count >= 2)
    for expected in golden {
      let raster = expected.kind.raster(seed: expected.seed, expected.size)
      try #require(checksum(raster.pixels) == expected.checksum, "\(expected.testDescription)")
      let feature = method.extract(from: raster)
      #expect(hexadecimal(feature.bytes) == expected.bits, "\(expected.testDescription)")
      #expect(feature.quality == expected.quality, "\(expected.testDescription)")
      #expect(feature.bytes.count == method.byteCount)
    }
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// FNV-1a, 64 bits.
  private func checksum(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
