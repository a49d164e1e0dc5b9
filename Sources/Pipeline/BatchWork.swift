import Catalog
import Features
import Storage

/// One batch while it is worked on: what must be read of it, and what is known.
///
/// The first generation of a batch reads every image. A later one keeps what the folder of the one
/// before holds, and reads only images that are to be tried again or lack a measure's feature.
struct BatchWork: Sendable {
  /// An image to read, and the features to extract of it.
  struct Task: Sendable {
    let row: Int
    let methods: [BitStringMethod]
  }

  let record: BatchRecord
  let images: [CatalogImage]
  let methods: [BitStringMethod]
  let tasks: [Task]
  /// The arrays of the generation before, with a column for every method.
  private(set) var arrays: BatchArrays
  private(set) var readings: [Int: ImageReading] = [:]

  /// Which outcomes of an earlier generation are tried again.
  struct Retry: Sendable {
    var notRead = true
    var quarantined = false
  }

  init(
    _ record: BatchRecord, images: [CatalogImage], culprits: Set<ImageID>,
    methods: [BitStringMethod], retry: Retry, previousFolder: String?
  ) throws {
    self.record = record
    self.images = images
    let known = methods.filter { record.measures.contains($0.name) }
    let missing = methods.filter { !record.measures.contains($0.name) }
    // Measures of earlier runs are kept though this one does not ask for them.
    let others = record.measures.compactMap(BitStringMethod.init(name:)).filter {
      !methods.contains($0)
    }
    self.methods = methods + others
    if let previousFolder {
      arrays = try BatchArrays(
        folder: previousFolder, imageCount: record.imageCount, methods: known + others)
      for method in missing { arrays.addColumn(method) }
    } else {
      arrays = BatchArrays(imageCount: record.imageCount, methods: self.methods)
    }
    let all = self.methods
    tasks = images.enumerated().compactMap { row, image in
      guard !image.isGone, !culprits.contains(image.id) else { return nil }
      switch previousFolder == nil ? .waiting : image.outcome {
      case .waiting: return Task(row: row, methods: all)
      case .notRead: return retry.notRead ? Task(row: row, methods: all) : nil
      case .quarantined: return retry.quarantined ? Task(row: row, methods: all) : nil
      case .done: return missing.isEmpty ? nil : Task(row: row, methods: missing)
      case .skipped: return nil
      }
    }
    for (row, image) in images.enumerated() where culprits.contains(image.id) {
      readings[row] = .endsProcess
      arrays.outcomes[row] = OutcomeCode.quarantined.rawValue
    }
  }

  mutating func take(_ reading: ImageReading, row: Int) { readings[row] = reading }

  /// The rows whose time ran out.
  var rowsOutOfTime: [Int] { readings.filter(\.value.ranOutOfTime).keys.sorted() }

  /// Brings the arrays up to date with what was read; the results are those of the images read.
  mutating func finishReading() -> [ImageResult] {
    var rowOfContent: [BatchFeed.ContentKey: Int] = [:]
    for task in tasks {
      guard let reading = readings[task.row], let content = reading.content,
        !reading.features.isEmpty
      else { continue }
      let key = BatchFeed.ContentKey(content: content, methodCount: task.methods.count)
      if rowOfContent[key] == nil { rowOfContent[key] = task.row }
    }
    for task in tasks {
      guard var reading = readings[task.row] else { continue }
      if reading.repeatsContent, let content = reading.content {
        let key = BatchFeed.ContentKey(content: content, methodCount: task.methods.count)
        guard let origin = rowOfContent[key].flatMap({ readings[$0] }) else {
          preconditionFailure("row \(task.row) repeats a content that no row has")
        }
        reading.takeDecoded(from: origin)
        readings[task.row] = reading
      }
      store(reading, task)
    }
    return readings.sorted { $0.key < $1.key }.map { row, reading in
      ImageResult(
        id: images[row].id, outcome: reading.outcome, content: reading.content,
        width: reading.width, height: reading.height, failure: reading.failure)
    }
  }

  private mutating func store(_ reading: ImageReading, _ task: Task) {
    arrays.outcomes[task.row] = reading.outcome.rawValue
    arrays.setContent(reading.content, row: task.row)
    for (method, feature) in zip(task.methods, reading.features) {
      arrays.setFeature(feature, of: method, row: task.row)
    }
  }
}
