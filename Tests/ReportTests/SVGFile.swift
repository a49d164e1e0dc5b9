import Foundation
import FoundationXML
import Testing

@testable import Report

/// A plot's file as its elements.
struct SVGFile {
  /// An element with its attributes and the text directly in it.
  struct Element {
    let name: String
    let attributes: [String: String]
    var text = ""
    var className: String { attributes["class"] ?? "" }
  }

  let bytes: [UInt8]
  let elements: [Element]
  /// The whole file as text.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Writes the plot and reads it as XML; records an issue when it is none, or says `nan`.
  init(_ plot: some Plot, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let collector = Collector()
    try plot.write(to: collector.take)
    bytes = collector.bytes
    let parser = XMLParser(data: Data(bytes))
    let reader = ElementReader()
    parser.delegate = reader
    #expect(parser.parse(), "\(parser.parserError as Any)", sourceLocation: sourceLocation)
    elements = reader.elements
    let attributes = elements.flatMap(\.attributes.values).joined(separator: " ")
    #expect(
      !attributes.contains("nan") && !attributes.contains("inf"), sourceLocation: sourceLocation)
    let root = try #require(elements.first, sourceLocation: sourceLocation)
    #expect(root.attributes["role"] == "img", sourceLocation: sourceLocation)
    #expect(root.attributes["aria-labelledby"] == "title text", sourceLocation: sourceLocation)
  }

  /// The elements of a name, and of a class if one is given.
  func elements(_ name: String, class className: String? = nil) -> [Element] {
    elements.filter { element in
      element.name == name
        && (className.map { element.className.split(separator: " ").contains(Substring($0)) }
          ?? true)
    }
  }

  /// The texts of the `text` elements of a class.
  func texts(_ className: String) -> [String] {
    elements("text", class: className).map(\.text)
  }

  /// What a screen reader says.
  var description: String { elements("desc").first?.text ?? "" }

  /// Every coordinate in the paths lies in the view box.
  func isInsideViewBox() -> Bool {
    let size = (elements.first?.attributes["viewBox"] ?? "").split(separator: " ").compactMap {
      Double($0)
    }
    return elements("path").allSatisfy { path in
      (path.attributes["d"] ?? "").matches(of: #/[A-Z]?(-?[0-9.]+)/#).allSatisfy { number in
        (Double(number.1) ?? -1) >= 0 && (Double(number.1) ?? .infinity) <= max(size[2], size[3])
      }
    }
  }
}

/// Gathers elements as they are read.
private final class ElementReader: NSObject, XMLParserDelegate {
  private(set) var elements: [SVGFile.Element] = []
  private var open: [Int] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(elements.count)
    elements.append(SVGFile.Element(name: name, attributes: attributes))
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if let index = open.last { elements[index].text += text }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }
}
