import Foundation
import Imaging
import Testing

@testable import Features

@Suite struct VectorMethodTests {
  @Test func `every method is found by its name, and nothing else is`() {
    for method in VectorMethod.allCases { #expect(VectorMethod(name: method.name) == method) }
    #expect(VectorMethod(name: "HOG") == nil)
    #expect(VectorMethod.names == ["pixels", "pixels-color", "hog"])
  }

  @Test(arguments: VectorMethod.allCases)
  func `a feature has its components, and a black raster none but zeros`(method: VectorMethod) {
    let feature = method.extract(from: noise(method.raster, seed: 4))
    #expect(feature.bytes.count == method.dimension * method.componentByteCount)
    #expect(feature.hasDetail)
    let pixels = [UInt8](repeating: 0, count: method.raster.byteCount)
    let black = method.extract(from: Raster(specification: method.raster, pixels: pixels))
    #expect(black.bytes == .init(repeating: 0, count: method.byteCount) && !black.hasDetail)
  }

  @Test(arguments: [VectorMethod.pixels, .colorPixels])
  func `pixels are the raster itself`(method: VectorMethod) {
    let raster = noise(method.raster, seed: 9)
    #expect(method.extract(from: raster).bytes == raster.pixels)
  }

  @Test func `a plain raster has no gradients, one with a single step somewhere has`() {
    var pixels = [UInt8](repeating: 93, count: 128 * 128)
    let plain = VectorMethod.orientedGradients.extract(from: Raster(gray: pixels, width: 128))
    #expect(plain.bytes == .init(repeating: 0, count: 2048 * 4) && !plain.hasDetail)
    pixels[70 * 128 + 31] = 94
    #expect(
      VectorMethod.orientedGradients.extract(from: Raster(gray: pixels, width: 128)).hasDetail)
  }

  @Test func `every gradient is in the eighth of half a turn that its angle says`() {
    for down in Int32(-255)...255 {
      for across in Int32(-255)...255 where (across, down) != (0, 0) {
        // 0 is among them, for the angle of 180 degrees; 45, 90 and 135 come out exactly.
        let degrees = atan2(Double(down), Double(across)) * 180 / .pi
        let inHalf = (degrees + 180).truncatingRemainder(dividingBy: 180)
        let orientation = OrientedGradients.orientation(across: across, down: down)
        #expect(orientation == Int(inHalf / 22.5), "\(across), \(down)")
      }
    }
  }

  @Test func `no value is over that of a cell with one direction, and no cell longer than 1`() {
    let bytes = VectorMethod.orientedGradients.extract(
      from: patches(width: 128, height: 128, seed: 6)
    ).bytes
    let values = stride(from: 0, to: bytes.count, by: 4).map { start in
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
      return Double(Float(bitPattern: bits))
    }
    for cell in stride(from: 0, to: values.count, by: 8) {
      let length = values[cell..<cell + 8].reduce(0) { $0 + $1 * $1 }
      #expect(length == 0 || (0.999...1.000001).contains(length))
    }
  }

  @Test func `a raster of another size is refused`() async {
    await #expect(processExitsWith: .failure) {
      let raster = Raster(gray: .init(repeating: 0, count: 64 * 128), width: 64)
      _ = VectorMethod.orientedGradients.extract(from: raster)
    }
  }
}
