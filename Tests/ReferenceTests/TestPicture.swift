import Imaging
import TestImages

/// Pictures drawn from a seed in integers; `Makers/pictures.py` draws the same for the references.
enum TestPicture: String, CaseIterable {
  case flat, across, slope, noise, checks, picture, mirrored, quartered, posterised, page, inset
  case dark

  /// The picture as a raster; channels are drawn one by one, each from a seed of its own.
  func raster(seed: UInt64, _ specification: RasterSpecification) -> Raster {
    let channelCount = specification.channels.rawValue
    var pixels = [UInt8](repeating: 0, count: specification.byteCount)
    for channel in 0..<channelCount {
      var plane = Plane(width: specification.width, height: specification.height)
      var random = SplitMix(seed: seed * 16 + UInt64(channel))
      draw(&plane, &random)
      for index in plane.values.indices {
        pixels[index * channelCount + channel] = UInt8(plane.values[index])
      }
    }
    return Raster(specification: specification, pixels: pixels)
  }

  private func draw(_ plane: inout Plane, _ random: inout SplitMix) {
    let (width, height) = (plane.width, plane.height)
    switch self {
    case .flat:
      let value = random.below(256)
      plane.fill { _, _ in value }
    case .across: plane.fill { x, _ in x * 255 / (width - 1) }
    case .slope: plane.fill { x, y in (x + 2 * y) * 255 / (width + 2 * height) }
    case .noise: plane.fill { _, _ in random.below(256) }
    case .checks: plane.fill { x, y in (x * 8 / width + y * 8 / height) % 2 * 255 }
    case .picture: plane.drawBlobs(&random)
    case .mirrored:
      plane.drawBlobs(&random)
      plane.rearrange { x, y in (min(x, width - 1 - x), y) }
    case .quartered:
      plane.drawBlobs(&random)
      plane.rearrange { x, y in (min(x, width - 1 - x), min(y, height - 1 - y)) }
    case .posterised:
      plane.drawBlobs(&random)
      plane.values = plane.values.map { $0 / 64 * 85 }
    case .page: plane.drawText(&random)
    case .inset:
      plane.drawBlobs(&random)
      let picture = plane
      plane.fill { x, y in
        (2...5).contains(y * 8 / height) && (3...6).contains(x * 8 / width) ? picture[x, y] : 255
      }
    case .dark:
      plane.drawBlobs(&random)
      plane.values = plane.values.map { $0 / 40 }
    }
  }
}

/// One channel of a picture, row by row.
private struct Plane {
  let width: Int
  let height: Int
  var values: [Int]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    values = [Int](repeating: 0, count: width * height)
  }

  subscript(x: Int, y: Int) -> Int { values[y * width + x] }

  mutating func fill(_ value: (Int, Int) -> Int) {
    for y in 0..<height {
      for x in 0..<width { values[y * width + x] = value(x, y) }
    }
  }

  mutating func rearrange(_ source: (Int, Int) -> (Int, Int)) {
    let original = self
    fill { x, y in
      let (sourceX, sourceY) = source(x, y)
      return original[sourceX, sourceY]
    }
  }

  /// Soft blobs, light and dark, and a little grain.
  mutating func drawBlobs(_ random: inout SplitMix) {
    let ground = 60 + random.below(120)
    fill { _, _ in ground }
    for _ in 0..<14 {
      let (column, row) = (random.below(1024), random.below(1024))
      let (radius, strength) = (60 + random.below(400), random.below(180))
      let sign = 1 - 2 * random.below(2)
      for y in 0..<height {
        for x in 0..<width {
          let (dx, dy) = (x * 1024 / width - column, y * 1024 / height - row)
          let rest = max(0, radius * radius - dx * dx - dy * dy)
          values[y * width + x] += sign * (rest * strength / (radius * radius))
        }
      }
    }
    values = values.map { min(255, max(0, $0 + random.below(7) - 3)) }
  }

  /// Bars of text on plain white.
  mutating func drawText(_ random: inout SplitMix) {
    fill { _, _ in 255 }
    for line in 0..<8 {
      let first = 6 + random.below(6)
      let last = 30 + random.below(26)
      for y in 0..<height where y * 64 / height == 8 + 5 * line {
        for x in 0..<width where (first..<last).contains(x * 64 / width) {
          values[y * width + x] = 20
        }
      }
    }
  }
}

extension SplitMix {
  mutating func below(_ bound: UInt64) -> Int { Int((next() >> 33) % bound) }
}
