import Catalog
import Foundation
import Testing

@testable import Report

@Suite struct HostileNameTests {
  /// Names that would do harm if they were ever more than text.
  static let paths: [ArchivePath] = [
    "<script>alert(1)</script>.jpg", "\" onerror=\"alert(1)\" x=\".png", "' onclick='alert(1)",
    "javascript:alert(1)", "</figcaption></main><svg onload=alert(1)>", "a\nb\r\t.jpg",
    "&lt;img src=x&gt;&amp;", "--><!--", "%3Cscript%3E#?&=+;", "\u{202E}gpj.exe",
    "../../etc/passwd",
    hostilePath, ArchivePath(bytes: [0x80, 0xC0, 0xAF, 0xFE, 0xFF, 0xED, 0xA0, 0x80]),
    ArchivePath(bytes: Array(1...0x7F).filter { $0 != UInt8(ascii: "/") }),
  ]

  @Test(arguments: ["report.html", "pages/clusters-0001.html"])
  func `a name is never markup: only our own elements and attributes are there`(name: String)
    throws
  {
    let page = try pages().text(name)
    let body = try #require(page.firstMatch(of: #/<body>([\s\S]*)<\/body>/#)).1
    let element = #/<(\/?)([a-z0-9]+)((?: [A-Za-z-]+(?:="[^"<>]*")?)*)\/?>/#
    #expect(body.count { $0 == "<" } == body.matches(of: element).count)
    let elements: Set<Substring> = Set(body.matches(of: element).map(\.2))
    #expect(!elements.contains("script"))
    #expect(elements.isSubset(of: Self.elements), "\(elements.subtracting(Self.elements))")
    let attributes = Set(
      body.matches(of: element).flatMap { $0.3.matches(of: #/ ([A-Za-z-]+)(="[^"]*")?/#).map(\.1) })
    #expect(attributes.isSubset(of: Self.attributes), "\(attributes.subtracting(Self.attributes))")
  }

  @Test func `every name is there as one line of text`() throws {
    let page = try pages().text("pages/clusters-0001.html")
    let names = page.matches(of: #/<li><a href="[^"]*">([^<]*)<\/a><\/li>/#).map { String($0.1) }
    let shown = names.filter { $0 != "Report" }.map { text in
      [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }
    #expect(shown == Self.paths.map(\.displayName))
    #expect(
      shown.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } })
  }

  @Test func `every link to an original stays in the archive and gives back its bytes`() throws {
    let page = try pages().text("pages/clusters-0001.html")
    let targets = page.matches(of: #/<li><a href="file:([^"]*)">/#).map { String($0.1) }
    #expect(targets.allSatisfy { $0.wholeMatch(of: #/[A-Za-z0-9._~\/%-]*/#) != nil })
    let names = page.matches(of: #/<li><a href="file:\/\/\/pictures\/([^"]*)">[^<]/#)
    #expect(names.map { percentDecoded(String($0.1)) } == Self.paths.map(\.bytes))
  }

  /// One cluster of all hostile names, listed in full.
  private func pages() throws -> PageSet {
    try PageSet(clusterCount: 1, memberCount: Self.paths.count, paths: Self.paths) { _ in
    } options: {
      $0.largestClusterCount = 0
      $0.sampledClusterCount = 1
      $0.memberLimit = 50
      $0.indexMemberLimit = 50
    }
  }

  private func percentDecoded(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  private static let elements: Set<Substring> = [
    "a", "article", "b", "circle", "dd", "desc", "details", "div", "dl", "dt", "em", "fieldset",
    "figcaption", "figure", "g", "h1", "h2", "h3", "header", "img", "input", "label", "legend",
    "li", "main", "nav", "p", "path", "span", "summary", "svg", "table", "tbody", "td", "text",
    "th", "thead", "title", "tr", "tspan", "ul",
  ]

  private static let attributes: Set<Substring> = [
    "alt", "aria-label", "aria-labelledby", "checked", "class", "cx", "cy", "d", "data-path",
    "data-weakest", "decoding", "height", "hidden", "href", "id", "loading", "name", "r", "role",
    "scope", "src", "tabindex", "text-anchor", "title", "transform", "type", "value", "viewBox",
    "width", "x", "xmlns", "y",
  ]
}
