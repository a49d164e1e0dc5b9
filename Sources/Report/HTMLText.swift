import Catalog

extension [UInt8] {
  /// Appends text that a page shows as it is, in an element or in a quoted attribute.
  mutating func append(html text: String) {
    for byte in text.utf8 { append(htmlByte: byte) }
  }

  /// Appends a path as one line of text; what no page can show is written as `\n`, `\\` or `\xNN`.
  mutating func append(htmlPath path: ArchivePath) {
    // Nearly every path is printable ASCII, for which no text needs to be made.
    if path.bytes.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") }) {
      for byte in path.bytes { append(htmlByte: byte) }
    } else {
      append(html: path.displayName)
    }
  }

  private mutating func append(htmlByte byte: UInt8) {
    switch byte {
    case UInt8(ascii: "&"): append("&amp;")
    case UInt8(ascii: "<"): append("&lt;")
    case UInt8(ascii: ">"): append("&gt;")
    case UInt8(ascii: "\""): append("&quot;")
    case UInt8(ascii: "'"): append("&#39;")
    default: append(byte)
    }
  }

  /// Appends the bytes of a path as the path of a URL.
  ///
  /// RFC 3986: unreserved characters and `/` stand for themselves, all others are `%NN`. A colon is
  /// among the others, so that no path can be read as a scheme.
  mutating func append(urlPath bytes: some Sequence<UInt8>) {
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        append(byte)
      default:
        append(UInt8(ascii: "%"))
        append(hex: byte)
      }
    }
  }
}
