import Catalog
import Foundation
import Testing

@testable import Report

@Suite struct ReportPagesTests {
  @Test func `the same result gives the same bytes`() throws {
    #expect(try PageSet(clusterCount: 120).files == PageSet(clusterCount: 120).files)
  }

  @Test func `the front page says what became of every file`() throws {
    let page = try PageSet(clusterCount: 3).text("report.html")
    #expect(page.contains("9 + 5 + 3 + 1 + 2 = 20: every file is accounted for."))
    #expect(!page.contains("class=\"alarm\""))
  }

  @Test func `a lost file raises an alarm on the front page`() throws {
    let page = try PageSet(clusterCount: 3) { $0.outcomes.scanned += 1 }.text("report.html")
    #expect(page.contains("<p class=\"alarm\">9 + 5 + 3 + 1 + 2 = 20, but 21 files were scanned"))
  }

  @Test func `the largest clusters and a sample are shown in full, each once`() throws {
    let page = try PageSet(clusterCount: 120) { _ in
    } options: {
      $0.largestClusterCount = 10
      $0.sampledClusterCount = 7
    }.text("report.html")
    let shown = page.matches(of: #/<header id="c(\d+)">/#).compactMap { Int($0.1) }
    #expect(shown.prefix(10) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    #expect(Set(shown).count == 17)
    #expect(shown == shown.sorted())
  }

  @Test func `the pages list every cluster once, and every link between them leads to a file`()
    throws
  {
    let set = try PageSet(clusterCount: 120) { _ in
    } options: {
      $0.clustersPerPage = 50
    }
    let names = set.files.keys.filter { $0.hasPrefix("pages/") }.sorted()
    #expect(names == (1...3).map { "pages/clusters-000\($0).html" })
    let listed = names.flatMap { name in
      set.text(name).matches(of: #/<header id="c(\d+)">/#).compactMap { Int($0.1) }
    }
    #expect(listed == Array(1...120))
    for (name, links) in set.files.keys.map({ ($0, set.text($0).matches(of: #/href="([^"]*)"/#)) })
    {
      let folder = name.hasPrefix("pages/") ? "pages/" : ""
      for link in links.map({ String($0.1) }) where link.hasSuffix(".html") {
        let target = link.hasPrefix("../") ? String(link.dropFirst(3)) : folder + link
        #expect(set.files[target] != nil, "\(name) links to \(link)")
      }
    }
  }

  /// The two orders together may hold all members, though each shows 12.
  @Test(arguments: [12, 13, 16, 24, 40])
  func `a cluster of which not all members are shown says where they are`(memberCount: Int) throws {
    let page = try PageSet(clusterCount: 1, memberCount: memberCount).text("report.html")
    #expect(
      page.contains("<p class=\"quiet\">All \(memberCount) are in ") == (memberCount > 12))
  }

  @Test func `pages, thumbnails and lists of names stay within their limits`() throws {
    let set = try PageSet(clusterCount: 900, memberCount: 40) { _ in
    } options: {
      $0.largestClusterCount = 5
      $0.sampledClusterCount = 5
      $0.clustersPerPage = 20
      $0.pageLimit = 10
      $0.indexThumbnailLimit = 100
    }
    #expect(set.files.count == 11)
    // In full: 12 by path, 12 with the weakest links and the representative; 100 on the pages.
    #expect(set.thumbnailRequests.count <= 10 * 25 + 100)
    #expect(Set(set.thumbnailRequests).count == set.thumbnailRequests.count)
    let last = set.text("pages/clusters-0010.html")
    #expect(!last.contains("<img"))
    #expect(last.contains("<li>and 34 more</li>"))
  }

  @Test func `an image without a thumbnail says why in its place`() throws {
    let page = try PageSet(clusterCount: 2, thumbnail: .unavailable(reason: "gone <b>")).text(
      "report.html")
    #expect(!page.contains("<img"))
    #expect(page.contains("no thumbnail<span>: gone &lt;b&gt;</span>"))
  }

  @Test func `every image has a text for those who cannot see it`() throws {
    let page = try PageSet(clusterCount: 2).text("report.html")
    let images = page.matches(of: #/<img [^>]*>/#)
    #expect(images.count == 8)
    for image in images { #expect(image.0.contains(#/ alt="[^"]+"/#)) }
  }

  @Test(arguments: [(8, 8, true), (47, 3, true), (3, 47, true), (48, 3, false), (120, 90, false)])
  func `a tiny picture is shown enlarged`(width: Int, height: Int, isTiny: Bool) throws {
    let file = ThumbnailResult.file(path: ArchivePath("a.jpg"), width: width, height: height)
    let page = try PageSet(clusterCount: 1, thumbnail: file).text("report.html")
    #expect(page.contains("class=\"tiny\" width=\"\(width)\" height=\"\(height)\"") == isTiny)
    #expect(page.matches(of: #/class="tiny"/#).count == (isTiny ? 4 : 0))
  }

  @Test(arguments: ["report.html", "pages/clusters-0001.html"])
  func `every thumbnail lies in the link to its original, which stands in where it is missing`(
    name: String
  ) throws {
    let page = try PageSet(clusterCount: 60).text(name)
    let root = name.hasPrefix("pages/") ? "../" : ""
    let images = page.matches(of: #/<img /#)
    let linked = page.matches(
      of: #/<a href="file:\/\/\/pictures\/a\/(\d+)\.jpg"><img src="([^"]*)" /#)
    #expect(images.count == 60 * 4)
    #expect(linked.map { "\(root)thumbnails/\($0.1).jpg" } == linked.map { String($0.2) })
    #expect(linked.count == images.count)
    let script = try #require(page.range(of: "document.addEventListener('error'"))
    let body = try #require(page.range(of: "<body>"))
    #expect(script.lowerBound < body.lowerBound)
  }

  @Test func `an empty result is a page too`() throws {
    let set = try PageSet(clusterCount: 0)
    #expect(Array(set.files.keys) == ["report.html"])
    #expect(set.text("report.html").contains("No two images are linked at this threshold."))
  }
}
