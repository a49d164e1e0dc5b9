import Catalog
import Storage

/// `images.csv` of a batch folder: what became of each image, for a person.
enum BatchTable {
  /// The table as CSV (RFC 4180); paths are the raw bytes of the names, quoted.
  static func csv(of work: BatchWork) -> [UInt8] {
    var text = Array(
      "image,path,bytes,outcome,width,height,content,lane,warnings,stage,decoder,message\r\n".utf8)
    for (row, image) in work.images.enumerated() {
      let reading = work.readings[row]
      let outcome = OutcomeCode(rawValue: work.arrays.outcomes[row]) ?? .waiting
      let content = work.arrays.content(row: row)
      let isRead = work.arrays.contents[(row * 16)..<(row * 16 + 16)].contains { $0 != 0 }
      text += Array("\(image.id.rawValue),".utf8)
      text += quoted(image.path.bytes)
      text += Array(
        """
        ,\(image.sizeBytes),\(image.isGone ? "gone" : "\(outcome)"),\
        \(reading?.width ?? image.width),\(reading?.height ?? image.height),\
        \(isRead ? content.hexadecimal : ""),\(reading?.lane ?? ""),\
        \(reading.map { "\($0.warningCount)" } ?? ""),
        """.utf8)
      text += Array(
        "\(reading?.failure?.stage ?? ""),\(reading?.failure?.decoder ?? ""),".utf8)
      text += quoted(Array((reading?.failure?.message ?? "").utf8))
      text += [0x0D, 0x0A]
    }
    return text
  }

  private static func quoted(_ bytes: [UInt8]) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    return [quote] + bytes.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
  }
}
