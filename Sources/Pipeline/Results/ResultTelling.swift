import Catalog
import Clustering
import Report
import Storage

/// Tells a result to writers, image by image, in its order.
///
/// Memory: 20 bytes an image, 16 a cluster, and the further names of images that have some.
struct ResultTelling {
  private let result: RunResult
  private let context: RunContext
  private let furtherNames: [ImageID: [ArchivePath]]

  init(_ result: RunResult, context: RunContext) throws {
    self.result = result
    self.context = context
    furtherNames = try context.database.furtherNames()
  }

  /// Tells the whole result to each of the writers.
  ///
  /// - Throws: `Interrupted` when a stop was asked for before the last image.
  func tell(_ writers: inout [any ClusterWriter]) throws {
    let partition = result.partition
    try context.database.withImages { image in
      for index in 0..<partition.clusterCount {
        let members = partition.cluster(index)
        let heading = ClusterHeading(
          number: index + 1, imageCount: members.count,
          weakestSimilarity: result.strengths?.weakestOfCluster[index],
          representative: try representative(of: members, cluster: index, image))
        for writer in writers.indices { try writers[writer].beginCluster(heading) }
        for member in members {
          let told = try self.member(image(ImageID(rawValue: member)))
          for writer in writers.indices { try writers[writer].append(told) }
        }
        for writer in writers.indices { try writers[writer].endCluster() }
      }
      for outlier in partition.outliers {
        let told = try member(image(ImageID(rawValue: outlier)))
        for writer in writers.indices { try writers[writer].appendOutlier(told) }
      }
    }
    for writer in writers.indices { try writers[writer].finish() }
  }

  private func member(_ image: CatalogImage) throws -> ClusterMember {
    if context.stop.shouldStop { throw Interrupted() }
    let position = Int(image.id.rawValue)
    let nearest = result.strengths?.nearest[position] ?? 0
    let weakest = result.strengths?.weakest[position] ?? 2
    return ClusterMember(
      image, otherPaths: furtherNames.isEmpty ? [] : furtherNames[image.id] ?? [],
      nearest: nearest > 0 ? nearest : nil, weakest: weakest <= 1 ? weakest : nil)
  }

  /// The member that stands for a cluster of the result: for `medoid` the one in the middle of vectors,
  /// else the one with the strongest links, since the forest is at hand and features are not.
  private func representative(
    of members: ArraySlice<UInt32>, cluster: Int, _ image: (ImageID) throws -> CatalogImage
  ) throws -> ImageID {
    guard var best = members.first else { preconditionFailure("a cluster without members") }
    switch context.settings.representative {
    case .first: break
    case .medoid:
      if let medoids = result.medoids { best = medoids[cluster] }
      guard let nearest = result.strengths?.nearest else { break }
      for member in members where nearest[Int(member)] > nearest[Int(best)] { best = member }
    case .largest:
      var bestCount = -1
      for member in members {
        let found = try image(ImageID(rawValue: member))
        if found.width * found.height > bestCount {
          (best, bestCount) = (member, found.width * found.height)
        }
      }
    }
    return ImageID(rawValue: best)
  }
}
