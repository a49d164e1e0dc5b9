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
    let measures: [Measure]
    /// What the features that it has already are of; nil if it has none.
    var content: ContentHash?
  }

  let record: BatchRecord
  let images: [CatalogImage]
  let measures: [Measure]
  private let derived: DerivedFeatures
  /// Measures whose features are made for every image, and not only for those that are read.
  private let derivedAnew: [Measure]
  private(set) var tasks: [Task]
  /// The arrays of the generation before, with a column for every measure.
  private(set) var arrays: BatchArrays
  /// What was read, a row an image; nil for images that were not read.
  private(set) var readings: [ImageReading?]

  /// Which outcomes of an earlier generation are tried again.
  struct Retry: Sendable {
    var notRead = true
    var quarantined = false
  }

  init(
    _ record: BatchRecord, images: [CatalogImage], measures: [Measure], derived: DerivedFeatures,
    retry: Retry, previousFolder: String?, scratch: String
  ) throws {
    self.record = record
    self.images = images
    self.derived = derived
    readings = Array(repeating: nil, count: images.count)
    let known = measures.filter { derived.fits(record, $0) }
    let missing = measures.filter { !derived.fits(record, $0) }
    // Measures of earlier runs are kept though this one does not ask for them, unless nothing would
    // make the features of images that are read now.
    let others = record.measures.keys.compactMap(Measure.init(name:)).filter {
      !measures.contains($0) && derived.fits(record, $0)
        && (!$0.isDerived || derived.canMake($0))
    }
    self.measures = measures + others
    derivedAnew = missing.filter(\.isDerived)
    if let previousFolder {
      arrays = try BatchArrays(
        folder: previousFolder, imageCount: record.imageCount, measures: known + others)
      for (measure, column) in arrays.columns {
        arrays.columns[measure] = try column.changeable(scratch: scratch)
      }
      for measure in missing { try arrays.addColumn(measure, scratch: scratch) }
    } else {
      arrays = try BatchArrays(
        imageCount: record.imageCount, measures: self.measures, scratch: scratch)
    }
    let all = self.measures.filter { !$0.isDerived }
    let unread = missing.filter { !$0.isDerived }
    tasks = images.enumerated().compactMap { row, image in
      if image.isGone { return nil }
      switch previousFolder == nil ? .waiting : image.outcome {
      case .waiting: return Task(row: row, measures: all)
      case .notRead: return retry.notRead ? Task(row: row, measures: all) : nil
      case .quarantined: return retry.quarantined ? Task(row: row, measures: all) : nil
      case .done:
        return unread.isEmpty ? nil : Task(row: row, measures: unread, content: image.content)
      case .skipped: return nil
      }
    }
  }

  /// Leaves out images that end the process which reads them.
  mutating func leaveOut(_ culprits: [ImageID: ImageReading]) {
    tasks.removeAll { culprits[images[$0.row].id] != nil }
    for (row, image) in images.enumerated() {
      guard let reading = culprits[image.id] else { continue }
      readings[row] = reading
      arrays.outcomes[row] = reading.outcome.rawValue
    }
  }

  /// Takes what was read; features go to the arrays at once, for they may be large.
  mutating func take(_ reading: ImageReading, _ task: Task) throws {
    readings[task.row] = reading
    readings[task.row]?.features = []
    for (measure, feature) in zip(task.measures, reading.features) {
      try arrays.columns[measure]?.set(feature, row: task.row)
    }
  }

  /// The rows whose time ran out.
  var rowsOutOfTime: [Int] { readings.indices.filter { readings[$0]?.ranOutOfTime == true } }

  /// Brings the arrays up to date with what was read; the results are those of the images read.
  mutating func finishReading() throws -> [ImageResult] {
    try copyRepeated()
    for task in tasks {
      if let reading = readings[task.row] { store(reading, task) }
    }
    try derive()
    return readings.enumerated().compactMap { row, reading in
      reading.map { reading in
        ImageResult(
          id: images[row].id, outcome: reading.outcome, content: reading.content,
          width: reading.width, height: reading.height, failure: reading.failure)
      }
    }
  }

  /// Makes the features that do not come from images.
  private mutating func derive() throws {
    for measure in measures where measure.isDerived {
      let isWhole = derivedAnew.contains(measure)
      for row in images.indices where isWhole || readings[row] != nil {
        guard arrays.outcomes[row] == OutcomeCode.done.rawValue else { continue }
        let feature = try derived.feature(measure, row: row, of: images[row], in: arrays)
        try arrays.columns[measure]?.set(feature, row: row)
      }
    }
  }

  /// Gives images that were not decoded, because their content is another's, what that one gave.
  private mutating func copyRepeated() throws {
    let repeated = tasks.filter { readings[$0.row]?.repeatsContent == true }
    if repeated.isEmpty { return }
    func key(_ task: Task) -> BatchFeed.ContentKey? {
      readings[task.row]?.content.map {
        BatchFeed.ContentKey(content: $0, measureCount: task.measures.count)
      }
    }
    var rowOfContent: [BatchFeed.ContentKey: Int] = [:]
    for task in tasks where readings[task.row]?.isDecoded == true {
      guard let key = key(task), rowOfContent[key] == nil else { continue }
      rowOfContent[key] = task.row
    }
    for task in repeated {
      guard let row = key(task).flatMap({ rowOfContent[$0] }), let origin = readings[row] else {
        preconditionFailure("row \(task.row) repeats a content that no row has")
      }
      readings[task.row]?.takeDecoded(from: origin)
      for measure in task.measures { try arrays.columns[measure]?.copy(row: row, to: task.row) }
    }
  }

  /// Whether an image of the batch is one of the living, by its number.
  var takesPart: @Sendable (_ image: UInt32) -> Bool {
    let isAlive = images.map { !$0.isGone }
    let first = record.firstImage.rawValue
    return { isAlive[Int($0 - first)] }
  }

  /// Whether what was read changes nothing that the folder of the generation before holds.
  ///
  /// - Parameter earlier: why images were left out before.
  func isUnchanged(since earlier: [ImageID: ImageFailure]) -> Bool {
    record.generation > 0 && !record.isStale
      && measures.allSatisfy { derived.fits(record, $0) }
      && zip(images, readings).allSatisfy { image, reading in
        reading.map { reading in
          reading.outcome == image.outcome && reading.content == image.content
            && reading.width == image.width && reading.height == image.height
            && reading.failure == earlier[image.id]
        } ?? true
      }
  }

  /// What made the features of each measure: what was read now, and what is kept.
  func origins() -> [Measure: FeatureOrigin] {
    var decoders: [Measure: Set<String>] = [:]
    for measure in measures {
      if let identity = derived.identity(measure) {
        decoders[measure] = [identity]
        continue
      }
      let kept = record.has(measure) ? record.measures[measure.name]?.origin.decoders : nil
      decoders[measure] = Set(kept ?? [])
    }
    for task in tasks {
      guard let library = readings[task.row]?.library, !library.isEmpty else { continue }
      for measure in task.measures { decoders[measure]?.insert(library) }
    }
    return decoders.reduce(into: [:]) { origins, entry in
      origins[entry.key] = FeatureOrigin(version: entry.key.version, decoders: entry.value)
    }
  }

  private mutating func store(_ reading: ImageReading, _ task: Task) {
    arrays.outcomes[task.row] = reading.outcome.rawValue
    arrays.setContent(reading.content, row: task.row)
  }
}

extension BatchRecord {
  /// Whether the batch has features and links of a measure as it is now.
  ///
  /// What another version of it made counts as not there: it is computed again.
  func has(_ measure: Measure) -> Bool {
    measures[measure.name]?.origin.version == measure.version
  }
}
