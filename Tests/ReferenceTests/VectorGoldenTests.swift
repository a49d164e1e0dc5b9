import Features
import Foundation
import Imaging
import Testing

/// One line of `Golden/vectors.txt`.
struct GoldenVector: CustomTestStringConvertible {
  /// The golden file has every 29th component.
  static let step = 29

  let kind: TestPicture
  let seed: UInt64
  let checksum: UInt64
  let sum: Double
  let components: [Double]

  var testDescription: String { "\(kind) \(seed)" }

  static func all() throws -> [GoldenVector] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "Golden/vectors.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { line in
        let fields = line.split(separator: " ").map(String.init)
        return GoldenVector(
          kind: try #require(TestPicture(rawValue: fields[0])),
          seed: try #require(UInt64(fields[1])),
          checksum: try #require(UInt64(fields[2], radix: 16)),
          sum: try #require(Double(fields[3])),
          components: try fields[4...].map { try #require(Double($0)) })
      }
  }
}

@Suite struct VectorGoldenTests {
  /// What components may be off by: the reference sums lengths in single precision.
  private let tolerance = 1e-5

  @Test func `histograms of gradients are those of scikit-image`() throws {
    let golden = try GoldenVector.all()
    #expect(golden.count == 24)
    let method = VectorMethod.orientedGradients
    for expected in golden {
      let raster = expected.kind.raster(seed: expected.seed, method.raster)
      try #require(checksum(raster.pixels) == expected.checksum, "\(expected.testDescription)")
      let components = floats(method.extract(from: raster).bytes)
      #expect(components.count == 2048)
      let sum = components.reduce(0, +)
      #expect(abs(sum - expected.sum) < tolerance * 100, "\(expected.testDescription)")
      let some = stride(from: 0, to: components.count, by: GoldenVector.step)
      #expect(expected.components.count == Array(some).count)
      for (place, reference) in zip(some, expected.components) {
        #expect(
          abs(components[place] - reference) < tolerance, "\(expected.testDescription) \(place)")
      }
    }
    #expect(golden.contains { $0.sum == 0 } && golden.filter { $0.sum > 400 }.count > 6)
  }

  private func floats(_ bytes: [UInt8]) -> [Double] {
    stride(from: 0, to: bytes.count, by: 4).map { start in
      let bits = bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return Double(Float(bitPattern: bits))
    }
  }

  /// FNV-1a, 64 bits.
  private func checksum(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
