import Clustering
import Report
import Storage

/// Clusters of a run, and what is told of them: the outcome of a cut, or of clustering vectors.
struct RunResult {
  /// What was compared or clustered.
  let measure: Measure
  let batches: [BatchRecord]
  /// The images that take part, ascending.
  let images: [UInt32]
  /// One more than the highest image number.
  let imageCount: Int
  let partition: Partition
  /// How members are linked; nil where clusters are not made of links.
  let strengths: LinkStrengths?
  /// The member in the middle of each cluster; nil where links tell it.
  let medoids: [UInt32]?
  let method: ResultSummary.Method
  let curve: Report.ThresholdCurve?
  let missedLinks: MissedLinks?
  /// What was tried for clusters of vectors.
  let models: [TriedModel]
  /// Further files of a result, by their names in its folder.
  let files: [(name: String, bytes: [UInt8])]
  /// Those of them that are plots, with what each shows.
  let plots: [(name: String, words: String)]
}

/// How strongly the members of clusters are linked.
struct LinkStrengths {
  /// The highest and lowest similarity of an image's links inside its cluster; 0 and 2 without.
  private(set) var nearest: [Double]
  private(set) var weakest: [Double]
  /// The similarity of the weakest link of each cluster; nil where links do not join all members.
  let weakestOfCluster: [Double?]

  init(_ forest: SpanningForest, _ partition: Partition, threshold: Double) {
    weakestOfCluster = forest.weakestSimilarities(in: partition)
    let cluster = partition.clusterOfImage(imageCount: forest.imageCount)
    nearest = Array(repeating: 0, count: forest.imageCount)
    weakest = Array(repeating: 2, count: forest.imageCount)
    for link in forest.links.prefix(forest.linkCount(atOrAbove: threshold))
    where cluster[Int(link.a)] == cluster[Int(link.b)] {
      for image in [Int(link.a), Int(link.b)] {
        nearest[image] = max(nearest[image], link.similarity)
        weakest[image] = min(weakest[image], link.similarity)
      }
    }
  }
}

extension ResultCut {
  /// What is told of the cut.
  func result(_ context: RunContext) throws -> RunResult {
    RunResult(
      measure: plan.measure, batches: plan.batches, images: plan.images,
      imageCount: forest.imageCount, partition: partition,
      strengths: LinkStrengths(forest, partition, threshold: threshold), medoids: nil,
      method: .links(
        .init(
          measure: plan.measure.name, threshold: threshold, batchThreshold: plan.batchThreshold,
          floor: plan.comparison.floor, linkage: linkage.rawValue,
          merge: context.settings.merge.rawValue)),
      curve: try CurveReader(context: context).curve(self),
      missedLinks: try context.missedLinks(plan), models: [], files: [], plots: [])
  }
}
