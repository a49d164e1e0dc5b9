import Glibc
import Catalog
import Clustering
import Report
import Storage

/// Links to the clusters of one batch, to look at while a run goes on.
///
/// Not part of what is recorded: made anew with the batch, of no use to a resume, removed at will.
struct MiddleFolder {
  let context: RunContext

  func write(
    _ work: BatchWork, links: BatchLinks, takesPart: (UInt32) -> Bool
  ) throws {
    let folder = context.directory.middleFolder(of: work.record.id)
    try context.files.removeTree(folder)
    guard context.settings.publishing == .folders else { return }
    let partition = links.partition(
      threshold: context.settings.link.batchThreshold, images: work.record.images
    ) { image in
      takesPart(image)
        && work.arrays.outcomes[Int(image - work.record.firstImage.rawValue)]
          == OutcomeCode.done.rawValue
    }
    guard partition.clusterCount > 0 else { return }
    try context.files.makeFolder(folder)
    var folders = try LinkFolders(
      folder: folder, archive: context.settings.archive, as: .symlink, writesOutliers: false)
    for index in 0..<partition.clusterCount {
      let members = partition.cluster(index)
      try folders.beginCluster(
        ClusterHeading(
          number: index + 1, imageCount: members.count, weakestSimilarity: nil,
          representative: work.images[Int(members[members.startIndex])].id))
      for row in members { try folders.append(ClusterMember(work.images[Int(row)])) }
      try folders.endCluster()
    }
  }
}

extension ClusterMember {
  /// An image as a result tells of it.
  init(
    _ image: CatalogImage, otherPaths: [ArchivePath] = [], nearest: Double? = nil,
    weakest: Double? = nil
  ) {
    self.init(
      image: image.id, path: image.path, otherPaths: otherPaths, width: image.width,
      height: image.height, byteCount: image.sizeBytes,
      modifiedNanoseconds: image.modifiedNanoseconds, nearestSimilarity: nearest,
      weakestSimilarity: weakest)
  }

  /// Whether a file is as the scan saw the image, by its length and time.
  func isUnchanged(_ file: stat) -> Bool {
    file.st_size == byteCount && file.modifiedNanoseconds == modifiedNanoseconds
  }
}
