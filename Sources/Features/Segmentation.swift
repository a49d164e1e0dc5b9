/// The bright and dark segments of a small picture, as ImageHash's `crop_resistant_hash` finds them.
enum Segmentation {
  /// Pixels a side.
  static let side = 300
  private static let threshold: UInt8 = 128
  private static let largestLeftOut = 500

  /// The places that a segment spans.
  struct Box: Hashable {
    let columns: ClosedRange<Int>
    let rows: ClosedRange<Int>
  }

  /// The boxes of all segments of more than 500 pixels that are connected by sides, all over 128 or
  /// all not, in the blurred picture: bright ones first, each kind in the order of first pixels.
  ///
  /// The reference counts the 1,200 places around the picture as done from the start, and stops
  /// looking for dark segments when 90,000 are: up to 1,200 pixels at the end are never looked at.
  ///
  /// - Precondition: `pixels` are 300 x 300.
  /// - Complexity: linear in the pixels.
  static func boxes(of pixels: [UInt8]) -> [Box] {
    precondition(pixels.count == side * side, "\(pixels.count) pixels")
    let isBright = majorities(of: blurred(pixels).map { $0 > threshold ? 1 : 0 })
    var search = SegmentSearch(isBright: isBright)
    var boxes: [Box] = []
    for wanted in [true, false] {
      for start in isBright.indices where isBright[start] == wanted && !search.isDone[start] {
        if !wanted && search.doneCount + 4 * side >= isBright.count { return boxes }
        let (box, count) = search.segment(from: start)
        if count > largestLeftOut { boxes.append(box) }
      }
    }
    return boxes
  }

  /// Pillow's Gaussian blur of radius 2: three times a box of 3.75 pixels, along rows, then along
  /// columns, each time rounded to a byte; beyond an edge is the last pixel.
  static func blurred(_ pixels: [UInt8]) -> [UInt8] {
    var pixels = pixels
    for _ in 0..<2 {
      pixels = LanczosResize.transposed(pixels, width: side)
      for _ in 0..<3 { pixels = blurredAlongColumns(pixels) }
    }
    return pixels
  }

  private static func blurredAlongColumns(_ pixels: [UInt8]) -> [UInt8] {
    // 1 / 3.75 and 0.375 / 3.75 in 24-bit fractions; with 3 and 2 of them the sum is 2²⁴.
    let (whole, part): (UInt32, UInt32) = (4_473_924, 1_677_722)
    var result = pixels
    unsafe pixels.withUnsafeBufferPointer { pixels in
      unsafe result.withUnsafeMutableBufferPointer { result in
        for y in 0..<side {
          let row = { (offset: Int) in max(0, min(side - 1, y + offset)) * side }
          let (first, second, third, fourth) = (row(-2), row(-1), row(1), row(2))
          for x in 0..<side {
            let outer = unsafe UInt32(pixels[first &+ x]) &+ UInt32(pixels[fourth &+ x])
            let inner = unsafe UInt32(pixels[second &+ x]) &+ UInt32(pixels[third &+ x])
            let middle = unsafe UInt32(pixels[y &* side &+ x])
            let sum = (inner &+ middle) &* whole &+ outer &* part
            unsafe result[y &* side &+ x] = UInt8(truncatingIfNeeded: (sum &+ 1 << 23) >> 24)
          }
        }
      }
    }
    return result
  }

  /// Whether the median of a pixel's 3 x 3 is bright: at least five of the nine are.
  ///
  /// Bright pixels are 1, others 0; beyond an edge is the last pixel.
  static func majorities(of isBright: [UInt8]) -> [Bool] {
    var sums = isBright
    for y in 0..<side {
      let (above, below) = (max(0, y - 1) * side, min(side - 1, y + 1) * side)
      for x in 0..<side {
        sums[y * side + x] = isBright[above + x] + isBright[y * side + x] + isBright[below + x]
      }
    }
    return isBright.indices.map { place in
      let x = place % side
      return sums[x > 0 ? place - 1 : place] + sums[place]
        + sums[x < side - 1 ? place + 1 : place] >= 5
    }
  }
}

/// Finds segments one after the other.
private struct SegmentSearch {
  let isBright: [Bool]
  private(set) var isDone: [Bool]
  /// Pixels found, without those that are a segment by themselves: the reference forgets these.
  private(set) var doneCount = 0
  private var waiting: [Int] = []

  init(isBright: [Bool]) {
    self.isBright = isBright
    isDone = isBright.map { _ in false }
  }

  /// The box and the size of the segment with this pixel, which is not done yet.
  mutating func segment(from start: Int) -> (Segmentation.Box, pixelCount: Int) {
    let side = Segmentation.side
    var (left, right, top, bottom) = (side, 0, side, 0)
    var count = 0
    isDone[start] = true
    waiting = [start]
    while let pixel = waiting.popLast() {
      let (y, x) = pixel.quotientAndRemainder(dividingBy: side)
      (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
      count += 1
      if x > 0 { visit(pixel - 1, isBright[start]) }
      if x < side - 1 { visit(pixel + 1, isBright[start]) }
      if y > 0 { visit(pixel - side, isBright[start]) }
      if y < side - 1 { visit(pixel + side, isBright[start]) }
    }
    if count > 1 { doneCount += count }
    return (Segmentation.Box(columns: left...right, rows: top...bottom), count)
  }

  private mutating func visit(_ pixel: Int, _ wanted: Bool) {
    guard !isDone[pixel], isBright[pixel] == wanted else { return }
    isDone[pixel] = true
    waiting.append(pixel)
  }
}
