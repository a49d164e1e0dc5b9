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
  private let folder: MergePass.Folder

  init(context: RunContext, plan base: MergePlan) throws {
    self.context = context
    plan = ClusterPlan(base, context.settings.clustering)
    folder = MergePass.Folder(plan: plan.name, context.directory)
    isLiving = base.livingFlags(count: try context.database.imageNumberLimit())
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
    let parts = plan.isByBatch ? plan.base.batches : []
    let recorded = try context.database.finishedTiles(plan: plan.name)
    let waiting = parts.filter { recorded[Int($0.id.rawValue)] == nil }
    context.progress.begin(
      stage, of: stageCount, "Clustering", unit: "parts", done: parts.count - waiting.count,
      total: parts.count + 1)
    defer { context.progress.end() }
    try context.pool.forEach(waiting) { batch in
      var vectors = try read(batch)
      vectors.scale(scaling)
      let part = ClusteredPart.Search(
        context.settings, counts: plan.countsOfBatch, sharers: context.pool.workerCount)
      try record(
        part.run(vectors.rows, name: batch.id.sixDigits, pool: nil, checkpoint: checkpoint),
        number: Int(batch.id.rawValue))
      context.progress.advance(1)
    }
    let assembly = try (plan.isByBatch ? merged(scaling) : whole(scaling))
    context.progress.advance(1)
    try MergePass(context: context).removeOutdated(plan.base)
    return try assembly.result(plan, isLiving: isLiving, context: context)
  }

  /// The clusters from what is recorded alone.
  ///
  /// Reads only.
  ///
  /// - Throws: `NotReady` where a part is not there.
  func recordedResult() throws -> RunResult {
    let recorded = try context.database.finishedTiles(plan: plan.name)
    let parts = plan.isByBatch ? plan.base.batches.map { Int($0.id.rawValue) } : []
    guard (parts + [plan.lastNumber]).allSatisfy({ recorded[$0] != nil }) else {
      throw Session.NotReady(
        description:
          "\(context.directory.path): is not clustered with these settings yet; go on with: "
          + "likeness cluster \(context.directory.path)")
    }
    let scaling = try scaling()
    return try (plan.isByBatch ? merged(scaling) : whole(scaling))
      .result(plan, isLiving: isLiving, context: context)
  }

  private func checkpoint() throws { if context.stop.shouldStop { throw Interrupted() } }

  private func read(_ batch: BatchRecord) throws -> BatchVectors {
    try BatchVectors(batch, plan.base.measure, isLiving: { isLiving[Int($0)] }, context: context)
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

  private func record(_ part: ClusteredPart, number: Int) throws {
    let files = [folder.labels(number), folder.models(number)]
    try context.files.writeNumpy(
      part.labels, type: .int32, rows: part.labels.count, to: files[0])
    try context.files.write(part.table, to: files[1])
    try context.files.sync(folder: folder.path)
    try context.database.recordTile(
      plan: plan.name, number: number, batches: plan.base.batchesName,
      digest: digest(ofFiles: files))
    context.log.info("clustering \(part.models.first?.group ?? ""): \(part.chosenText)")
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

  /// The part of all rows that are clustered last.
  private func last(_ rows: Rows, name: String) throws -> ClusteredPart {
    if let recorded = try recorded(plan.lastNumber, rowCount: rows.count) { return recorded }
    let part = try lastSearch.run(rows, name: name, pool: context.pool, checkpoint: checkpoint)
    try record(part, number: plan.lastNumber)
    return part
  }

  private var lastSearch: ClusteredPart.Search {
    ClusteredPart.Search(context.settings, counts: plan.settings.counts, sharers: 1)
  }

  private func plots(_ part: ClusteredPart, _ rows: Rows) throws -> ClusterPlots {
    try ClusterPlots(
      part, rows, plan.settings,
      fit: plan.base.measure.basis == nil
        ? nil : ComponentFit(context: context).stored(plan.base.measure)?.fit,
      checkpoint: checkpoint)
  }

  /// All vectors at once.
  private func whole(_ scaling: RowScaling) throws -> ClusterAssembly {
    var assembly = ClusterAssembly(imageCount: isLiving.count)
    var vectors = try BatchVectors(all: plan.base, context: context) { rowCount, dimension in
      try lastSearch.checkFits(rowCount: rowCount, dimension: dimension, name: "all")
    }
    vectors.scale(scaling)
    let part = try last(vectors.rows, name: "all")
    assembly.append(part)
    assembly.plots = try plots(
      part.numberedBySize(vectors.images.map { _ in 1 }), vectors.rows)
    assembly.assign(part.labels, to: vectors.images)
    assembly.appendPlain(vectors.plain)
    return assembly
  }

  /// One vector of each cluster of a batch, and its outliers, brought together.
  private func merged(_ scaling: RowScaling) throws -> ClusterAssembly {
    var assembly = ClusterAssembly(imageCount: isLiving.count)
    var values: [Float] = []
    var standsFor: [[UInt32]] = []
    var dimension = 1
    for batch in plan.base.batches {
      var vectors = try read(batch)
      vectors.scale(scaling)
      guard
        let part = try recorded(Int(batch.id.rawValue), rowCount: vectors.rows.count)
      else { preconditionFailure("batch \(batch.id.rawValue) was not clustered") }
      assembly.append(part)
      assembly.appendPlain(vectors.plain)
      if vectors.rows.count > 0 { dimension = vectors.rows.dimension }
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
    let part = try last(rows, name: "merge")
    assembly.append(part)
    assembly.plots = try plots(part.numberedBySize(standsFor.map(\.count)), rows)
    assembly.assign(part.labels, to: standsFor)
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
