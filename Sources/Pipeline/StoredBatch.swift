import Features
import Storage

/// What a batch folder holds of one measure, compared with what was recorded of it.
struct StoredBatch {
  let arrays: BatchArrays
  let links: BatchLinks

  /// Reads a batch that is done and has the measure.
  ///
  /// - Throws: `DamagedFile` naming the file or the folder.
  init(_ batch: BatchRecord, method: BitStringMethod, context: RunContext) throws {
    let folder = context.directory.batchFolder(batch.id, generation: batch.generation)
    (arrays, links) = try readRecorded {
      (
        try BatchArrays(folder: folder, imageCount: batch.imageCount, methods: [method]),
        try BatchLinks(
          folder: folder, method: method, floor: context.settings.floor, images: batch.images)
      )
    }
    guard try BatchLinks.digest(ofFolder: folder, method) == batch.measures[method.name]?.digest
    else {
      throw DamagedFile(path: folder, detail: "it is not what was recorded of '\(method.name)'")
    }
  }
}
