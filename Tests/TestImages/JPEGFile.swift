/// A JPEG file of flat blocks of 8 x 8 pixels, with room for lies.
///
/// Only the mean of each block is coded, with a quantiser of 8, so that every sample of a decoded
/// block is exactly its value (in the file's own channels).
public struct JPEGFile {
  /// Columns and rows, as the header says.
  public var width: Int, height: Int
  /// 1 gray, 3 YCbCr, 4 CMYK.
  public var componentCount: Int
  /// The value of a block, from 0 to 255.
  public var block: (_ column: Int, _ row: Int, _ component: Int) -> Int
  /// The frame marker: 0xC0 baseline, 0xC2 progressive.
  public var frame: UInt8 = 0xC0
  /// Bits a sample, as the header says.
  public var precision = 8
  /// How often the scan is written.
  public var scanCount = 1
  /// Segments after the start of the image, each with marker and length.
  public var segments: [UInt8] = []

  /// Makes the description of a baseline file.
  public init(
    width: Int, height: Int, componentCount: Int = 3,
    block: @escaping (_ column: Int, _ row: Int, _ component: Int) -> Int
  ) {
    (self.width, self.height, self.componentCount) = (width, height, componentCount)
    self.block = block
  }

  /// The file.
  public var bytes: [UInt8] {
    head + (0..<scanCount).flatMap { _ in scanHeader + scanData } + [0xFF, 0xD9]
  }

  /// Everything before the first scan.
  public var head: [UInt8] {
    var file: [UInt8] = [0xFF, 0xD8] + segments
    if componentCount == 4 {
      file += Self.segment(0xEE, Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, 0])
    }
    file += Self.segment(0xDB, [0] + [UInt8](repeating: 8, count: 64))
    let components: [UInt8] = (1...UInt8(componentCount)).flatMap { [$0, 0x11, 0] as [UInt8] }
    let size = bigEndian16(height) + bigEndian16(width)
    let count = [UInt8(componentCount)]
    file += Self.segment(frame, [UInt8(precision)] + size + count + components)
    // DC: nine categories, each a code of four bits. AC: the end of a block, a code of one bit.
    let direct: [UInt8] = [0, 0, 0, 9] + [UInt8](repeating: 0, count: 12) + Array(0...8)
    file += Self.segment(0xC4, [0x00] + direct)
    return file + Self.segment(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0])
  }

  /// The header of a scan of all components.
  public var scanHeader: [UInt8] {
    let components: [UInt8] = (1...UInt8(componentCount)).flatMap { [$0, 0x00] as [UInt8] }
    let spectrum: [UInt8] = [0, frame == 0xC2 ? 0 : 63, 0]
    return Self.segment(0xDA, [UInt8(componentCount)] + components + spectrum)
  }

  /// The entropy-coded data of a scan.
  public var scanData: [UInt8] {
    var bits = HuffmanWriter()
    var last = [Int](repeating: 0, count: componentCount)
    for row in 0..<((height + 7) / 8) {
      for column in 0..<((width + 7) / 8) {
        for component in 0..<componentCount {
          let value = block(column, row, component) - 128
          let difference = value - last[component]
          last[component] = value
          let category = Int.bitWidth - abs(difference).leadingZeroBitCount
          bits.add(category, 4)
          bits.add(difference < 0 ? difference + (1 << category) - 1 : difference, category)
          if frame != 0xC2 { bits.add(0, 1) }
        }
      }
    }
    return bits.finished
  }

  /// A marker segment with its length.
  public static func segment(_ marker: UInt8, _ data: [UInt8]) -> [UInt8] {
    [0xFF, marker] + bigEndian16(data.count + 2) + data
  }

  /// An EXIF segment that names an orientation.
  public static func exif(orientation: Int) -> [UInt8] {
    segment(0xE1, Array("Exif\0\0".utf8) + ExifBlock.bytes(orientation: orientation))
  }
}

/// A TIFF structure with one tag, the orientation, as EXIF has it.
public enum ExifBlock {
  /// The structure, big-endian.
  public static func bytes(orientation: Int) -> [UInt8] {
    [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1]
      + bigEndian16(orientation) + [0, 0, 0, 0, 0, 0]
  }
}

/// Bits packed from the highest of each byte on, a zero after each 0xFF.
struct HuffmanWriter {
  private var bytes = [UInt8]()
  private var pending = 0
  private var pendingCount = 0

  mutating func add(_ value: Int, _ count: Int) {
    pending = pending << count | value & ((1 << count) - 1)
    pendingCount += count
    while pendingCount >= 8 {
      pendingCount -= 8
      let byte = UInt8(truncatingIfNeeded: pending >> pendingCount)
      bytes.append(byte)
      if byte == 0xFF { bytes.append(0) }
    }
    pending &= (1 << pendingCount) - 1
  }

  /// Fills the last byte with ones and adds a marker.
  mutating func mark(_ marker: UInt8) {
    bytes = finished + [0xFF, marker]
    (pending, pendingCount) = (0, 0)
  }

  /// The bytes, the last one filled with ones.
  var finished: [UInt8] {
    var whole = self
    if pendingCount > 0 { whole.add(0xFF, 8 - pendingCount) }
    return whole.bytes
  }
}
