import Catalog
import Clustering
import LinearAlgebra
import Report
import Storage

/// Clusters the vectors of a run: each batch by itself, then one vector of each cluster of a batch and
/// its outliers, or all at once.
///
/// Every part is recorded when it is done, so that what is stopped goes on where it was. Memory: the
/// vectors of a batch for each worker, or of all images where they are clustered at once, and what the
/// method takes, which is known before it starts.
struct ClusterPass {
  let context: RunContext
  let plan: ClusterPlan
  private let isLiving: [Bool]
  /// Images with the bytes of an earlier one, and that: they are in its cluster.
  private let equalImages: [(image: UInt32, first: UInt32)]
  /// Whether an image is living and the first of its content.
  private let isClustered: [Bool]
  private let folder: MergePass.Folder

  init(context: RunContext, plan base: MergePlan) throws {
    self.context = context
    plan = ClusterPlan(base, context.settings.clustering)
    folder = MergePass.Folder(plan: plan.name, context.directory)
    isLiving = base.livingFlags(count: try context.database.imageNumberLimit())
    // Vectors of the user's are of paths, and may differ where files are equal.
    equalImages = base.measure == .given ? [] : try context.database.equalImages()
    var isClustered = isLiving
    for (image, _) in equalImages { isClustered[Int(image)] = false }
    self.isClustered = isClustered
  }

  /// Refuses methods for which memory is short, as far as that is known before batches are clustered,
  /// and more clusters than there are images.
  ///
  /// - Throws: `ModelTooLarge`, `SettingFailure`.
  func checkFits() throws {
    let (least, count) = (plan.settings.counts.lowerBound, isClustered.count(where: \.self))
    guard count <= 2 || least < count else {
      throw SettingFailure(
        "'--clusters': asks for \(least) clusters, and there are \(count) different images; ask for fewer"
      )
    }
    for batch in plan.base.batches {
      let vectors = try read(batch)
      guard vectors.rows.count > 0 else { continue }
      let dimension = vectors.rows.dimension
      guard plan.isByBatch else {
        return try lastSearch.checkFits(
          rowCount: count, dimension: dimension, name: "all")
      }
      let largest =
        plan.base.batches.map { batch in
          batch.images.count { isClustered[Int($0)] }
        }.max() ?? 0
      return try batchSearch.checkFits(
        rowCount: largest, dimension: dimension, name: "the largest batch")
    }
  }

  /// The clusters, from what is recorded or by clustering.
  ///
  /// - Throws: `Interrupted` when a stop was asked for; `ModelTooLarge` when a method does not fit the
  ///   memory, before it starts.
  func result(stage: Int, of stageCount: Int) throws -> RunResult {
    try BLAS.open()
    try context.files.makeFolder(context.directory.mergeFolder)
    try context.files.makeFolder(folder.path)
    try context.files.sync(folder: context.directory.path)
    try context.files.sync(folder: context.directory.mergeFolder)
    let scaling = try scaling()
    if plan.isByBatch { try clusterBatches(scaling, stage: stage, of: stageCount) }
    let assembly = try assembly(scaling) { rows, name in
      let search = lastSearch
      context.progress.begin(
        stage, of: stageCount, "Clustering", unit: "trials", total: search.trialCount(rows))
      defer { context.progress.end() }
      let cost = try search.cost(rows, name: name)
      context.log.info("clustering \(name): \(cost)")
      let part = try search.run(rows, name: name, pool: context.pool, checkpoint: checkpoint) {
        context.progress.advance(1)
      }
      try record(part, name, number: plan.lastNumber)
      return part
    }
    try MergePass(context: context).removeOutdated(plan.base)
    return try assembly.result(plan, isLiving: isLiving, context: context, isDrawn: true)
  }

  /// Clusters each batch that is not recorded yet by itself.
  private func clusterBatches(
    _ scaling: RowScaling, stage: Int, of stageCount: Int
  ) throws {
    let recorded = try context.database.finishedTiles(plan: plan.name)
    let waiting = plan.base.batches.filter { recorded[Int($0.id.rawValue)] == nil }
    context.progress.begin(
      stage, of: stageCount, "Clustering", unit: "batches",
      done: plan.base.batches.count - waiting.count, total: plan.base.batches.count)
    defer { context.progress.end() }
    let search = batchSearch
    try context.pool.forEach(waiting) { batch in
      var vectors = try read(batch)
      vectors.scale(scaling)
      let name = batch.id.sixDigits
      let cost = try search.cost(vectors.rows, name: name)
      context.log.info("clustering \(name): \(cost)")
      try record(
        search.run(vectors.rows, name: name, pool: nil, checkpoint: checkpoint),
        name, number: Int(batch.id.rawValue))
      context.progress.advance(1)
    }
  }

