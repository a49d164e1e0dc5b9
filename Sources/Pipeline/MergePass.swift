import Clustering
import Features
import Similarity
import Storage

/// The second pass: links between batches, tile by tile, to one forest.
struct MergePass: Sendable {
  let context: RunContext

  /// The forest of a plan, from what is recorded or by comparing.
  ///
  /// Killed at any point, the tiles that were recorded are kept.
  ///
  /// - Throws: `Interrupted` when a stop was asked for before the last tile was begun.
  func forest(_ plan: MergePlan, stage: Int, of stageCount: Int) throws -> SpanningForest {
    let folder = Folder(path: "\(context.directory.mergeFolder)/\(plan.name)")
    let imageLimit = try context.database.imageNumberLimit()
    if try context.database.forestDigest(plan: plan.name) != nil {
      context.progress.begin(stage, of: stageCount, "Comparing", unit: "tiles", done: 0, total: 0)
      context.progress.end()
      return SpanningForest(
        sortedLinks: try readLinks(folder.forest, imageLimit: imageLimit), imageCount: imageLimit)
    }
    let input = try MergeInput(plan: plan, context: context)
    let join = HammingJoin(
      rows: input.set.rows, images: input.set.images, maximumDistance: input.counts.count - 1,
      blockSize: Self.blockSize(imageCount: input.set.images.count))
    try compare(join, plan: plan, folder: folder, stage: stage, of: stageCount)
    return try gather(join, input, plan: plan, folder: folder, imageLimit: imageLimit)
  }

  /// Rows on one side of a tile: 65,536, about a second's work, and fewer where there would be too
  /// few tiles for all workers.
  ///
  /// It depends on the images alone, so a resume finds the same tiles.
  private static func blockSize(imageCount: Int) -> Int {
    min(65_536, max(4_096, (imageCount + 7) / 8))
  }

  /// The files of one plan.
  struct Folder {
    let path: String
    var forest: String { path + "/forest.npy" }
    func tileLinks(_ number: Int) -> String { "\(path)/tile-\(number).npy" }
    func tileCounts(_ number: Int) -> String { "\(path)/tile-\(number)-counts.npy" }
  }

  /// Computes the tiles that are not recorded.
  private func compare(
    _ join: HammingJoin, plan: MergePlan, folder: Folder, stage: Int, of stageCount: Int
  ) throws {
    let finished = try context.database.finishedTiles(plan: plan.name)
    let waiting = (0..<join.tileCount).filter { finished[$0] == nil }
    context.progress.begin(
      stage, of: stageCount, "Comparing", unit: "tiles", done: finished.count,
      total: join.tileCount)
    defer { context.progress.end() }
    try context.files.makeFolder(folder.path)
    try context.pool.forEach(waiting) { number in
      let tile = join.tile(number)
      try context.files.writeLinks(tile.links, to: folder.tileLinks(number))
      try context.files.writeCounts(tile.counts, to: folder.tileCounts(number))
      try context.database.recordTile(
        plan: plan.name, number: number,
        digest: digest(ofFiles: [folder.tileLinks(number), folder.tileCounts(number)]))
      context.log.info("tile \(number) of \(join.tileCount) done")
      context.progress.advance(1)
    }
  }

  /// Brings the tiles together to one forest and records it.
  private func gather(
    _ join: HammingJoin, _ input: MergeInput, plan: MergePlan, folder: Folder, imageLimit: Int
  ) throws -> SpanningForest {
    var builder = ForestBuilder(imageCount: imageLimit)
    builder.add(contentsOf: input.links)
    let equal = join.equalRows()
    builder.add(contentsOf: equal.links)
    var counts = input.counts
    for (distance, count) in equal.counts.enumerated() { counts[distance] += Int64(count) }
    for number in 0..<join.tileCount {
      builder.add(
        contentsOf: try readLinks(folder.tileLinks(number), imageLimit: imageLimit))
      let tile = try readCounts(
        folder.tileCounts(number), maximumDistance: join.maximumDistance)
      for (distance, count) in tile.enumerated() { counts[distance] += Int64(count) }
    }
    let links = builder.finish()
    try context.files.writeLinks(links, to: folder.forest)
    let linkCounts = counts.enumerated().compactMap { distance, count -> LinkCount? in
      precondition(count >= 0, "\(count) pairs at distance \(distance)")
      guard count > 0 else { return nil }
      return LinkCount(
        similarity: join.rows.similarity(ofDistance: distance), links: UInt64(count))
    }
    try context.database.recordForest(
      plan: plan.name, measure: plan.method.name, batches: plan.batchesName,
      digest: digest(ofFiles: [folder.forest]),
      counts: linkCounts)
    try removeOthers(than: plan, tilesOf: folder, tileCount: join.tileCount)
    return SpanningForest(sortedLinks: links, imageCount: imageLimit)
  }

  /// Removes the tiles, which the forest holds, and forests of batches as they no longer are.
  private func removeOthers(than plan: MergePlan, tilesOf folder: Folder, tileCount: Int) throws {
    for number in 0..<tileCount {
      try context.files.removeTree(folder.tileLinks(number))
      try context.files.removeTree(folder.tileCounts(number))
    }
    for other in try context.database.forests()
    where other.measure == plan.method.name && other.batches != plan.batchesName {
      try context.database.forgetPlan(other.plan)
      try context.files.removeTree("\(context.directory.mergeFolder)/\(other.plan)")
    }
  }
}
