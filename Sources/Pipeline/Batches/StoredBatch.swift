import Features
import Storage

/// What a batch folder holds of one measure, compared with what was recorded of it.
struct StoredBatch {
  let arrays: BatchArrays
  let links: BatchLinks

  /// Reads a batch that is done and has the measure.
  ///
  /// - Throws: `DamagedFile` naming the file or the folder.
  init(_ batch: BatchRecord, measure: Measure, context: RunContext) throws {
    let folder = context.directory.batchFolder(batch.id, generation: batch.generation)
    (arrays, links) = try readRecorded {
      (
        try BatchArrays(folder: folder, imageCount: batch.imageCount, measures: [measure]),
        try BatchLinks(
          folder: folder, context.settings.comparison(measure), images: batch.images)
      )
    }
    guard try BatchLinks.digest(ofFolder: folder, measure) == batch.measures[measure.name]?.digest
    else {
      throw DamagedFile(path: folder, detail: "it is not what was recorded of '\(measure.name)'")
    }
  }
}
