import Foundation
import Imaging
import Similarity
import Testing

/// One line of `Golden/rasters.txt` or `Golden/complex-wavelet.txt`.
struct GoldenSimilarity {
  let measure: RasterMeasure
  let seed: UInt64
  let kinds: [TestPicture]
  let checksums: [UInt64]
  let similarity: Double

  static func all() throws -> [GoldenSimilarity] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return try ["rasters.txt", "complex-wavelet.txt"]
      .flatMap { name in
        let file = folder.appending(path: "Golden").appending(path: name)
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      }
      .filter { !$0.hasPrefix("#") }
      .map { line in
        let fields = line.split(separator: " ").map(String.init)
        return GoldenSimilarity(
          measure: try #require(RasterMeasure(rawValue: fields[0])),
          seed: try #require(UInt64(fields[1])),
          kinds: try fields[2...3].map { try #require(TestPicture(rawValue: $0)) },
          checksums: try fields[4...5].map { try #require(UInt64($0, radix: 16)) },
          similarity: try #require(Double(fields[6])))
      }
  }
}

@Suite struct RasterGoldenTests {
  @Test(arguments: RasterMeasure.allCases)
  func `similarities are those of scikit-image, OpenCV, NumPy and pyrtools`(measure: RasterMeasure)
    throws
  {
    let golden = try GoldenSimilarity.all().filter { $0.measure == measure }
    #expect(golden.count == 156)
    var rasters: [String: [UInt8]] = [:]
    for expected in golden {
      let pair = expected.kinds.map { kind in
        let name = "\(kind) \(expected.seed)"
        let pixels = rasters[name] ?? draw(kind, seed: expected.seed, for: measure)
        rasters[name] = pixels
        return pixels
      }
      try #require(pair.map(checksum) == expected.checksums, "\(expected)")
      let similarity = measure.similarity(pair[0][...], pair[1][...])
      #expect(abs(similarity - expected.similarity) < tolerance(measure), "\(expected)")
    }
    #expect(golden.contains { $0.similarity > 0.5 && $0.similarity < 1 })
  }

  /// How far two computations may be apart.
  ///
  /// MEASURES asks for 1e-5 of `ssim`, whose windows are divided in single precision; OpenCV returns
  /// single precision; NumPy is printed to twelve digits. MEASURES asks for 1e-4 of `cwssim`; pyrtools
  /// takes its filters from tables of 256 steps an octave.
  private func tolerance(_ measure: RasterMeasure) -> Double {
    switch measure {
    case .structural, .structural32, .structural128, .structural256: 1e-6
    case .complexWavelet: 1e-5
    case .templateMatch: 2e-6
    case .meanSquaredError: 1e-11
    }
  }

  private func draw(_ kind: TestPicture, seed: UInt64, for measure: RasterMeasure) -> [UInt8] {
    kind.raster(
      seed: seed,
      RasterSpecification(
        width: measure.side, height: measure.side,
        channels: measure.channelCount == 3 ? .color : .gray)
    ).pixels
  }

  /// FNV-1a, 64 bits.
  private func checksum(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