  /// How many parts are recorded, and how many there are.
  var parts: (done: Int, all: Int) {
    get throws {
      let recorded = try context.database.finishedTiles(plan: plan.name)
      let numbers =
        (plan.isByBatch ? plan.base.batches.map { Int($0.id.rawValue) } : []) + [plan.lastNumber]
      return (numbers.count { recorded[$0] != nil }, numbers.count)
    }
  }

  /// The clusters from what is recorded alone.
  ///
  /// Reads only.
  ///
  /// - Throws: `NotReady` where a part is not there.
  func recordedResult() throws -> RunResult {
    let parts = try parts
    guard parts.done == parts.all || plan.base.images.isEmpty else {
      throw Session.NotReady(
        description:
          "\(context.directory.path): is not clustered with these settings yet; go on with: "
          + "likeness cluster \(context.directory.path)")
    }
    let scaling = try scaling()
    return try assembly(scaling) { rows, name in
      precondition(rows.count == 0, "the last part is recorded, and was not read")
      return try lastSearch.run(rows, name: name, pool: nil, checkpoint: checkpoint)
    }.result(plan, isLiving: isLiving, context: context, isDrawn: false)
  }

  private func checkpoint() throws { if context.stop.shouldStop { throw Interrupted() } }

  private func read(_ batch: BatchRecord) throws -> BatchVectors {
    try BatchVectors(
      batch, plan.base.measure, isLiving: { isClustered[Int($0)] }, context: context)
  }

  /// The scaling of the settings; means and deviations of columns are those of the whole archive.
  private func scaling() throws -> RowScaling {
    var moments: ColumnMoments?
    if plan.settings.isStandardized {
      for batch in plan.base.batches {
        let rows = try read(batch).rows
        if rows.count == 0 { continue }
        var sums = moments ?? ColumnMoments(dimension: rows.dimension)
        sums.add(rows)
        moments = sums
      }
    }
    return RowScaling(moments: moments, isNormalized: plan.settings.isNormalized)
  }

  private func record(_ part: ClusteredPart, _ name: String, number: Int) throws {
    let files = [folder.labels(number), folder.models(number)]
    try context.files.writeNumpy(
      part.labels, type: .int32, rows: part.labels.count, to: files[0])
    try context.files.write(part.table, to: files[1])
    try context.files.sync(folder: folder.path)
    try context.database.recordTile(
      plan: plan.name, number: number, batches: plan.base.batchesName,
      digest: digest(ofFiles: files))
    let chosen = part.chosen.map { "\($0.name), \($0.score.clusterCount) clusters" }
    context.log.info("clustered \(name): \(chosen ?? "nothing that parts it")")
  }

  /// A part that was recorded; nil if it was not.
  ///
  /// - Throws: `DamagedFile` when its files are not what was recorded.
  private func recorded(_ number: Int, rowCount: Int) throws -> ClusteredPart? {
    guard let digest = try context.database.finishedTiles(plan: plan.name)[number] else {
      return nil
    }
    let files = [folder.labels(number), folder.models(number)]
    guard try readRecorded({ try Storage.digest(ofFiles: files) }) == digest else {
      throw DamagedFile(path: files[0], detail: "it is not what was recorded")
    }
    let labels = try NumpyFile(path: files[0], type: .int32)
    guard labels.shape == (rowCount, 1) else {
      throw DamagedFile(path: files[0], detail: "it is of other images")
    }
    return try ClusteredPart(
      labels: unsafe Array(labels.bytes.bindMemory(to: Int32.self)),
      table: contents(ofFile: files[1]))
  }

  /// Images of batches that plots show at most.
  private static let shownCount = 5_000

  /// Clusters rows, which are named.
  private typealias Clustering = (_ rows: Rows, _ name: String) throws -> ClusteredPart

