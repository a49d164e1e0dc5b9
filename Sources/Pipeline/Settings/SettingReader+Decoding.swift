import Imaging

extension SettingReader {
  /// The settings of decoding.
  func decoding() throws -> DecodeSettings {
    var decoding = DecodeSettings()
    decoding.followsLinks = try boolean(.followLinks) ?? false
    if let background = try background() { decoding.background = background }
    if let limit = try integer(.maximumPixels, in: 1...(1 << 40)) { decoding.maximumPixels = limit }
    if let limit = try bytes(.maximumFileBytes, in: 1...(1 << 40)) {
      decoding.maximumFileBytes = limit
    }
    if let seconds = try integer(.secondsPerImage, in: 1...86_400) {
      decoding.secondsPerImage = seconds
    }
    if let limit = try bytes(.decoderMemory, in: (64 << 20)...(1 << 40)) {
      decoding.decoderMemoryBytes = limit
    }
    for name in list(.formats) ?? [] {
      guard let format = ImageFormat(rawValue: name), format.hasDecoder else {
        let names = ImageFormat.allCases.filter(\.hasDecoder).map(\.rawValue)
        throw failure(.formats, name, "one of \(names.joined(separator: ", "))")
      }
      decoding.extraFormats.insert(format)
    }
    return decoding
  }

  private func background() throws -> DecodeSettings.Color? {
    try text(.background).map { text in
      switch text {
      case "white": return .white
      case "black": return .init(red: 0, green: 0, blue: 0)
      default:
        guard text.count == 6, let value = UInt32(text, radix: 16) else {
          throw failure(.background, text, "white, black or six hexadecimal digits RRGGBB")
        }
        return .init(
          red: UInt8(value >> 16), green: UInt8(value >> 8 & 0xFF), blue: UInt8(value & 0xFF))
      }
    }
  }
}

extension DecodeSettings {
  /// The background as a setting.
  var backgroundText: String {
    [background.red, background.green, background.blue].map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
