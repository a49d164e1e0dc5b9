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
