import Foundation
import FoundationXML
import Testing

@testable import Report

@Suite struct ThresholdCurveTests {
  @Test func `the chart for the terminal is plain text of 80 columns`() {
    let lines = ThresholdCurve.example.terminalChart().split(separator: "\n")
    #expect(lines.map(\.count).max() == 80)
    #expect(!lines.joined().contains("\u{1B}"))
    #expect(
      lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.contains("at 0.875") }
        .map { $0.split(separator: " ").suffix(4).joined(separator: " ") } == [
          "logarithmic 700 at 0.875", "Clusters 60 at 0.875", "clusters 300 at 0.875",
          "logarithmic 12 at 0.875",
        ])
  }

  @Test func `a small chart looks like this`() {
    let expected = """
      Links, logarithmic                              700 at 0.875
          1M▕▃
            ▕█
            ▕█▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇
           1▕███████████████████████████▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅
      Clusters                                         60 at 0.875
          60▕ ██████████████████████████
            ▕ ██████████████████████████
            ▕ ██████████████████████████
           0▕▁██████████████████████████▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅
      Images in clusters                              300 at 0.875
          1k▕▆
            ▕█
            ▕█▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂
           0▕███████████████████████████▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
      Largest cluster, logarithmic                     12 at 0.875
          1k▕█
            ▕█
            ▕█▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄
           1▕███████████████████████████▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃
             0.750                   threshold                   1
                                       ▲ this result, 0.875

      """
    #expect(ThresholdCurve.example.terminalChart(columnCount: 60) == expected)
  }

  @Test func `the chart groups the digits of a count as the commands do`() {
    let curve = ThresholdCurve(
      points: [
        .init(
          threshold: 0.875, linkCount: 1_234_567, clusterCount: 1_000, clusteredImageCount: 999,
          largestClusterImageCount: 2)
      ], currentThreshold: 0.875)
    let titles = curve.terminalChart().split(separator: "\n").filter { $0.hasSuffix("at 0.875") }
    #expect(
      titles.map { $0.split(separator: " ").suffix(3).first } == [
        "1,234,567", "1,000", "999", "2",
      ])
  }

  @Test func `no links make one line of text`() {
    let curve = ThresholdCurve(points: [], currentThreshold: 0.9)
    #expect(curve.terminalChart() == "No threshold gives a link.\n")
  }

  @Test func `the image is well-formed XML with four panels and a description`() throws {
    let svg = ThresholdCurve.example.svg
    let parser = XMLParser(data: Data(svg))
    let elements = ElementNames()
    parser.delegate = elements
    #expect(parser.parse())
    #expect(elements.names.count { $0 == "g" } == 4)
    #expect(elements.names.count { $0 == "circle" } == 4)
    let text = String(decoding: svg, as: UTF8.self)
    #expect(
      text.contains(
        "At the threshold 0.875: Links 700, Clusters 60, Images in clusters 300, Largest cluster 12."
      ))
  }

  @Test func `a step is drawn at its own count down to the next lower threshold`() throws {
    let text = String(decoding: ThresholdCurve.example.svg, as: UTF8.self)
    let paths = text.matches(of: #/class="step" d="([^"]*)"/#).map { String($0.1) }
    // Clusters: 2, 60 and 10 of 60, between y = 172 and 34, at x = 46, 238 and 430.
    #expect(paths[1] == "M46 167.4H46V34H238V149H430")
  }

  @Test func `a hundred thousand thresholds stay a small picture`() {
    let points = (0...100_000).map { step in
      ThresholdCurve.Point(
        threshold: Double(step) / 100_000, linkCount: 100_001 - step, clusterCount: step % 977,
        clusteredImageCount: step, largestClusterImageCount: 5)
    }
    let curve = ThresholdCurve(points: points, currentThreshold: 0.5)
    #expect(curve.svg.count < 400_000)
    #expect(curve.terminalChart().count < 2_000)
  }

  @Test(arguments: [1, 2, 9, 10, 11, 999, 1000, 123_456_789, 1 << 40])
  func `the logarithm of a count is good to four decimals`(count: Int) {
    #expect(abs(log10OfInteger(count) - log10(Double(count))) < 1e-4)
  }

  @Test(arguments: [
    (0, 1), (1, 1), (2, 2), (7, 8), (10, 10), (11, 20), (41, 50), (99, 100), (240, 300),
    (801, 1000),
  ])
  func `an axis ends at a round number`(largest: Int, top: Int) {
    #expect(CountAxis(largest: largest, isLogarithmic: false).top == top)
  }

  @Test(arguments: [
    (0, "0", "0", "0\u{202F}B"), (999, "999", "999", "999\u{202F}B"),
    (1000, "1 000", "1k", "1.0\u{202F}kB"), (1250, "1 250", "1.2k", "1.2\u{202F}kB"),
    (45_678, "45 678", "45k", "45\u{202F}kB"), (1_234_567, "1 234 567", "1.2M", "1.2\u{202F}MB"),
  ])
  func `counts and sizes are written for people`(
    count: Int, whole: String, short: String, size: String
  ) {
    #expect(grouped(count, separator: " ") == whole)
    #expect(abbreviated(count) == short)
    #expect(fileSize(Int64(count)) == size)
  }

  @Test(arguments: [42, 64, 196, 256, 5000])
  func `a threshold as printed gives its own row, and no shorter one does`(bitCount: Int) throws {
    let similarities = (0...bitCount).map { 1 - Double($0) / Double(bitCount) }
    for (similarity, lower) in zip(similarities, similarities.dropFirst() + [-1]) {
      let text = thresholdText(similarity, above: lower)
      let typed = try #require(Double(text))
      #expect(typed <= similarity && typed > lower, "\(text)")
      #expect(text.count <= (bitCount == 5000 ? 6 : 5), "\(text)")
    }
  }

  @Test(arguments: [
    (0.99609375, 0.9921875, "0.996"), (1, 0.996, "1.000"), (0.7001, 0.7, "0.7001"),
    (0.75, Double(0.75).nextDown, "0.750"), (Double(0.7).nextUp, 0.7, "0.7000000000000001"),
  ])
  func `a threshold is printed as short as it may be`(
    similarity: Double, lower: Double, text: String
  ) {
    #expect(thresholdText(similarity, above: lower) == text)
  }

  @Test(arguments: [
    (1.0, "1"), (0.99999, "0.999"), (0.875, "0.875"), (0.0625, "0.062"), (0, "0.000"),
    (0.57, "0.570"), (0.29, "0.290"),
  ])
  func `only identical images show a similarity of 1`(similarity: Double, text: String) {
    #expect(threeDecimals(similarity) == text)
  }
}

extension ThresholdCurve {
  /// The `svg` element alone.
  fileprivate var svg: [UInt8] {
    var bytes: [UInt8] = []
    appendSVG(to: &bytes)
    return bytes
  }
}

/// Gathers the names of elements as they are read.
private final class ElementNames: NSObject, XMLParserDelegate {
  private(set) var names: [String] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    names.append(name)
  }
}
