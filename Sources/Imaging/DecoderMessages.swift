/// What a worker asks of its decoder process, besides the open file that travels with it.
///
/// Both messages have a fixed length; numbers are little-endian. Worker and decoder are the same
/// binary, so there is no version.
struct DecoderRequest {
  static let byteCount = 512

  let format: ImageFormat
  /// The orientation that the worker read itself, or nil to take libvips'.
  let orientation: Orientation?
  let settings: DecodeSettings
  let rasters: [RasterForm]

  var bytes: [UInt8] {
    var writer = MessageWriter()
    writer.add(ImageFormat.allCases.firstIndex(of: format) ?? 0)
    writer.add(orientation?.rawValue ?? 0)
    writer.add(Int(settings.background.red))
    writer.add(Int(settings.background.green))
    writer.add(Int(settings.background.blue))
    writer.add(settings.maximumPixels)
    writer.add(rasters.count)
    for form in rasters { writer.add(form) }
    return writer.padded(to: Self.byteCount)
  }

  init(
    format: ImageFormat, orientation: Orientation?, settings: DecodeSettings, rasters: [RasterForm]
  ) {
    (self.format, self.orientation) = (format, orientation)
    (self.settings, self.rasters) = (settings, rasters)
  }

  init(_ bytes: [UInt8]) {
    var reader = MessageReader(bytes)
    format = ImageFormat.allCases[reader.int()]
    let orientation = reader.int()
    self.orientation = orientation == 0 ? nil : Orientation(rawValue: orientation)
    var settings = DecodeSettings()
    settings.background = DecodeSettings.Color(
      red: UInt8(reader.int()), green: UInt8(reader.int()), blue: UInt8(reader.int()))
    settings.maximumPixels = reader.int()
    self.settings = settings
    let count = reader.int()
    rasters = (0..<count).map { _ in reader.form() }
  }
}

/// What a decoder process answers; the rasters' pixels follow a decoded picture.
struct DecoderReply {
  static let byteCount = 512

  enum Outcome: Int {
    case decoded = 1
    /// Over a limit: the size tells which.
    case refused = 2
    case damagedHeader = 3
    case damaged = 4
    case noLoader = 5
    case outOfMemory = 6
  }

  var outcome: Outcome
  /// After orientation; 0 when not known.
  var width = 0
  var height = 0
  var detail = ""

  var bytes: [UInt8] {
    var writer = MessageWriter()
    writer.add(outcome.rawValue)
    writer.add(width)
    writer.add(height)
    let text = Array(detail.utf8.prefix(Self.byteCount - 64))
    writer.add(text.count)
    return (writer.padded(to: 32) + text).padded(to: Self.byteCount)
  }

  init(outcome: Outcome, width: Int = 0, height: Int = 0, detail: String = "") {
    (self.outcome, self.width, self.height, self.detail) = (outcome, width, height, detail)
  }

  /// Nil for bytes that no decoder process of ours would send.
  init?(_ bytes: [UInt8]) {
    var reader = MessageReader(bytes)
    guard let outcome = Outcome(rawValue: reader.int()) else { return nil }
    self.outcome = outcome
    width = reader.int()
    height = reader.int()
    let length = reader.int()
    let sizes = 0...Int(Int32.max)
    guard sizes.contains(width), sizes.contains(height),
      (0...(Self.byteCount - 32)).contains(length)
    else { return nil }
    detail = String(decoding: bytes[32..<(32 + length)], as: UTF8.self)
  }
}

private let withinFlag = 0x80

private struct MessageWriter {
  private var bytes = [UInt8]()

  mutating func add(_ value: Int) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// Eight bytes: a raster is at most 2²⁴ - 1 pixels wide and high, no height stands for any, and a
  /// flag beside the channels says that the size is not enlarged to.
  mutating func add(_ form: RasterForm) {
    let (width, height, channels, flag) =
      switch form {
      case .exactly(let raster): (raster.width, raster.height, raster.channels, 0)
      case .within(let raster): (raster.width, raster.height, raster.channels, withinFlag)
      case .fitting(let side, let channels): (side, 0, channels, 0)
      }
    precondition(max(width, height) < 1 << 24, "a raster of \(form)")
    add(width << 32 | height << 8 | channels.rawValue | flag)
  }

  func padded(to count: Int) -> [UInt8] { bytes.padded(to: count) }
}

private struct MessageReader {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func int() -> Int {
    defer { offset += 8 }
    return (0..<8).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  mutating func form() -> RasterForm {
    let value = int()
    let (width, height) = (value >> 32, value >> 8 & 0xFFFFFF)
    let channels: RasterSpecification.Channels = value & 3 == 3 ? .color : .gray
    if height == 0 { return .fitting(side: width, channels) }
    let raster = RasterSpecification(width: width, height: height, channels: channels)
    return value & withinFlag == 0 ? .exactly(raster) : .within(raster)
  }
}

extension [UInt8] {
  fileprivate func padded(to count: Int) -> [UInt8] {
    precondition(self.count <= count, "a message of \(self.count) bytes, over \(count)")
    return self + [UInt8](repeating: 0, count: count - self.count)
  }
}
