import Foundation
import Testing

@testable import Report

@Suite struct PageFrameTests {
  @Test func `the security policy names the digests of our style and script and nothing else`()
    throws
  {
    #expect(try digest(of: PageStyle.text) == PageStyle.digest)
    #expect(try digest(of: PageScript.text) == PageScript.digest)
    #expect(!PageFrame.policy.contains("unsafe"))
    #expect(PageFrame.policy.hasPrefix("default-src 'none'; "))
  }

  @Test func `a page carries the policy, the style and the script`() throws {
    let page = try PageSet(clusterCount: 1).text("report.html")
    #expect(page.contains("<style>\(PageStyle.text)</style>"))
    #expect(page.contains("<script>\(PageScript.text)</script>"))
    #expect(page.contains("http-equiv=\"Content-Security-Policy\" content=\"\(PageFrame.policy)\""))
  }

  @Test func `text has the contrast that WCAG asks for, light and dark`() throws {
    let schemes = PageStyle.text.matches(of: #/:root \{([^}]*)\}/#).prefix(2)
    #expect(schemes.count == 2)
    for scheme in schemes {
      let colors = Dictionary(
        uniqueKeysWithValues: scheme.1.matches(of: #/--([a-z]+): (#[0-9a-f]+)/#).map {
          (String($0.1), SRGBColor(String($0.2)))
        })
      for ink in ["ink", "quiet", "accent"] {
        for ground in ["back", "card", "mat"] {
          let contrast = try #require(colors[ink]).contrast(with: try #require(colors[ground]))
          #expect(contrast >= 4.5, "\(ink) on \(ground)")
        }
      }
    }
  }

  /// The digest as a security policy writes it, by the system's own `sha256sum`.
  private func digest(of text: String) throws -> String {
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let hex = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile().prefix(64), as: UTF8.self)
    process.waitUntilExit()
    let digits = Array(hex)
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
    return "sha256-" + Data(bytes).base64EncodedString()
  }
}
