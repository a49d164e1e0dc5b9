import TestImages
import Testing

@testable import Clustering

@Suite struct SpanningForestTests {
  @Test(arguments: UInt64(0)..<40)
  func `the forest does not depend on order, parts or buffer`(seed: UInt64) {
    let links = randomLinks(imageCount: 40, count: 200, seed: seed)
    let whole = SpanningForest(merging: [links], imageCount: 40)
    var generator = SplitMix(seed: seed)
    for partCount in [1, 2, 7, 200] {
      let shuffled = links.shuffled(using: &generator)
      let parts = (0..<partCount).map { part in
        shuffled.enumerated().filter { $0.offset % partCount == part }.map(\.element)
      }
      let forests = parts.map { SpanningForest(merging: [$0], imageCount: 40).links }
      #expect(SpanningForest(merging: parts, imageCount: 40) == whole, "\(partCount) parts")
      #expect(SpanningForest(merging: forests, imageCount: 40) == whole, "\(partCount) forests")
    }
    for capacity in [1, 3, 50, 199] {
      var builder = ForestBuilder(imageCount: 40, capacity: capacity)
      builder.add(contentsOf: links)
      #expect(builder.finish() == whole.links, "capacity \(capacity)")
    }
  }

  @Test(arguments: UInt64(0)..<40)
  func `at every threshold the forest has the components of all links`(seed: UInt64) {
    let links = randomLinks(imageCount: 40, count: 70, seed: seed)
    let forest = SpanningForest(merging: [links], imageCount: 40)
    for threshold in coarseThresholds {
      let expected = floodedComponents(of: links, imageCount: 40, threshold: threshold)
      #expect(forest.partition(threshold: threshold).asSets == expected, "at \(threshold)")
    }
  }

  @Test(arguments: UInt64(0)..<10)
  func `a batch's forest may be built over its own numbers only`(seed: UInt64) {
    let links = randomLinks(imageCount: 30, count: 90, seed: seed)
    var plain = ForestBuilder(imageCount: 30)
    plain.add(contentsOf: links)
    var shifted = ForestBuilder(images: 1000..<1030, capacity: 16)
    shifted.add(
      contentsOf: links.map { Link($0.a + 1000, $0.b + 1000, similarity: $0.similarity) })
    let expected = plain.finish().map {
      Link($0.a + 1000, $0.b + 1000, similarity: $0.similarity)
    }
    #expect(shifted.finish() == expected)
  }

  @Test func `a forest has at most one link fewer than images, sorted`() {
    let links = randomLinks(imageCount: 50, count: 5000, seed: 9)
    let forest = SpanningForest(merging: [links], imageCount: 50).links
    #expect(forest.count == 49)
    #expect(forest == forest.sorted())
    #expect(SpanningForest(merging: [], imageCount: 50).links.isEmpty)
    #expect(SpanningForest(merging: [], imageCount: 0).links.isEmpty)
  }

  @Test func `a link outside the run is a bug`() async {
    await #expect(processExitsWith: .failure) {
      var builder = ForestBuilder(images: 10..<20)
      builder.add(Link(9, 12, similarity: 1))
    }
  }

  @Test func `a stored forest that is not sorted is a bug`() async {
    await #expect(processExitsWith: .failure) {
      _ = SpanningForest(
        sortedLinks: [Link(0, 1, similarity: 0.5), Link(1, 2, similarity: 0.75)], imageCount: 3)
    }
  }
}
