/// A gray picture shrunk or enlarged to any size with Lanczos' filter of three lobes, as Pillow 13
/// does it.
///
/// Each side in turn; weights in 22-bit fractions, every result rounded to a byte. The columns go
/// first unless the height loses more than twice as many pixels as the width: that is what Pillow does
/// on the 500 sizes that were tried. Its weights could differ where the last bit of a sine decides
/// how one is rounded, which no picture that was tried shows.
enum LanczosResize {
  /// The pixels of a picture `width` wide, resized.
  ///
  /// - Complexity: O(w h) for w x h pixels that are shrunk; a pixel weighs in six columns and six rows.
  static func resized(
    _ pixels: [UInt8], width: Int, toWidth newWidth: Int, height newHeight: Int
  ) -> [UInt8] {
    let height = pixels.count / width
    let isTall = height > newHeight && height - newHeight > 2 * (width - newWidth)
    let columns = windows(from: width, to: newWidth)
    let rows = windows(from: height, to: newHeight)
    if isTall {
      let low = blended(pixels, rowLength: width, rows)
      let narrow = blended(transposed(low, width: width), rowLength: newHeight, columns)
      return transposed(narrow, width: newHeight)
    }
    let narrow = blended(transposed(pixels, width: width), rowLength: height, columns)
    return blended(transposed(narrow, width: height), rowLength: newWidth, rows)
  }

  /// The inputs from `first` on that an output is made of, and what each weighs.
  private struct Window {
    let first: Int
    let weights: [Int32]
  }

  private static let fractionBits: Int32 = 22

  /// One row for each window: the weighted sum of the rows it covers.
  private static func blended(
    _ pixels: [UInt8], rowLength: Int, _ windows: [Window]
  ) -> [UInt8] {
    var sums = [Int32](repeating: 0, count: rowLength)
    return unsafe [UInt8](unsafeUninitializedCapacity: windows.count * rowLength) { result, count in
      count = windows.count * rowLength
      for (output, window) in windows.enumerated() {
        for index in sums.indices { sums[index] = 1 << (fractionBits - 1) }
        for (offset, weight) in window.weights.enumerated() {
          add(pixels, from: (window.first + offset) * rowLength, times: weight, to: &sums)
        }
        for (index, sum) in sums.enumerated() {
          unsafe result[output * rowLength + index] = UInt8(
            truncatingIfNeeded: max(0, min(255, sum &>> fractionBits)))
        }
      }
    }
  }

  @inline(__always)
  private static func add(
    _ pixels: [UInt8], from start: Int, times weight: Int32, to sums: inout [Int32]
  ) {
    unsafe pixels.withUnsafeBufferPointer { pixels in
      precondition(start + sums.count <= pixels.count, "row at \(start) of \(pixels.count)")
      for index in sums.indices {
        sums[index] &+= unsafe Int32(pixels[start &+ index]) &* weight
      }
    }
  }

  /// Columns as rows.
  static func transposed(_ pixels: [UInt8], width: Int) -> [UInt8] {
    let height = pixels.count / width
    return unsafe [UInt8](unsafeUninitializedCapacity: pixels.count) { result, count in
      count = pixels.count
      for y in 0..<height {
        for x in 0..<width { unsafe result[x * height + y] = pixels[y * width + x] }
      }
    }
  }

  /// The filter is as wide as three outputs each way, or three inputs where it enlarges.
  private static func windows(from inputCount: Int, to outputCount: Int) -> [Window] {
    let scale = Double(inputCount) / Double(outputCount)
    let reach = 3 * max(scale, 1)
    return (0..<outputCount).map { output in
      let center = (Double(output) + 0.5) * scale
      let first = max(0, Int(center - reach + 0.5))
      let end = min(inputCount, Int(center + reach + 0.5))
      // Distances to the centre in lobes, as fractions: the sines are exact in the same places.
      let values = (first..<end).map { input in
        lanczos(
          (2 * input + 1) * outputCount - (2 * output + 1) * inputCount,
          over: 2 * max(inputCount, outputCount))
      }
      let sum = values.reduce(0, +)
      let weights = values.map { value in
        let scaled = value / sum * Double(1 << fractionBits)
        return Int32(scaled + (scaled < 0 ? -0.5 : 0.5))
      }
      return Window(first: first, weights: weights)
    }
  }

  /// sinc(x) sinc(x / 3) for x = `numerator` / `denominator`, 0 from three on.
  private static func lanczos(_ numerator: Int, over denominator: Int) -> Double {
    let numerator = abs(numerator)
    guard numerator != 0 else { return 1 }
    guard numerator < 3 * denominator else { return 0 }
    let x = Double(numerator) / Double(denominator) * Double.pi
    let narrow = UnitCircle.roundedSine(numerator, of: 2 * denominator) / x
    return narrow * UnitCircle.roundedSine(numerator, of: 6 * denominator) / (x / 3)
  }
}
