import Clustering
import TestImages
import Testing

/// The thresholds at and between the similarities of `randomLinks`.
let coarseThresholds = (0...16).map { Double($0) / 16 }

/// Random links at one of nine similarities, so that ties are the rule; some pairs come twice.
func randomLinks(imageCount: Int, count: Int, seed: UInt64) -> [Link] {
  var generator = SplitMix(seed: seed)
  var links: [Link] = []
  while links.count < count {
    let a = UInt32.random(in: 0..<UInt32(imageCount), using: &generator)
    let b = UInt32.random(in: 0..<UInt32(imageCount), using: &generator)
    if a == b { continue }
    links.append(Link(a, b, similarity: Double(Int.random(in: 0...8, using: &generator)) / 8))
  }
  return links
}

/// The components of links at or above a threshold by flooding, written without the code under test.
func floodedComponents(of links: [Link], imageCount: Int, threshold: Double) -> Set<Set<UInt32>> {
  var neighbours = [[UInt32]](repeating: [], count: imageCount)
  for link in links where link.similarity >= threshold {
    neighbours[Int(link.a)].append(link.b)
    neighbours[Int(link.b)].append(link.a)
  }
  var components: Set<Set<UInt32>> = []
  var seen: Set<UInt32> = []
  for image in 0..<UInt32(imageCount) where !seen.contains(image) {
    var component: Set = [image]
    var waiting = [image]
    while let next = waiting.popLast() {
      for neighbour in neighbours[Int(next)] where component.insert(neighbour).inserted {
        waiting.append(neighbour)
      }
    }
    seen.formUnion(component)
    components.insert(component)
  }
  return components
}

extension Partition {
  /// Clusters and outliers as sets, to compare without an order.
  var asSets: Set<Set<UInt32>> {
    Set((0..<clusterCount).map { Set(cluster($0)) } + outliers.map { [$0] })
  }
}

/// Checks the weakest links of a partition's clusters: of those inside, if they join all members.
func checkWeakest(of partition: Partition, in forest: SpanningForest) {
  let weakest = forest.weakestSimilarities(in: partition)
  #expect(weakest.count == partition.clusterCount)
  for index in weakest.indices {
    let cluster = Set(partition.cluster(index))
    let inside = forest.links.filter { cluster.contains($0.a) && cluster.contains($0.b) }
    let parts = floodedComponents(of: inside, imageCount: forest.imageCount, threshold: 0)
    let expected = parts.contains(cluster) ? inside.map(\.similarity).min() : nil
    #expect(weakest[index] == expected)
  }
}
