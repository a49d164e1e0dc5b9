import Catalog
import Foundation
import Testing

@testable import Report

/// A name of quotes, a newline, a comma and a byte that is in no UTF-8 text.
let hostilePath = ArchivePath(bytes: Array("a\"b\"\n,c".utf8) + [0xFF] + Array(".jpg".utf8))

@Suite struct ClusterTableTests {
  @Test func `a CSV row holds the raw bytes of a path, quoted, with quotes doubled`() throws {
    let collector = Collector()
    var table = ClusterCSV(sink: collector.take)
    try table.append(
      .plain(1, imageCount: 2, representative: 7),
      members: [.plain(4, hostilePath), .plain(7, "b.png")])
    try table.finish()
    let header =
      "cluster,images,cluster_weakest,image,role,name,nearest,weakest,width,height,bytes,path\r\n"
    var expected = Array(header.utf8)
    expected += Array("1,2,0.875,4,member,1,0.9375,0.875,640,480,4000,".utf8)
    expected += Array("\"a\"\"b\"\"\n,c".utf8) + [0xFF] + Array(".jpg\"\r\n".utf8)
    expected += Array("1,2,0.875,7,representative,1,0.9375,0.875,640,480,7000,\"b.png\"\r\n".utf8)
    #expect(collector.bytes == expected)
  }

  @Test func `hard links are further rows and outliers have no cluster`() throws {
    let collector = Collector()
    var table = ClusterCSV(sink: collector.take)
    try table.appendOutlier(
      .plain(3, "x.gif", otherPaths: ["y.gif", "z.gif"], nearest: nil, weakest: nil))
    try table.finish()
    let rows = collector.text.split(separator: "\r\n").dropFirst()
    #expect(
      rows == [
        ",1,,3,outlier,1,,,640,480,3000,\"x.gif\"", ",1,,3,outlier,2,,,640,480,3000,\"y.gif\"",
        ",1,,3,outlier,3,,,640,480,3000,\"z.gif\"",
      ])
  }

  @Test func `every line of JSON is one object that gives back the bytes of every path`() throws {
    let collector = Collector()
    let controls = ArchivePath(bytes: Array(1...0x7F).filter { $0 != UInt8(ascii: "/") })
    var table = ClusterJSONLines(sink: collector.take)
    try table.append(
      .plain(1, imageCount: 3, representative: 1),
      members: [
        .plain(1, hostilePath), .plain(2, controls, otherPaths: [hostilePath, "é/日本.png"]),
        .plain(3, "plain", nearest: 1, weakest: nil),
      ])
    try table.appendOutlier(.plain(9, "alone.jpg", nearest: nil, weakest: nil))
    try table.finish()

    let lines = collector.text.split(separator: "\n")
    try #require(lines.count == 2)
    let cluster = try #require(object(of: lines[0]))
    #expect(cluster["cluster"] as? Int == 1)
    #expect(cluster["imageCount"] as? Int == 3)
    #expect(cluster["weakestLink"] as? Double == 0.875)
    #expect(cluster["representative"] as? Int == 1)
    let images = try #require(cluster["images"] as? [[String: Any]])
    #expect(images.map(path) == [hostilePath, controls, "plain"])
    #expect(images[0]["path"] == nil)
    let names = try #require(images[1]["otherNames"] as? [[String: Any]])
    #expect(names.map(path) == [hostilePath, "é/日本.png"])
    #expect(images[2]["nearest"] as? Double == 1)
    #expect(images[2]["weakest"] == nil)
    let outlier = try #require(object(of: lines[1]))
    #expect(outlier["cluster"] is NSNull)
    #expect((outlier["images"] as? [[String: Any]])?.map(path) == ["alone.jpg"])
  }

  @Test(arguments: 0...7)
  func `Base64 is that of the Foundation library`(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 251 - 77 * $0) }
    var text: [UInt8] = []
    text.append(base64: bytes)
    #expect(String(decoding: text, as: UTF8.self) == Data(bytes).base64EncodedString())
  }

  @Test(arguments: [0, 9, 10, 255, 1_000_000_007, Int64.max, -1, Int64.min])
  func `numbers are written as Swift writes them`(value: Int64) {
    var text: [UInt8] = []
    text.append(decimal: value)
    #expect(String(decoding: text, as: UTF8.self) == String(value))
  }

  @Test func `a long table goes to the sink in blocks and none is lost`() throws {
    let collector = Collector()
    var table = ClusterCSV(sink: collector.take)
    try table.beginCluster(.plain(1, imageCount: 20_000, representative: 0))
    for image in 0..<UInt32(20_000) { try table.append(.plain(image, "some/path.jpg")) }
    try table.endCluster()
    #expect(collector.blockCount >= 4)
    try table.finish()
    #expect(collector.text.split(separator: "\r\n").count == 20_001)
  }

  @Test func `a cluster that lost a member on the way is a bug that stops the table`() async {
    await #expect(processExitsWith: .failure) {
      var table = ClusterCSV(sink: { _ in })
      try table.append(.plain(1, imageCount: 3, representative: 1), members: [.plain(1, "a")])
    }
  }

  private func object(of line: Substring) -> [String: Any]? {
    try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
  }

  private func path(of image: [String: Any]) -> ArchivePath? {
    if let text = image["path"] as? String { return ArchivePath(text) }
    guard let base64 = image["pathBase64"] as? String else { return nil }
    return Data(base64Encoded: base64).map { ArchivePath(bytes: Array($0)) }
  }
}

extension ArchivePath: ExpressibleByStringLiteral {
  /// A path of UTF-8 text.
  public init(stringLiteral text: String) { self.init(text) }
}
