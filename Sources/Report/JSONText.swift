import Catalog

extension [UInt8] {
  /// Appends the key and value of a path: `"path":"…"`, or `"pathBase64":"…"` when it is not UTF-8.
  mutating func append(jsonPath path: ArchivePath) {
    if Self.isUTF8(path.bytes) {
      append("\"path\":")
      append(jsonUTF8: path.bytes)
    } else {
      append("\"pathBase64\":\"")
      append(base64: path.bytes)
      append(UInt8(ascii: "\""))
    }
  }

  /// Appends a quoted JSON string.
  mutating func append(json text: String) { append(jsonUTF8: Array(text.utf8)) }

  /// Appends a quoted JSON string of bytes that are known to be UTF-8.
  mutating func append(jsonUTF8 bytes: [UInt8]) {
    append(UInt8(ascii: "\""))
    if bytes.contains(where: Self.needsJSONEscape) {
      for byte in bytes { append(jsonByte: byte) }
    } else {
      append(contentsOf: bytes)
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func append(jsonByte byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case UInt8(ascii: "\n"): append("\\n")
    case 0..<0x20, 0x7F:
      append("\\u00")
      append(hex: byte)
    default: append(byte)
    }
  }

  private static func needsJSONEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// Appends a byte as two upper-case hexadecimal digits.
  mutating func append(hex byte: UInt8) {
    for digit in [byte >> 4, byte & 15] {
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10)
    }
  }

  /// Whether bytes are UTF-8; nearly every path is ASCII, which needs no decoding.
  private static func isUTF8(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
  }

  /// Appends the Base64 of bytes (RFC 4648, section 4, with padding).
  mutating func append(base64 bytes: [UInt8]) {
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<Swift.min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for byte in group { bits = bits << 8 | UInt32(byte) }
      bits <<= 8 * UInt32(3 - group.count)
      for position in 0..<4 {
        guard position <= group.count else {
          append(UInt8(ascii: "="))
          continue
        }
        append(Self.base64Digit(UInt8(bits >> (18 - 6 * UInt32(position)) & 63)))
      }
    }
  }

  private static func base64Digit(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + value - 26
    case 52..<62: UInt8(ascii: "0") + value - 52
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }
}
