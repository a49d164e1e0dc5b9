/// Bytes of unknown origin as one line for a person.
///
/// Control and format characters, backslashes and bytes that are not UTF-8 are written as `\n`, `\\` or
/// `\xNN`, so that no name and no message can move the cursor of a terminal.
public func displayText(_ bytes: some Collection<UInt8>) -> String {
  var text = ""
  var rest = bytes[...]
  while let byte = rest.first {
    let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    if let part = String(validating: rest.prefix(length), as: UTF8.self),
      let scalar = part.unicodeScalars.first, part.unicodeScalars.count == 1
    {
      text += escaped(scalar)
      rest = rest.dropFirst(length)
    } else {
      text += escaped(byte: byte)
      rest = rest.dropFirst()
    }
  }
  return text
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
  switch scalar {
  case "\n": "\\n"
  case "\t": "\\t"
  case "\\": "\\\\"
  default:
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator:
      scalar.utf8.map { escaped(byte: $0) }.joined()
    default: String(scalar)
    }
  }
}

private func escaped(byte: UInt8) -> String {
  "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
}

/// The bytes that `displayText` gives as a text; nil for a text with an escape that it never gives.
func bytesShown(as text: String) -> [UInt8]? {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "\\") else {
      bytes.append(byte)
      continue
    }
    switch rest.popFirst() {
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "\\"): bytes.append(byte)
    case UInt8(ascii: "x"):
      let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
      guard digits.count == 2 else { return nil }
      bytes.append(UInt8(digits[0] << 4 | digits[1]))
      rest = rest.dropFirst(2)
    default: return nil
    }
  }
  return bytes
}
