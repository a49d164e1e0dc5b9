import Imaging
import Testing

@testable import Features

@Suite struct OrientationTests {
  private static let methods = BitStringMethod.allCases.filter {
    $0.dependsOnOrientation && $0 != .perceptualHash64Factor16
  }

  /// The eight features of a raster.
  private func features(_ method: BitStringMethod, _ raster: Raster) -> [[UInt8]] {
    let bytes = method.extractOrientations(from: raster).bytes
    return (0..<8).map {
      Array(bytes[$0 * method.byteCount..<($0 + 1) * method.byteCount])
    }
  }

  @Test(arguments: methods)
  func `a picture that is turned has the same eight features in another order`(
    method: BitStringMethod
  ) {
    let raster = noise(method.squareRaster, seed: 7)
    let upright = features(method, raster)
    #expect(Set(upright).count == 8)
    for orientation in Orientation.all {
      let turned = Raster(
        specification: raster.specification,
        pixels: orientation.turned(raster.pixels, to: raster.specification))
      let found = features(method, turned)
      #expect(Set(found) == Set(upright), "orientation \(orientation.rawValue)")
      #expect(found[0] == upright[orientation.rawValue - 1])
    }
  }

  @Test(arguments: methods.filter { $0 != .differenceHash })
  func `the first is the feature of the picture itself`(method: BitStringMethod) {
    let raster = noise(method.raster, seed: 3)
    let own = method.extract(from: raster)
    let all = method.extractOrientations(from: raster)
    #expect(
      Array(all.bytes.prefix(method.byteCount)) == own.bytes && all.hasDetail == own.hasDetail)
  }

  @Test(arguments: [BitStringMethod.waveletHash, .waveletHashDaubechies])
  func `a picture that is smaller and not square has its own bits, turned or not`(
    method: BitStringMethod
  ) {
    let raster = noise(RasterSpecification(width: 72, height: 41, channels: .gray), seed: 5)
    let upright = features(method, raster)
    for orientation in Orientation.all {
      let turned = orientation.turned(raster)
      #expect(method.extract(from: turned).bytes == upright[orientation.rawValue - 1])
      #expect(Set(features(method, turned)) == Set(upright))
    }
  }

  @Test func `dhash is read off a square that its raster divides`() {
    let square = BitStringMethod.differenceHash.squareRaster
    #expect((square.width, square.height) == (144, 144))
    // Stripes that its raster keeps as they are.
    func stripes(width: Int, height: Int) -> [UInt8] {
      let row = (0..<width).map { column in UInt8(column * 18 / width * 13) }
      return (0..<height).flatMap { _ in row }
    }
    let pixels = stripes(width: 144, height: 144)
    let small = stripes(width: 18, height: 16)
    let own = BitStringMethod.differenceHash.extract(
      from: Raster(specification: BitStringMethod.differenceHash.raster, pixels: small))
    let all = BitStringMethod.differenceHash.extractOrientations(
      from: Raster(specification: square, pixels: pixels))
    #expect(Array(all.bytes.prefix(8)) == own.bytes)
  }
}
