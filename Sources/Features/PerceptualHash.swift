/// `phash`: which of the lowest cosine frequencies, the constant one included, are above their
/// median.
///
/// The transform of the raster in double precision, first down the columns, then along the rows, as
/// in the reference; of the first result only the rows that are looked at go on.
struct PerceptualHash {
  /// Frequencies on each axis.
  let side: Int
  private let transform: CosineTransform

  /// Frequencies on each axis, and how many times as many pixels.
  private init(side: Int, factor: Int) {
    self.side = side
    transform = CosineTransform(length: side * factor)
  }

  static let side8 = PerceptualHash(side: 8, factor: 4)
  static let side16 = PerceptualHash(side: 16, factor: 4)
  static let side32 = PerceptualHash(side: 32, factor: 4)
  static let side64 = PerceptualHash(side: 64, factor: 4)
  static let side64Factor16 = PerceptualHash(side: 64, factor: 16)

  func feature(of pixels: [UInt8]) -> BitString {
    let frequencies = frequencies(of: pixels)
    let median = evenMedian(of: frequencies)
    let bytes = BitString.packedBytes(count: side * side) { frequencies[$0] > median }
    return BitString(bytes: bytes, hasDetail: hasVariance(pixels))
  }

  /// The `side` x `side` lowest frequencies, vertical frequency by row.
  func frequencies(of pixels: [UInt8]) -> [Double] {
    let length = transform.length
    var values = [CosineTransform.Lanes](repeating: .zero, count: length)
    var scratch = values
    // Column x of the first `side` rows is lane x % 8 of `columns[row * length / 8 + x / 8]`.
    let blockCount = length / 8
    var columns = [CosineTransform.Lanes](repeating: .zero, count: side * blockCount)
    for block in 0..<blockCount {
      for y in 0..<length {
        for lane in 0..<8 { values[y][lane] = Double(pixels[y * length + block * 8 + lane]) }
      }
      transform.transform(&values, scratch: &scratch)
      for row in 0..<side { columns[row * blockCount + block] = values[row] }
    }
    var result = [Double](repeating: 0, count: side * side)
    for firstRow in stride(from: 0, to: side, by: 8) {
      for x in 0..<length {
        for lane in 0..<8 {
          values[x][lane] = columns[(firstRow + lane) * blockCount + x / 8][x % 8]
        }
      }
      transform.transform(&values, scratch: &scratch)
      for lane in 0..<8 {
        for column in 0..<side { result[(firstRow + lane) * side + column] = values[column][lane] }
      }
    }
    return result
  }
}
