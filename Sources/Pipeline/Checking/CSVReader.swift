/// Reads a table of comma-separated values (RFC 4180) as bytes, row by row.
///
/// A field may be quoted, and then hold commas, line breaks and doubled quotes. Lines end in CR LF or LF;
/// a byte order mark of UTF-8 is passed over, and so are empty lines. Fields are bytes in any encoding.
struct CSVReader {
  /// Where and why a table cannot be read.
  struct Failure: Error {
    let line: Int
    let detail: String
  }

  private let bytes: [UInt8]
  private var position: Int
  /// The line at `position`, from 1.
  private var line = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The fields of the next row and the line that it begins in; nil after the last.
  mutating func next() throws(Failure) -> (fields: [[UInt8]], line: Int)? {
    while position < bytes.count, endLine() {}
    guard position < bytes.count else { return nil }
    let start = line
    var fields = [try field()]
    while position < bytes.count, !endLine() {
      guard bytes[position] == UInt8(ascii: ",") else {
        throw Failure(line: line, detail: "text follows a closing quote")
      }
      position += 1
      fields.append(try field())
    }
    return (fields, start)
  }

  /// Steps over the end of a line, if there is one here.
  private mutating func endLine() -> Bool {
    let lineFeed = UInt8(ascii: "\n")
    if bytes[position] == lineFeed {
      position += 1
    } else if bytes[position] == UInt8(ascii: "\r"), position + 1 < bytes.count,
      bytes[position + 1] == lineFeed
    {
      position += 2
    } else {
      return false
    }
    line += 1
    return true
  }

  private mutating func field() throws(Failure) -> [UInt8] {
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return try quotedField() }
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: ",") {
      if bytes[position] == UInt8(ascii: "\n") { break }
      position += 1
    }
    // The CR of a CR LF is no part of the field.
    if position < bytes.count, bytes[position] == UInt8(ascii: "\n"), position > start,
      bytes[position - 1] == UInt8(ascii: "\r")
    {
      position -= 1
    }
    return Array(bytes[start..<position])
  }

  private mutating func quotedField() throws(Failure) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    let start = line
    var field: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == quote {
        guard position < bytes.count, bytes[position] == quote else { return field }
        position += 1
      } else if byte == UInt8(ascii: "\n") {
        line += 1
      }
      field.append(byte)
    }
    throw Failure(line: start, detail: "a quote is opened and never closed")
  }
}
