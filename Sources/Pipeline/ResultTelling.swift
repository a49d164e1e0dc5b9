import Catalog
import Clustering
import Report
import Storage

/// Tells a result to writers, image by image, in its order.
///
/// Memory: 20 bytes an image, 16 a cluster, and the further names of images that have some.
struct ResultTelling {
  private let cut: ResultCut
  private let context: RunContext
  private let furtherNames: [ImageID: [ArchivePath]]
  /// The highest and lowest similarity of an image's links inside its cluster; 0 and 2 without.
  private let nearest: [Double]
  private let weakest: [Double]
  private let weakestOfCluster: [Double?]

  init(_ cut: ResultCut, context: RunContext) throws {
    self.cut = cut
    self.context = context
    furtherNames = try context.database.furtherNames()
    weakestOfCluster = cut.forest.weakestSimilarities(in: cut.partition)
    let cluster = cut.partition.clusterOfImage(imageCount: cut.forest.imageCount)
    var nearest = [Double](repeating: 0, count: cut.forest.imageCount)
    var weakest = [Double](repeating: 2, count: cut.forest.imageCount)
    for link in cut.forest.links.prefix(cut.forest.linkCount(atOrAbove: cut.threshold))
    where cluster[Int(link.a)] == cluster[Int(link.b)] {
      for image in [Int(link.a), Int(link.b)] {
        nearest[image] = max(nearest[image], link.similarity)
        weakest[image] = min(weakest[image], link.similarity)
      }
    }
    self.nearest = nearest
    self.weakest = weakest
  }

  /// Tells the whole result to each of the writers.
  ///
  /// - Throws: `Interrupted` when a stop was asked for before the last image.
  func tell(_ writers: inout [any ClusterWriter]) throws {
    let partition = cut.partition
    try context.database.withImages { image in
      for index in 0..<partition.clusterCount {
        let members = partition.cluster(index)
        let heading = ClusterHeading(
          number: index + 1, imageCount: members.count,
          weakestSimilarity: weakestOfCluster[index],
          representative: try representative(of: members, image))
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
    return ClusterMember(
      image, otherPaths: furtherNames.isEmpty ? [] : furtherNames[image.id] ?? [],
      nearest: nearest[position] > 0 ? nearest[position] : nil,
      weakest: weakest[position] <= 1 ? weakest[position] : nil)
  }

  /// The member that stands for a cluster of the result: the one with the strongest links for
  /// `medoid`, since the forest is at hand and features are not.
  private func representative(
    of members: ArraySlice<UInt32>, _ image: (ImageID) throws -> CatalogImage
  ) throws -> ImageID {
    guard var best = members.first else { preconditionFailure("a cluster without members") }
    switch context.settings.representative {
    case .first: break
    case .medoid:
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
