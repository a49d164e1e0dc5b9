import Catalog
import Storage

/// `images.csv` of a batch folder: what became of each image, for a person, and for making the catalog
/// again when the database is lost.
///
/// RFC 4180; a path is the raw bytes of the name, quoted. Lane and warnings are told of the images that
/// were read for this generation.
enum BatchTable {
  private static let heading =
    "image,path,bytes,modifiedNanoseconds,gone,outcome,width,height,content,lane,warnings,stage,"
    + "decoder,message\r\n"

  /// The table of a batch.
  ///
  /// - Parameter earlier: why images that were not read now were left out before.
  static func csv(of work: BatchWork, earlier: [ImageID: ImageFailure]) -> [UInt8] {
    var text = Array(heading.utf8)
    text.reserveCapacity(work.images.count * 256)
    for (row, image) in work.images.enumerated() {
      let reading = work.readings[row]
      let failure = reading == nil ? earlier[image.id] : reading?.failure
      let content = work.arrays.knownContent(row: row)?.hexadecimal ?? ""
      append(Int(image.id.rawValue), to: &text)
      appendQuoted(image.path.bytes, to: &text)
      text.append(UInt8(ascii: ","))
      append(Int(image.sizeBytes), to: &text)
      append(Int(image.modifiedNanoseconds), to: &text)
      append(image.isGone ? 1 : 0, to: &text)
      append(Int(work.arrays.outcomes[row]), to: &text)
      append(reading?.width ?? image.width, to: &text)
      append(reading?.height ?? image.height, to: &text)
      text += content.utf8
      text.append(UInt8(ascii: ","))
      text += (reading?.lane ?? "").utf8
      text.append(UInt8(ascii: ","))
      append(reading?.warningCount ?? 0, to: &text)
      if let failure {
        text += "\(failure.stage),\(failure.decoder),".utf8
        appendQuoted(Array(failure.message.utf8), to: &text)
      } else {
        text += ",,".utf8
      }
      text += "\r\n".utf8
    }
    return text
  }

  /// Appends a number and a comma.
  private static func append(_ number: Int, to text: inout [UInt8]) {
    if number < 0 { text.append(UInt8(ascii: "-")) }
    appendDigits(number.magnitude, to: &text)
    text.append(UInt8(ascii: ","))
  }

  /// Without a `String` for each, which would take half the time of the table.
  private static func appendDigits(_ number: UInt, to text: inout [UInt8]) {
    if number >= 10 { appendDigits(number / 10, to: &text) }
    text.append(UInt8(ascii: "0") + UInt8(number % 10))
  }

  private static func appendQuoted(_ bytes: [UInt8], to text: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    text.append(quote)
    if bytes.contains(quote) {
      for byte in bytes {
        if byte == quote { text.append(quote) }
        text.append(byte)
      }
    } else {
      text += bytes
    }
    text.append(quote)
  }

  /// Reads a table that `csv` wrote.
  ///
  /// - Throws: `DamagedFile` when it is not whole or a row is not of its form; `StorageFailure`.
  static func images(inFile path: String) throws -> [RestoredImage] {
    let text = try contents(ofFile: path)
    guard text.starts(with: heading.utf8), let records = fields(of: text), records.count > 1 else {
      throw DamagedFile(path: path, detail: "it is not a whole table")
    }
    return try records.dropFirst().map { fields in
      let text = fields.map { String(decoding: $0, as: UTF8.self) }
      guard text.count == 14, let id = UInt32(text[0]), let size = Int64(text[2]),
        let modified = Int64(text[3]), let code = UInt8(text[5]),
        let outcome = OutcomeCode(rawValue: code), let width = Int(text[6]),
        let height = Int(text[7]), text[8].isEmpty || text[8].utf8.count == 32
      else { throw DamagedFile(path: path, detail: "a row of it cannot be read") }
      let failure =
        text[11].isEmpty
        ? nil : ImageFailure(stage: text[11], decoder: text[12], message: text[13])
      return RestoredImage(
        path: ArchivePath(bytes: fields[1]), sizeBytes: size, modifiedNanoseconds: modified,
        isGone: text[4] == "1",
        result: ImageResult(
          id: ImageID(rawValue: id), outcome: outcome, content: ContentHash(hexadecimal: text[8]),
          width: width, height: height, failure: failure))
    }
  }

  /// The fields of every record of a CSV text, nil when the last one has no end.
  private static func fields(of text: [UInt8]) -> [[[UInt8]]]? {
    var records: [[[UInt8]]] = []
    var record: [[UInt8]] = []
    var field: [UInt8] = []
    var isQuoted = false
    var position = 0
    while position < text.count {
      let byte = text[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\"") where isQuoted:
        guard position < text.count, text[position] == UInt8(ascii: "\"") else {
          isQuoted = false
          continue
        }
        field.append(byte)
        position += 1
      case UInt8(ascii: "\""): isQuoted = true
      case UInt8(ascii: ",") where !isQuoted:
        record.append(field)
        field = []
      case 0x0A where !isQuoted:
        if field.last == 0x0D { field.removeLast() }
        records.append(record + [field])
        (record, field) = ([], [])
      default: field.append(byte)
      }
    }
    return record.isEmpty && field.isEmpty && !isQuoted ? records : nil
  }
}
