import Testing

@testable import Report

@Suite struct SilhouettePlotTests {
  @Test func `each cluster is a block with its number, its images and its mean`() throws {
    let file = try SVGFile(
      SilhouettePlot(
        values: [0.5, 0.25, 0.75, -0.25, 0.125], labels: [0, 0, 1, 1, -1], mean: 0.3125))
    #expect(file.elements("path", class: "area").count == 2)
    #expect(file.texts("label") == ["1", "2", "mean 0.313"])
    #expect(
      file.texts("tick").filter { $0.contains("\u{B7}") } == ["2 \u{B7} 0.375", "2 \u{B7} 0.250"])
    #expect(file.texts("note").first?.hasSuffix("1 in no cluster are not shown") == true)
    #expect(
      file.description
        == "The mean silhouette is 0.313. Cluster 1 has the highest, 0.375, cluster 2 the lowest, 0.250."
    )
    #expect(file.isInsideViewBox())
  }

  @Test func `the rows of a cluster fall from its top, each as long as its value`() throws {
    let file = try SVGFile(
      SilhouettePlot(values: [0.25, 1, 0.5, 0], labels: [0, 0, 0, 0], mean: 0.4375))
    let path = try #require(file.elements("path", class: "area").first?.attributes["d"])
    // From 84 at 0 to 760 at 1.
    #expect(
      path.matches(of: #/H([0-9.]+)/#).map { String($0.1) } == ["760", "422", "253", "84", "84"])
  }

  @Test func `tens of thousands of rows are drawn as means, and the plot says so`() throws {
    let values = (0..<50_000).map { Double($0 % 1000) / 1000 }
    let labels = (0..<50_000).map { Int32($0 % 7) }
    let file = try SVGFile(SilhouettePlot(values: values, labels: labels, mean: 0.5))
    #expect(file.bytes.count < 40_000)
    #expect(file.elements("path", class: "area").count == 7)
    #expect(file.texts("note").first?.contains("each line is the mean of about 59 images") == true)
    #expect(file.isInsideViewBox())
  }

  @Test func `beyond forty clusters the smaller ones are one block`() throws {
    let labels = (0..<1000).flatMap { [Int32](repeating: Int32($0), count: $0 == 500 ? 30 : 2) }
    let values = labels.map { Double($0) / 1000 }
    let file = try SVGFile(SilhouettePlot(values: values, labels: labels, mean: 0.5))
    #expect(file.elements("path", class: "area").count == SilhouettePlot.clusterLimit + 1)
    #expect(file.text.contains("<title>Cluster 501: 30 images, mean 0.500</title>"))
    #expect(file.texts("label").contains("960 others"))
    #expect(file.bytes.count < 60_000)
  }

  @Test(
    arguments: [
      ([], []), ([0.5], [0]), ([.nan], [0]), ([0.5], [-1]), ([0, 0, 0], [0, 0, 0]), ([-1], [3]),
    ] as [([Double], [Int32])])
  func `any rows are a picture`(values: [Double], labels: [Int32]) throws {
    let file = try SVGFile(
      SilhouettePlot(values: values, labels: labels, mean: values.first ?? .nan))
    #expect(file.isInsideViewBox())
  }
}

@Suite struct ExplainedVariancePlotTests {
  @Test func `the components that are kept are said, marked and filled darker`() throws {
    let file = try SVGFile(
      ExplainedVariancePlot(ratios: [0.5, 0.25, 0.125, 0.125], chosenCount: 2, target: 0.7))
    #expect(file.description == "The first 2 of 4 components explain 75.0 % of the variance.")
    #expect(file.texts("value") == ["2 kept"])
    #expect(file.elements("path", class: "here").count == 2)
    #expect(file.elements("path", class: "area").count == 1)
    #expect(file.elements("path", class: "faint").count == 1)
    // The sum goes from 0 % at 0 to 100 % at 4, between x = 62 and 850.
    let line = try #require(file.elements("path", class: "line").first?.attributes["d"])
    #expect(line == "M62 298L259 193L456 140.5L653 114.3L850 88")
    #expect(file.isInsideViewBox())
  }

  @Test func `fifty thousand components stay a small picture`() throws {
    let file = try SVGFile(
      ExplainedVariancePlot(ratios: [Double](repeating: 2e-5, count: 50_000), chosenCount: 40_000))
    #expect(file.bytes.count < 40_000)
    #expect(
      file.description
        == "The first 40\u{202F}000 of 50\u{202F}000 components explain 80.0 % of the variance.")
  }

  @Test(arguments: [[], [1], [0, 0], [.nan, 0.5], [0.7, 0.7]])
  func `any ratios are a picture`(ratios: [Double]) throws {
    for count in [nil, 0, ratios.count] {
      let file = try SVGFile(
        ExplainedVariancePlot(ratios: ratios, chosenCount: count, target: .nan))
      #expect(file.isInsideViewBox())
    }
  }
}
