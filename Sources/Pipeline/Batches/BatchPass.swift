import Catalog
import Clustering
import Features
import Imaging
import Logging
import Storage
import Synchronization

/// The first pass: reads every image once, links the images of each batch, and records the batch.
struct BatchPass: Sendable {
  let context: RunContext
  /// What every batch is to have.
  let measures: [Measure]
  let derived: DerivedFeatures
  let retry: BatchWork.Retry

  /// Works on every batch that is not done, lacks a measure, or has images to try again.
  ///
  /// - Throws: `Interrupted` when a stop was asked for before the last batch was begun.
  func run(stage: Int, of stageCount: Int) throws {
    let waiting = try batchesToDo()
    let total = try context.database.batches().reduce(0) { $0 + $1.imageCount }
    let waitingCount = waiting.reduce(0) { $0 + $1.imageCount }
    context.progress.begin(
      stage, of: stageCount, "Reading", unit: "images", done: total - waitingCount, total: total)
    defer { context.progress.end() }
    guard !waiting.isEmpty else { return }
    try removeUnrecorded()
    guard let scan = try context.database.lastScan() else {
      preconditionFailure("batches without a scan")
    }
    let health = ArchiveHealth(archive: context.settings.archive, root: scan.root)
    try health.checkRoot()
    let gate = AloneGate()
    let rooms = ImageRooms(
      memoryLimitBytes: context.settings.memoryLimitBytes,
      workerCount: context.settings.workerCount)
    let begun = Mutex<[BatchID]>([])
    let feed = BatchFeed(waiting, stop: context.stop) { record in
      let work = try begin(record)
      begun.withLock { $0.append(record.id) }
      return work
    }
    let finisher = Finisher()
    do {
      // After an error too: nothing of this pass goes on beyond it. The error is the one that is thrown.
      defer { try? finisher.wait() }
      try context.pool.onEachWorker { isFailed in
        let reader = ArchiveReader(
          settings: context.settings, decoderExecutable: context.decoderExecutable,
          health: health, rooms: rooms)
        while !isFailed(), let slice = try feed.next() {
          let readings = try gate.shared {
            try slice.tasks.map { image, task in
              try reader.read(image, task, contents: slice.contents)
            }
          }
          context.progress.advance(slice.tasks.count)
          if var work = try feed.deliver(readings, of: slice) {
            try gate.alone(if: !work.rowsOutOfTime.isEmpty) {
              try retryAlone(&work, reader)
            }
            let linked = try link(work)
            try finisher.later { try record(linked) }
          }
        }
      }
      try finisher.wait()
    } catch {
      // The process goes on to its end: no image of these batches is at fault. Where not even that
      // can be noted, they are tried in a child process one day, which takes time and no more.
      try? context.database.markEndedCleanly(begun.withLock { $0 })
      throw error
    }
    if context.stop.shouldStop, try !batchesToDo().isEmpty { throw Interrupted() }
  }

  private func batchesToDo() throws -> [BatchRecord] {
    var again: Set<BatchID> = []
    if retry.notRead { again.formUnion(try context.database.batches(withOutcome: .notRead)) }
    if retry.quarantined {
      again.formUnion(try context.database.batches(withOutcome: .quarantined))
    }
    return try context.database.batches().filter {
      $0.generation == 0 || $0.isStale || again.contains($0.id)
        || !hasAll($0)
    }
  }

  private func hasAll(_ batch: BatchRecord) -> Bool {
    measures.allSatisfy { derived.fits(batch, $0) }
  }

  private func begin(_ record: BatchRecord) throws -> BatchWork {
    try context.database.markBegun(record.id)
    context.log.info("batch \(record.id.rawValue) begun")
    let images = try context.database.images(of: record.id)
    var work = try BatchWork(
      record, images: images, measures: measures, derived: derived, retry: retry,
      previousFolder: try keptFolder(of: record), scratch: scratch(of: record))
    context.progress.pass(images.count - work.tasks.count)
    if record.begunCount >= CrashProbe.suspectCount { try leaveOutCulprits(of: &work) }
    return work
  }

  /// A path for files of a batch's features, which have it for a moment only.
  private func scratch(of record: BatchRecord) -> String {
    "\(context.directory.batchesFolder)/features-\(record.id.sixDigits).unfinished"
  }

  /// The folder that a new generation of a batch keeps features of; nil if there is none.
  ///
  /// - Throws: `DamagedFile` when it or the catalog is not what was recorded: the damage would be
  ///   recorded anew.
  private func keptFolder(of record: BatchRecord) throws -> String? {
    if record.generation == 0 { return nil }
    let folder = context.directory.batchFolder(record.id, generation: record.generation)
    guard try digest(ofFolder: folder) == record.digest else {
      throw DamagedFile(path: folder, detail: "it is not what was recorded")
    }
    if let complaint = try CatalogComparison(context: context).complaint(of: record) {
      throw DamagedFile(path: context.directory.databaseFile, detail: complaint)
    }
    return folder
  }

