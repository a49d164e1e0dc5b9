import Imaging
import TestImages

/// A random PNG file and what it should look like.
struct RandomPicture {
  let file: PNGFile
  private let samples: [Int]

  init(colorType: Int, depth: Int, using random: inout SplitMix) {
    let width = Int.random(in: 1...70, using: &random)
    let height = Int.random(in: 1...40, using: &random)
    let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colorType] ?? 1
    let isFew = Bool.random(using: &random)
    let most = (1 << depth) - 1
    let samples = (0..<(width * height * channels)).map { _ in
      // Few values make keys match and predictors tie.
      isFew
        ? [0, most, most / 2].randomElement(using: &random) ?? 0
        : Int.random(in: 0...most, using: &random)
    }
    self.samples = samples
    var file = PNGFile(width: width, height: height, colorType: colorType, depth: depth) {
      x, y, c in samples[(y * width + x) * channels + c]
    }
    let filters = (0..<height).map { _ in UInt8.random(in: 0...4, using: &random) }
    file.filter = { filters[$0] }
    if colorType == 3 {
      file.palette = (0..<(3 << depth)).map { _ in UInt8.random(in: 0...255, using: &random) }
      file.transparency = (0..<(1 << (depth - 1))).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
    } else if colorType == 0 || colorType == 2, Bool.random(using: &random) {
      // Two bytes a sample whatever the depth: bits over the depth say nothing.
      let random16 = Int.random(in: 0..<65536, using: &random) & ~most
      file.transparency = (0..<channels).flatMap { bigEndian16(samples[$0] | random16) }
    }
    file.dataChunkByteCount = Int.random(in: 1...5000, using: &random)
    self.file = file
  }

  /// Red, green, blue and alpha of a pixel, each 0 to 255.
  private func pixel(_ x: Int, _ y: Int) -> (color: [Double], alpha: Double) {
    let start = (y * file.width + x) * file.channelCount
    let values = Array(samples[start..<(start + file.channelCount)])
    if file.colorType == 3 {
      let entry = file.palette[(3 * values[0])..<(3 * values[0] + 3)].map(Double.init)
      let alpha = values[0] < file.transparency.count ? file.transparency[values[0]] : 255
      return (entry, Double(alpha))
    }
    let most = (1 << file.depth) - 1
    let scaled = values.map { Double(file.depth == 16 ? $0 >> 8 : $0 * 255 / most) }
    switch file.colorType {
    case 0, 2:
      let key = stride(from: 0, to: file.transparency.count, by: 2).map {
        (Int(file.transparency[$0]) << 8 | Int(file.transparency[$0 + 1])) & most
      }
      let color = file.colorType == 0 ? [scaled[0], scaled[0], scaled[0]] : scaled
      return (color, key == values ? 0 : 255)
    case 4: return ([scaled[0], scaled[0], scaled[0]], scaled[1])
    default: return (Array(scaled[..<3]), scaled[3])
    }
  }

  /// The area mean over the background, in floating point; in gray as Y of BT.601.
  func mean(_ raster: RasterSpecification, background: [Double]) -> [Double] {
    var means = [Double]()
    for row in 0..<raster.height {
      for column in 0..<raster.width {
        var sum = [0.0, 0.0, 0.0]
        var area = 0.0
        for (y, dy) in Self.shares(row, of: raster.height, length: file.height) {
          for (x, dx) in Self.shares(column, of: raster.width, length: file.width) {
            let (color, alpha) = pixel(x, y)
            for c in 0..<3 {
              sum[c] += dx * dy * (color[c] * alpha + background[c] * (255 - alpha)) / 255
            }
            area += dx * dy
          }
        }
        let mean = sum.map { $0 / area }
        means +=
          raster.channels == .color
          ? mean : [0.299 * mean[0] + 0.587 * mean[1] + 0.114 * mean[2]]
      }
    }
    return means
  }

  /// The pixels that a cell covers, and how much of each.
  private static func shares(_ cell: Int, of count: Int, length: Int) -> [(Int, Double)] {
    let start = Double(cell * length) / Double(count)
    let end = Double((cell + 1) * length) / Double(count)
    return (0..<length).compactMap { pixel in
      let share = min(end, Double(pixel + 1)) - max(start, Double(pixel))
      return share > 1e-9 ? (pixel, share) : nil
    }
  }
}
