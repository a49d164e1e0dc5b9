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
  let rasters: RasterRequest

  var bytes: [UInt8] {
    var writer = MessageWriter()
    writer.add(ImageFormat.allCases.firstIndex(of: format) ?? 0)
    writer.add(orientation?.rawValue ?? 0)
    writer.add(Int(settings.background.red))
    writer.add(Int(settings.background.green))
    writer.add(Int(settings.background.blue))
    writer.add(settings.maximumPixels)
    switch rasters {
    case .fitting(let side):
      writer.add(side)
      writer.add(0)
    case .exactly(let specifications):
      writer.add(0)
      writer.add(specifications.count)
      for specification in specifications { writer.add(specification) }
    }
    return writer.padded(to: Self.byteCount)
  }

  init(
    format: ImageFormat, orientation: Orientation?, settings: DecodeSettings, rasters: RasterRequest
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
    let side = reader.int()
    let count = reader.int()
    rasters =
      side > 0 ? .fitting(side: side) : .exactly((0..<count).map { _ in reader.specification() })
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

private struct MessageWriter {
  private var bytes = [UInt8]()

  mutating func add(_ value: Int) {
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// Eight bytes: a raster is at most 2²⁴ - 1 pixels wide and high.
  mutating func add(_ specification: RasterSpecification) {
    precondition(
      max(specification.width, specification.height) < 1 << 24, "a raster of \(specification)")
    add(
      specification.width << 32 | specification.height << 8 | specification.channels.rawValue)
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

  mutating func specification() -> RasterSpecification {
    let value = int()
    return RasterSpecification(
      width: value >> 32, height: value >> 8 & 0xFFFFFF,
      channels: value & 0xFF == 3 ? .color : .gray)
  }
}

extension [UInt8] {
  fileprivate func padded(to count: Int) -> [UInt8] {
    precondition(self.count <= count, "a message of \(self.count) bytes, over \(count)")
    return self + [UInt8](repeating: 0, count: count - self.count)
  }
}