  private func assembly(_ scaling: RowScaling, last: Clustering) throws -> ClusterAssembly {
    try plan.isByBatch ? merged(scaling, last: last) : whole(scaling, last: last)
  }

  /// The part of all rows that are clustered last: as it is recorded, or by `last`.
  private func part(_ rows: Rows, name: String, last: Clustering) throws -> ClusteredPart {
    try recorded(plan.lastNumber, rowCount: rows.count) ?? last(rows, name)
  }

  private var batchSearch: ClusteredPart.Search {
    ClusteredPart.Search(
      context.settings, counts: plan.countsOfBatch, sharers: context.pool.workerCount)
  }

  private var lastSearch: ClusteredPart.Search {
    ClusteredPart.Search(context.settings, counts: plan.settings.counts, sharers: 1)
  }

  /// All vectors at once.
  private func whole(_ scaling: RowScaling, last: Clustering) throws -> ClusterAssembly {
    var assembly = ClusterAssembly(imageCount: isLiving.count)
    var vectors = try BatchVectors(
      all: plan.base, isTaken: isClustered, context: context
    ) { rowCount, dimension in
      try lastSearch.checkFits(rowCount: rowCount, dimension: dimension, name: "all")
    }
    vectors.scale(scaling)
    let part = try part(vectors.rows, name: "all", last: last)
    assembly.append(part)
    assembly.last = PlottedVectors(rows: vectors.rows, images: vectors.images)
    assembly.shown = assembly.last
    assembly.assign(part.labels, to: vectors.images)
    assembly.appendPlain(vectors.plain)
    assembly.assign(equalImages)
    return assembly
  }

  /// One vector of each cluster of a batch, and its outliers, brought together.
  private func merged(_ scaling: RowScaling, last: Clustering) throws -> ClusterAssembly {
    var assembly = ClusterAssembly(imageCount: isLiving.count)
    var values: [Float] = []
    var standsFor: [[UInt32]] = []
    var dimension = 1
    var shown: (values: [Float], images: [UInt32]) = ([], [])
    let step = 1 + plan.base.images.count / Self.shownCount
    var imageCount = 0
    for batch in plan.base.batches {
      var vectors = try read(batch)
      vectors.scale(scaling)
      guard
        let part = try recorded(Int(batch.id.rawValue), rowCount: vectors.rows.count)
      else { preconditionFailure("batch \(batch.id.rawValue) was not clustered") }
      assembly.append(part)
      assembly.appendPlain(vectors.plain)
      if vectors.rows.count > 0 { dimension = vectors.rows.dimension }
      for row in vectors.images.indices where (imageCount + row).isMultiple(of: step) {
        shown.values += vectors.rows[row]
        shown.images.append(vectors.images[row])
      }
      imageCount += vectors.images.count
      let labels = Labels(part.labels)
      for members in labels.members() {
        let medoid = vectors.rows.rowNearestToMean(of: members)
        values += vectors.rows[medoid]
        standsFor.append(members.map { vectors.images[$0] })
      }
      for (row, label) in part.labels.enumerated() where label == Labels.noise {
        values += vectors.rows[row]
        standsFor.append([vectors.images[row]])
      }
    }
    let rows = Rows(count: standsFor.count, dimension: dimension, values: values)
    let part = try part(rows, name: "merge", last: last)
    assembly.append(part)
    assembly.last = PlottedVectors(
      rows: rows, images: standsFor.map { $0[0] }, isSample: true)
    assembly.shown = PlottedVectors(
      rows: Rows(count: shown.images.count, dimension: dimension, values: shown.values),
      images: shown.images, isSample: step > 1)
    assembly.assign(part.labels, to: standsFor)
    assembly.assign(equalImages)
    return assembly
  }
}

extension Rows {
  /// The row among `members` that is nearest to their mean, ties to the first.
  func rowNearestToMean(of members: [Int]) -> Int {
    var mean = [Double](repeating: 0, count: dimension)
    for member in members {
      for (column, value) in self[member].enumerated() { mean[column] += Double(value) }
    }
    let center = Rows(
      count: 1, dimension: dimension, values: mean.map { Float($0 / Double(members.count)) })
    var best = (row: members[0], distance: Double.infinity)
    for member in members {
      let distance = squaredDistance(member, center, 0)
      if distance < best.distance { best = (member, distance) }
    }
    return best.row
  }
}