  /// Leaves out those images of a suspect batch that end the process.
  private func leaveOutCulprits(of work: inout BatchWork) throws {
    context.log.warning(
      """
      batch \(work.record.id.rawValue) was in flight at \(work.record.begunCount) unclean ends: its \
      images are tried in a child process
      """)
    let images = work.tasks.map { work.images[$0.row] }
    let found = try CrashProbe(context: context).culprits(among: images)
    for image in images where found[image.id] != nil {
      context.log.warning("\(image.path.displayName): ends the process")
    }
    work.leaveOut(found)
  }

  /// Tries images whose time ran out once more while no other worker reads.
  private func retryAlone(_ work: inout BatchWork, _ reader: ArchiveReader) throws {
    let contents = BatchFeed.ContentIndex()
    for task in work.tasks where work.rowsOutOfTime.contains(task.row) {
      try work.take(reader.read(work.images[task.row], task, contents: contents), task)
    }
  }

  /// A batch of which nothing is missing but that it is on disk.
  private struct LinkedBatch: Sendable {
    let work: BatchWork
    let results: [ImageResult]
    /// Why images were left out by the generation before.
    let earlier: [ImageID: ImageFailure]
    let change: Change

    enum Change {
      /// Trying again in vain leaves the folder, and with it what was merged of it, as it is.
      case none(digest: String)
      case links([Measure: BatchLinks])
    }
  }

  private func link(_ read: consuming BatchWork) throws -> LinkedBatch {
    var work = read
    let results = try work.finishReading()
    let earlier =
      work.record.generation > 0 ? try context.database.failures(of: work.record.id) : [:]
    if let digest = work.record.digest, work.isUnchanged(since: earlier) {
      return LinkedBatch(
        work: work, results: results, earlier: earlier, change: .none(digest: digest))
    }
    var links: [Measure: BatchLinks] = [:]
    for measure in work.measures {
      links[measure] = try BatchLinks(
        work.arrays, context.settings.comparison(measure),
        firstImage: work.record.firstImage.rawValue, scratch: scratch(of: work.record),
        takesPart: work.takesPart)
    }
    return LinkedBatch(work: work, results: results, earlier: earlier, change: .links(links))
  }

  /// Writes the folder of a batch and records it.
  private func record(_ batch: LinkedBatch) throws {
    let work = batch.work
    let record = work.record
    let links: [Measure: BatchLinks]
    switch batch.change {
    case .none(let digest):
      return try context.database.record(
        record.id, generation: record.generation, digest: digest, measures: nil,
        results: batch.results)
    case .links(let made): links = made
    }
    let generation = record.generation + 1
    let folder = context.directory.batchFolder(record.id, generation: generation)
    let unfinished = "\(context.directory.batchesFolder)/unfinished-\(record.id.sixDigits)"
    try context.files.removeTree(unfinished)
    try context.files.makeFolder(unfinished)
    try writeFiles(of: batch, links: links, into: unfinished)
    let digest = try digest(ofFolder: unfinished)
    // One that was put in place and not recorded, by a process that ended in between.
    try context.files.removeTree(folder)
    try context.files.publishFolder(
      unfinished, as: folder, subfolders: ["images", "features", "links"])
    try context.database.record(
      record.id, generation: generation, digest: digest,
      measures: BatchLinks.records(ofFolder: folder, work.measures), results: batch.results)
    context.log.info("batch \(record.id.rawValue) done, generation \(generation)")
    if record.generation > 0 {
      try context.files.removeTree(
        context.directory.batchFolder(record.id, generation: record.generation))
    }
    if let links = links[context.settings.measures[0]] {
      try MiddleFolder(context: context).write(work, links: links, takesPart: work.takesPart)
    }
  }

  /// Writes what a batch folder holds: tables and arrays side by side, because both wait for storage.
  private func writeFiles(
    of batch: LinkedBatch, links: [Measure: BatchLinks], into folder: String
  ) throws {
    let work = batch.work
    let parts: [@Sendable () throws -> Void] = [
      {
        try context.files.write(
          BatchTable.csv(of: work, earlier: batch.earlier), to: folder + "/images.csv")
        try context.files.write(
          OriginTable.csv(work.origins()), to: OriginTable.file(in: folder))
      },
      {
        try work.arrays.write(into: folder, files: context.files)
        try context.files.makeFolder(folder + "/links")
        for measure in work.measures {
          try links[measure]?.write(into: folder, measure: measure, files: context.files)
        }
      },
    ]
    // A batch that was read is put on disk whole: its own flag, which nobody sets.
    try WorkerPool(workerCount: parts.count, stop: StopFlag()).forEach(parts) { try $0() }
  }

  /// Removes folders that are not what is recorded of a batch: those of a process that ended while it
  /// wrote or between two steps, and of generations that a repair left behind.
  private func removeUnrecorded() throws {
    try context.files.makeFolder(context.directory.batchesFolder)
    let recorded = Set(
      try context.database.batches().map {
        context.directory.batchFolder($0.id, generation: $0.generation)
      })
    for name in try DurableFiles.entries(of: context.directory.batchesFolder) {
      let folder = "\(context.directory.batchesFolder)/\(name)"
      if !recorded.contains(folder) { try context.files.removeTree(folder) }
    }
  }
}
