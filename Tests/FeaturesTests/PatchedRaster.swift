import Imaging

extension Raster {
  /// A gray raster of these pixels, row by row.
  init(gray pixels: [UInt8], width: Int) {
    let specification = RasterSpecification(
      width: width, height: pixels.count / width, channels: .gray)
    self.init(specification: specification, pixels: pixels)
  }
}

/// Rectangles of many sizes and grays over each other with a little grain: corners, edges, detail.
///
/// With a period the picture repeats itself.
func patches(width: Int, height: Int, period: Int = 256, seed: UInt64) -> Raster {
  var random = Noise(state: seed)
  var tile = [UInt8](repeating: 120, count: period * period)
  for _ in 0..<period * period / 400 {
    let (left, top) = (Int(random.next() >> 40) % period, Int(random.next() >> 40) % period)
    let (columns, rows) = (4 + Int(random.next() >> 40) % 30, 4 + Int(random.next() >> 40) % 30)
    let gray = UInt8(truncatingIfNeeded: random.next() >> 40)
    for y in top..<min(period, top + rows) {
      for x in left..<min(period, left + columns) { tile[y * period + x] = gray }
    }
  }
  for index in tile.indices {
    tile[index] = UInt8(min(255, Int(tile[index]) + Int(random.next() >> 40) % 6))
  }
  let pixels = (0..<width * height).map { index in
    tile[index / width % period * period + index % width % period]
  }
  return Raster(gray: pixels, width: width)
}
