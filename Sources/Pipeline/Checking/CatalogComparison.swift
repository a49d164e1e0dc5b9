import Catalog
import Features
import Storage

/// Compares the catalog with the tables of the batch folders, which say everything that it says of an
/// image: damage to a row is damage that SQLite does not see.
///
/// The folder of a batch is compared with its digest before.
struct CatalogComparison {
  let context: RunContext

  /// What the catalog says of a batch and its folder does not; nil when they agree.
  ///
  /// A batch that is to be linked again had images renamed, touched or gone since its table was written.
  func complaint(of batch: BatchRecord) throws -> String? {
    let folder = context.directory.batchFolder(batch.id, generation: batch.generation)
    let told = try BatchTable.images(inFile: folder + "/images.csv")
    let known = try context.database.images(of: batch.id)
    let failures = try context.database.failures(of: batch.id)
    guard known.count == told.count else {
      return "it has \(known.count) images of \(folder), not \(told.count)"
    }
    for (known, told) in zip(known, told) {
      let isSame =
        known.id == told.result.id && known.batch == batch.id && known.sizeBytes == told.sizeBytes
        && (batch.isStale || Self.hasSameName(known, told))
        && (known.isGone || Self.hasSameResult(known, failures[known.id], told.result))
      guard isSame else {
        return "its row of image \(told.result.id.rawValue) is not what \(folder) tells"
      }
    }
    let measures = try BatchLinks.measures(inFolder: folder)
    guard try BatchLinks.records(ofFolder: folder, measures) == batch.measures else {
      return "its measures of \(folder) are not what that has"
    }
    return nil
  }

  private static func hasSameName(_ known: CatalogImage, _ told: RestoredImage) -> Bool {
    known.path == told.path && known.modifiedNanoseconds == told.modifiedNanoseconds
      && known.isGone == told.isGone
  }

  private static func hasSameResult(
    _ known: CatalogImage, _ failure: ImageFailure?, _ told: ImageResult
  ) -> Bool {
    known.outcome == told.outcome && known.content == told.content && known.width == told.width
      && known.height == told.height && failure == told.failure
  }
}
