/// `hog`: how much light changes in which direction, in each cell of 8 x 8 pixels (Dalal and Triggs
/// 2005), as scikit-image has it with 8 orientations, blocks of one cell and the norm L2-Hys.
///
/// The gradient of a pixel is the difference of its two neighbours along each axis, 0 across the edge
/// of the picture; its direction, whichever way the light goes, falls into one of eight parts of half
/// a turn, and its length counts there. The eight means of a cell are scaled to length 1, cut at 0.2
/// and scaled again. Directions are told apart in integers, and lengths summed in the order of the
/// pixels, so that no bit depends on the machine.
enum OrientedGradients {
  /// Pixels on a side of the raster.
  static let side = 128
  /// Cell by cell, row by row; those of a cell from the gradient along the rows on, clockwise.
  static let valueCount = cellCount * cellCount * orientationCount

  private static let orientationCount = 8
  private static let cellSide = 8
  private static let cellCount = side / cellSide
  /// What keeps a cell without gradients from being divided by 0, in the reference.
  private static let epsilon = 1e-5
  private static let largestValue = 0.2

  /// The components of gray 128 x 128; floats of 32 bits, little endian.
  static func feature(of pixels: [UInt8]) -> FeatureVector {
    let sums = sums(of: pixels)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(valueCount * 4)
    var hasDetail = false
    for cell in stride(from: 0, to: valueCount, by: orientationCount) {
      for value in normalized(sums[cell..<cell + orientationCount]) {
        bytes.append(littleEndian: Float(value).bitPattern)
        if value != 0 { hasDetail = true }
      }
    }
    return FeatureVector(bytes: bytes, hasDetail: hasDetail)
  }

  /// The lengths of all gradients, summed by cell and orientation.
  private static func sums(of pixels: [UInt8]) -> [Double] {
    var sums = [Double](repeating: 0, count: valueCount)
    for y in 0..<side {
      let (isInside, row) = (y > 0 && y < side - 1, y * side)
      let cells = y / cellSide * cellCount * orientationCount
      for x in 0..<side {
        let place = row + x
        let across =
          x > 0 && x < side - 1 ? Int32(pixels[place + 1]) - Int32(pixels[place - 1]) : 0
        let down = isInside ? Int32(pixels[place + side]) - Int32(pixels[place - side]) : 0
        let length = Double(across * across + down * down).squareRoot()
        let cell = cells + x / cellSide * orientationCount
        sums[cell + orientation(across: across, down: down)] += length
      }
    }
    return sums
  }

  /// Which eighth of half a turn a gradient lies in; the first of the eighth belongs to it.
  ///
  /// The tangent of an eighth, √2 - 1, is irrational. No fraction of whole numbers to 255 lies between
  /// it and 169/408, a convergent of its, which so parts gradients as the tangent does.
  @inline(__always)
  static func orientation(across: Int32, down: Int32) -> Int {
    let isTurned = down < 0 || (down == 0 && across < 0)
    let (x, y) = isTurned ? (-across, -down) : (across, down)
    // Each line counts 1 where the gradient is at or past a direction: by the sign of a cross product.
    var count = 0
    count += 408 * y >= 169 * x ? 1 : 0
    count += y >= x ? 1 : 0
    count += 169 * y >= 408 * x ? 1 : 0
    count += 0 >= x ? 1 : 0
    count += 169 * y <= -408 * x ? 1 : 0
    count += y <= -x ? 1 : 0
    count += 408 * y <= -169 * x ? 1 : 0
    return count
  }

  /// The means of one cell by the norm L2-Hys.
  private static func normalized(_ sums: ArraySlice<Double>) -> [Double] {
    let means = sums.map { $0 / Double(cellSide * cellSide) }
    let length = norm(means)
    let cut = means.map { min($0 / length, largestValue) }
    let cutLength = norm(cut)
    return cut.map { $0 / cutLength }
  }

  private static func norm(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } + epsilon * epsilon).squareRoot()
  }
}
