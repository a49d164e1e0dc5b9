/// Shrinking to half the side with Lanczos' filter of three lobes, as Pillow does it.
///
/// Each side in turn, rows first; weights in 22-bit fractions, every result rounded to a byte, so
/// the bytes are Pillow's.
struct LanczosHalving {
  private let width: Int
  private let height: Int
  private let columnWindows: [Window]
  private let rowWindows: [Window]

  /// The sixteen inputs from `first` on that one output value is made of.
  ///
  /// The filter spans twelve; the others, and those beyond an edge, weigh nothing.
  private struct Window {
    let first: Int
    let weights: SIMD16<Int32>
  }

  private static let span = 16
  private static let fractionBits: Int32 = 22

  /// Makes the filter for pictures of `width` x `height` gray pixels, both even and at least 16.
  init(width: Int, height: Int) {
    precondition(
      width % 2 == 0 && height % 2 == 0 && min(width, height) >= Self.span,
      "half of \(width) x \(height)")
    self.width = width
    self.height = height
    columnWindows = Self.windows(inputCount: width)
    rowWindows = Self.windows(inputCount: height)
  }

  /// The picture of half the width and half the height.
  ///
  /// - Precondition: `pixels` are those of a picture of the filter's size.
  func halved(_ pixels: [UInt8]) -> [UInt8] {
    precondition(pixels.count == width * height, "\(pixels.count) of \(width * height) pixels")
    let (halfWidth, halfHeight) = (width / 2, height / 2)
    // Column by column, so that the second pass also reads neighbours in memory.
    var columns = [UInt8](repeating: 0, count: halfWidth * height)
    for (x, window) in columnWindows.enumerated() {
      for y in 0..<height {
        columns[x * height + y] = Self.mean(pixels, from: y * width, window)
      }
    }
    var result = [UInt8](repeating: 0, count: halfWidth * halfHeight)
    for (y, window) in rowWindows.enumerated() {
      for x in 0..<halfWidth {
        result[y * halfWidth + x] = Self.mean(columns, from: x * height, window)
      }
    }
    return result
  }

  @inline(__always)
  private static func mean(_ values: [UInt8], from start: Int, _ window: Window) -> UInt8 {
    let bytes = unsafe values.withUnsafeBytes { bytes in
      unsafe bytes.loadUnaligned(fromByteOffset: start + window.first, as: SIMD16<UInt8>.self)
    }
    let products = SIMD16<Int32>(truncatingIfNeeded: bytes) &* window.weights
    let sum = products.wrappedSum() &+ (1 << (fractionBits - 1))
    return UInt8(truncatingIfNeeded: max(0, min(255, sum &>> fractionBits)))
  }

  private static func windows(inputCount: Int) -> [Window] {
    (0..<inputCount / 2).map { output in
      // The filter is centred on the edge after input 2 · output and reaches six inputs each way.
      let reach = max(0, 2 * output - 5)...min(inputCount - 1, 2 * output + 6)
      let sum = reach.reduce(0) { $0 + lanczos(quarters: 2 * ($1 - 2 * output) - 1) }
      let first = min(reach.lowerBound, inputCount - span)
      var weights = SIMD16<Int32>()
      for input in reach {
        let share = lanczos(quarters: 2 * (input - 2 * output) - 1) / sum
        let scaled = share * Double(1 << fractionBits)
        weights[input - first] = Int32(scaled + (scaled < 0 ? -0.5 : 0.5))
      }
      return Window(first: first, weights: weights)
    }
  }

  /// sinc(x) sinc(x / 3) for x = `quarters` / 4, odd.
  private static func lanczos(quarters: Int) -> Double {
    let x = Double(abs(quarters)) / 4 * Double.pi
    let wide = UnitCircle.point(abs(quarters), of: 8).sine / x
    return wide * UnitCircle.point(abs(quarters), of: 24).sine / (x / 3)
  }
}
