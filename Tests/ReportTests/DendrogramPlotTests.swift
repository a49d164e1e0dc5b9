import Catalog
import Testing

@testable import Report

@Suite struct DendrogramPlotTests {
  /// Leaves 0 and 1 merge at 1, 2 and 3 at 2, 4 joins the second at 3, all at 5.
  private static let merges = [
    DendrogramMerge(first: 0, second: 1, height: 1),
    DendrogramMerge(first: 2, second: 3, height: 2),
    DendrogramMerge(first: 4, second: 6, height: 3),
    DendrogramMerge(first: 5, second: 7, height: 5),
  ]

  @Test func `every merge is drawn, in the colour of the cluster that it lies in`() throws {
    let file = try SVGFile(
      DendrogramPlot(
        leafCount: 5, merges: Self.merges, labels: [0, 0, 1, 1, 1], cutHeight: 4,
        paths: (0..<5).map { ArchivePath("folder/\($0).png") }))
    let lines = file.elements("path", class: "line").compactMap { $0.attributes["d"] }
    // The root in no colour, one merge of the first cluster, two of the second.
    #expect(lines.map { $0.matches(of: #/M[^M]*/#).count } == [1, 1, 2])
    #expect(
      leafNames(file) == [
        "1 \u{B7} 0.png", "1 \u{B7} 1.png", "2 \u{B7} 4.png", "2 \u{B7} 2.png", "2 \u{B7} 3.png",
      ])
    #expect(file.texts("label").last == "cut at 4.000")
    #expect(file.description == "5 images in 4 merges, cut at 4.000, in 2 clusters.")
    #expect(file.isInsideViewBox())
  }

  @Test func `a line runs from one child to the height of the merge and back to the other`() throws
  {
    let file = try SVGFile(
      DendrogramPlot(leafCount: 2, merges: [DendrogramMerge(first: 0, second: 1, height: 5)]))
    // Height 0 at x = 740, 5 at 40; leaves 16 apart from 86.
    #expect(
      file.elements("path", class: "line").map { $0.attributes["d"] } == ["M740 86H40V102H740"])
  }

  @Test func `of more leaves than fit the last merges are kept, the rest are wedges`() throws {
    let tree = DendrogramTree(leafCount: 5, merges: Self.merges, labels: [], leafLimit: 3)
    #expect(tree.leafCount == 3)
    #expect(tree.nodes.map(\.leafCount) == [1, 2, 2, 3, 5])
    #expect(tree.nodes.filter { $0.children == nil }.map(\.place) == [1, 0, 2])
    let file = try SVGFile(DendrogramPlot(leafCount: 5, merges: Self.merges, leafLimit: 3))
    #expect(file.elements("path", class: "area").count == 2)
    #expect(leafNames(file) == ["2 images", "1 image", "2 images"])
    #expect(
      file.texts("note") == ["images at the right; the last 2 of 4 merges; a wedge is a subtree"])
  }

  @Test(arguments: UInt64(0)..<20, [1, 2, 7, 40])
  func `the leaves of the picture hold every leaf once, and children stand around their parent`(
    seed: UInt64, leafLimit: Int
  ) {
    var random = SeededRandom(seed: seed)
    let (leafCount, merges) = Self.randomMerges(leafCount: 30, rootCount: 1, using: &random)
    let tree = DendrogramTree(
      leafCount: leafCount, merges: merges, labels: [], leafLimit: leafLimit)
    let leaves = tree.nodes.filter { $0.children == nil }
    #expect(leaves.count == tree.leafCount && leaves.count == min(leafLimit, leafCount))
    #expect(leaves.reduce(0) { $0 + $1.leafCount } == leafCount)
    #expect(leaves.map(\.place).sorted() == (0..<leaves.count).map(Double.init))
    for node in tree.nodes {
      guard let children = node.children else { continue }
      let (first, second) = (tree.nodes[children.first], tree.nodes[children.second])
      #expect(first.place < node.place && node.place < second.place)
      #expect(node.leafCount == first.leafCount + second.leafCount)
      #expect(node.firstLeaf == min(first.firstLeaf, second.firstLeaf))
    }
  }

  @Test func `a forest keeps its largest trees and says how many are left out`() throws {
    var random = SeededRandom(seed: 3)
    let (leafCount, merges) = Self.randomMerges(leafCount: 90, rootCount: 30, using: &random)
    let file = try SVGFile(DendrogramPlot(leafCount: leafCount, merges: merges, leafLimit: 20))
    #expect(file.texts("label").count == 20)
    #expect(file.texts("note").first?.contains("10 smaller trees are not shown") == true)
  }

  @Test func `fifty thousand leaves stay a small picture`() throws {
    let merges = Self.chain(leafCount: 50_000)
    for leafLimit in [50, 2000] {
      let file = try SVGFile(
        DendrogramPlot(
          leafCount: 50_000, merges: merges, labels: (0..<50_000).map { Int32($0) },
          leafLimit: leafLimit))
      #expect(file.bytes.count < leafLimit * 400 + 20_000)
      #expect(file.isInsideViewBox())
    }
  }

  @Test(
    arguments: [
      (0, []), (1, []), (2, [DendrogramMerge(first: 0, second: 1, height: 0)]),
      (
        3,
        [
          DendrogramMerge(first: 0, second: 1, height: 2),
          DendrogramMerge(first: 2, second: 3, height: 1),
        ]
      ),
      (2, [DendrogramMerge(first: 1, second: 0, height: -1e-20)]),
    ] as [(Int, [DendrogramMerge])])
  func `any tree is a picture: none, one leaf, equal heights, falling heights`(
    leafCount: Int, merges: [DendrogramMerge]
  ) throws {
    for cut in [nil, 0, 1e9] {
      let file = try SVGFile(
        DendrogramPlot(leafCount: leafCount, merges: merges, cutHeight: cut))
      #expect(file.isInsideViewBox())
    }
  }

  @Test func `paths are text, whatever is in them`() throws {
    let paths = HostileNameTests.paths
    let merges = Self.chain(leafCount: paths.count)
    let file = try SVGFile(
      DendrogramPlot(leafCount: paths.count, merges: merges, paths: paths))
    #expect(file.elements("script").isEmpty && file.elements("svg").count == 1)
    #expect(file.texts("label").count == paths.count)
    #expect(file.elements("title").dropFirst().map(\.text).contains(paths[5].displayName))
  }

  /// The names of the leaves from the top of the picture down.
  private func leafNames(_ file: SVGFile) -> [String] {
    let labels = file.elements("text", class: "label").filter { !$0.text.hasPrefix("cut") }
    func y(_ label: SVGFile.Element) -> Double { Double(label.attributes["y"] ?? "") ?? 0 }
    return labels.sorted { y($0) < y($1) }.map(\.text)
  }

  /// One leaf after another joins the first: the deepest tree there is.
  private static func chain(leafCount: Int) -> [DendrogramMerge] {
    var merges: [DendrogramMerge] = []
    for leaf in 1..<leafCount {
      let grown = leaf == 1 ? 0 : leafCount + leaf - 2
      merges.append(DendrogramMerge(first: grown, second: leaf, height: Double(leaf) / 1000))
    }
    return merges
  }

  /// Merges of random nodes until so many trees are left.
  private static func randomMerges(
    leafCount: Int, rootCount: Int, using random: inout SeededRandom
  ) -> (Int, [DendrogramMerge]) {
    var roots = Array(0..<leafCount)
    var merges: [DendrogramMerge] = []
    while roots.count > rootCount {
      roots.shuffle(using: &random)
      let (first, second) = (roots.removeLast(), roots.removeLast())
      roots.append(leafCount + merges.count)
      merges.append(
        DendrogramMerge(first: first, second: second, height: Double(merges.count / 3)))
    }
    return (leafCount, merges)
  }
}
