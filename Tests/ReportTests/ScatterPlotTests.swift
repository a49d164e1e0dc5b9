import Catalog
import Testing

@testable import Report

@Suite struct ScatterPlotTests {
  /// Rows on a grid of 100 columns, in clusters of consecutive rows.
  private static func grid(_ count: Int, clusterCount: Int) -> ScatterPlot {
    ScatterPlot(
      title: "Plane", xTitle: "x", yTitle: "y", x: (0..<count).map { Double($0 % 100) },
      y: (0..<count).map { Double($0 / 100) },
      labels: (0..<count).map { Int32($0 * clusterCount / count) })
  }

  @Test func `every row is a dot, those of small clusters before those of large ones`() throws {
    let grid = Self.grid(1000, clusterCount: 1)
    let labels = (0..<1000).map { Int32($0 < 100 ? -1 : $0 < 300 ? 0 : $0 < 800 ? 1 : 2) }
    let file = try SVGFile(
      ScatterPlot(title: "Plane", xTitle: "x", yTitle: "y", x: grid.x, y: grid.y, labels: labels))
    let dots = file.elements("path", class: "points")
    // What is drawn first lies behind; two clusters of one size go by number.
    #expect(dots.map(\.className) == ["points none", "points c1", "points c0", "points c2"])
    let counts = dots.map { ($0.attributes["d"] ?? "").filter { $0 == "M" }.count }
    #expect(counts == [100, 500, 200, 200])
    #expect(file.texts("halo").sorted() == ["1", "2", "3"])
    #expect(file.description == "1\u{202F}000 images in 3 clusters, 100 in none.")
    #expect(file.isInsideViewBox())
  }

  @Test func `a unit is as long across as it is down`() {
    let layout = ScatterLayout(plot: Self.grid(1000, clusterCount: 1))
    let (corner, right, below) = (layout.point(0), layout.point(99), layout.point(900))
    #expect(abs((right.x - corner.x) / 99 - (corner.y - below.y) / 9) < 1e-9)
    #expect(right.x - corner.x > 600)
  }

  @Test func `a thumbnail lies on its row, links its own file, and is named`() throws {
    var plot = Self.grid(100, clusterCount: 2)
    plot.thumbnails = [
      ScatterThumbnail(
        row: 7, file: ArchivePath("thumbnails/a b\"<.jpg"), path: ArchivePath("x/\"a b\"<\n>.jpg"),
        width: 200, height: 100)
    ]
    let file = try SVGFile(plot)
    let image = try #require(file.elements("image").first)
    #expect(image.attributes["href"] == "thumbnails/a%20b%22%3C.jpg")
    #expect(image.attributes["width"] == "40" && image.attributes["height"] == "20")
    let layout = ScatterLayout(plot: plot)
    #expect(image.attributes["x"] == tenths(layout.point(7).x - 20))
    #expect(file.elements("title").last?.text == "x/\"a b\"<\\n>.jpg")
    #expect(file.elements("rect", class: "frame").count == 1)
  }

  @Test(arguments: [0, 1, 10, 60, 1000])
  func `thumbnails are spread over the plot, no more than asked for, and hardly overlap`(
    limit: Int
  ) {
    let plot = Self.grid(10_000, clusterCount: 4)
    let rows = plot.spreadRows(limit: limit)
    #expect(rows.count <= limit && rows == Array(Set(rows)).sorted())
    #expect(rows.count >= min(limit, 190) / 2)
    let layout = ScatterLayout(plot: plot)
    let points = rows.map(layout.point)
    for (index, point) in points.enumerated() {
      for other in points[..<index] {
        #expect(
          max(abs(point.x - other.x), abs(point.y - other.y))
            >= ScatterLayout.thumbnailSide * 0.85)
      }
    }
    guard rows.count >= 10 else { return }
    for rest in 0..<4 {
      #expect(rows.contains { ($0 % 100) / 50 == rest % 2 && $0 / 5000 == rest / 2 })
    }
  }

  @Test func `thirty thousand rows with thumbnails stay under three megabytes`() throws {
    var random = SeededRandom(seed: 1)
    var plot = ScatterPlot(
      title: "", xTitle: "", yTitle: "",
      x: (0..<30_000).map { _ in Double.random(in: 0...1, using: &random) },
      y: (0..<30_000).map { _ in Double.random(in: 0...1, using: &random) },
      labels: (0..<30_000).map { Int32($0 % 500) - 1 })
    plot.thumbnails = plot.spreadRows(limit: 300).map {
      ScatterThumbnail(
        row: $0, file: ArchivePath("../thumbnails/\($0).jpg"),
        path: ArchivePath("a folder with a name/image \($0).jpg"), width: 160, height: 120)
    }
    let file = try SVGFile(plot)
    // Measured: 0.55 MB.
    #expect(file.bytes.count < 1_000_000)
    #expect(file.elements("image").count > 100)
    #expect(file.texts("label").count == 31)
    #expect(file.texts("tick").contains("469 others"))
    var again: [UInt8] = []
    try plot.write { again += $0 }
    #expect(again == file.bytes)
  }

  @Test(
    arguments: [
      ([], [], []), ([0], [0], [0]), ([1, 1], [2, 2], [0, -1]),
      ([.nan, 1], [0, .infinity], [0, 0]),
      ([.nan, 1, 5], [0, 1, 1], [0, 4, 4]), ([0, 1e90], [0, -1e90], [0, 1]),
    ] as [([Double], [Double], [Int32])])
  func `any rows are a picture`(x: [Double], y: [Double], labels: [Int32]) throws {
    let plot = ScatterPlot(title: "", xTitle: "", yTitle: "", x: x, y: y, labels: labels)
    let file = try SVGFile(plot)
    #expect(file.isInsideViewBox())
    #expect(plot.spreadRows(limit: 5).allSatisfy { isDrawable(x[$0]) && isDrawable(y[$0]) })
  }

  @Test func `clusters are counted, the largest first, and noise apart`() {
    let tally = ClusterTally([2, 2, 0, -1, 4, 4, 0, 4, -1])
    #expect(tally.bySize == [4, 0, 2])
    #expect(tally.sizes == [2, 0, 2, 0, 3])
    #expect(tally.noiseCount == 2)
  }
}
