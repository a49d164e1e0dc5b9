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
    let recorded = try recordedForest(plan)
    if let recorded {
      context.progress.begin(stage, of: stageCount, "Comparing", unit: "tiles", done: 0, total: 0)
      context.progress.end()
      try removeOutdated(plan)
      return recorded
    }
    let input = try MergeInput(plan: plan, context: context)
    let join = try input.set.join(
      blockSize: Self.blockSize(plan, imageCount: input.set.images.count))
    let folder = folder(plan)
    try compare(join, plan: plan, folder: folder, stage: stage, of: stageCount)
    let forest = try gather(join, input, plan: plan, folder: folder)
    try removeOutdated(plan)
    return forest
  }

  /// The forest of a plan as it was recorded, nil if it was not.
  ///
  /// - Throws: `DamagedFile` when its file is not what was recorded.
  func recordedForest(_ plan: MergePlan) throws -> SpanningForest? {
    guard let recorded = try context.database.forestDigest(plan: plan.name) else { return nil }
    let imageLimit = try context.database.imageNumberLimit()
    let path = folder(plan).forest
    let links = try readRecorded { try readLinks(path, imageLimit: imageLimit) }
    try compare([path], with: recorded)
    return SpanningForest(sortedLinks: links, imageCount: imageLimit)
  }

  /// Compares files with what was recorded of them.
  private func compare(_ paths: [String], with recorded: String?) throws {
    guard try digest(ofFiles: paths) == recorded else {
      throw DamagedFile(path: paths[0], detail: "it is not what was recorded")
    }
  }

  /// Rows on one side of a tile: what the measure allows, and fewer where there would be too few tiles
  /// for all workers.
  ///
  /// It depends on plan and images alone, so a resume finds the same tiles.
  private static func blockSize(_ plan: MergePlan, imageCount: Int) -> Int {
    min(plan.measure.largestBlockSize, max(plan.leastBlockSize, (imageCount + 7) / 8))
  }

  private func folder(_ plan: MergePlan) -> Folder {
    Folder(path: "\(context.directory.mergeFolder)/\(plan.name)")
  }

  /// The files of one plan.
  struct Folder {
    let path: String

    init(path: String) { self.path = path }

    init(plan: String, _ directory: RunDirectory) { path = "\(directory.mergeFolder)/\(plan)" }

    /// What is recorded as a tile: links and their counts, or how a part of the archive is clustered.
    func files(ofTile number: Int) -> [String] {
      ClusterPlan.isName(path.split(separator: "/").last ?? "")
        ? [labels(number), models(number)] : [tileLinks(number), tileCounts(number)]
    }

    var forest: String { path + "/forest.npy" }
    func labels(_ number: Int) -> String { "\(path)/labels-\(number).npy" }
    func models(_ number: Int) -> String { "\(path)/models-\(number).csv" }
    func tileLinks(_ number: Int) -> String { "\(path)/tile-\(number).npy" }
    func tileCounts(_ number: Int) -> String { "\(path)/tile-\(number)-counts.npy" }
  }

  /// Computes the tiles that are not recorded.
  private func compare(
    _ join: any TiledJoin, plan: MergePlan, folder: Folder, stage: Int, of stageCount: Int
  ) throws {
    let finished = try context.database.finishedTiles(plan: plan.name)
    let waiting = (0..<join.tileCount).filter { finished[$0] == nil }
    context.progress.begin(
      stage, of: stageCount, "Comparing", unit: "tiles", done: finished.count,
      total: join.tileCount)
    defer { context.progress.end() }
    try context.files.makeFolder(folder.path)
    try context.files.sync(folder: context.directory.path)
    try context.files.sync(folder: context.directory.mergeFolder)
    // No images make no tile, whose memory could be divided by.
    guard !waiting.isEmpty else { return }
    // Half of the memory is for tiles in work, the other for what is known of all images.
    let fitting = max(1, context.settings.memoryLimitBytes / 2 / join.tileMemoryBytes)
    try context.pool.limited(to: fitting).forEach(waiting) { number in
      let tile = try join.tile(number)
      try context.files.writeNumpy(
        tile.links, type: .link, rows: tile.links.count, to: folder.tileLinks(number))
      try PairCounts(tile, plan.comparison).write(
        to: folder.tileCounts(number), files: context.files)
      try context.files.sync(folder: folder.path)
      try context.database.recordTile(
        plan: plan.name, number: number, batches: plan.batchesName,
        digest: digest(ofFiles: [folder.tileLinks(number), folder.tileCounts(number)]))
      context.log.info("tile \(number) of \(join.tileCount) done")
      context.progress.advance(1)
    }
  }

  /// Brings the tiles together to one forest and records it.
  private func gather(
    _ join: any TiledJoin, _ input: MergeInput, plan: MergePlan, folder: Folder
  ) throws -> SpanningForest {
    let imageLimit = try context.database.imageNumberLimit()
    let recorded = try context.database.finishedTiles(plan: plan.name)
    var builder = ForestBuilder(imageCount: imageLimit)
    builder.add(contentsOf: input.links)
    let equal = join.equalRows()
    builder.add(contentsOf: equal.links)
    var counts = input.counts
    counts += PairCounts(equal, plan.comparison)
    for number in 0..<join.tileCount {
      let paths = [folder.tileLinks(number), folder.tileCounts(number)]
      let (links, tile) = try readRecorded {
        (
          try readLinks(paths[0], imageLimit: imageLimit),
          try PairCounts(file: paths[1], plan.comparison)
        )
      }
      try compare(paths, with: recorded[number])
      builder.add(contentsOf: links)
      counts += tile
    }
    let links = builder.finish()
    try context.files.writeNumpy(links, type: .link, rows: links.count, to: folder.forest)
    try context.files.sync(folder: folder.path)
    let linkCounts = counts.links.enumerated().compactMap { index, count -> LinkCount? in
      let similarity = join.similarity(ofCount: index)
      precondition(count >= 0, "\(count) pairs at similarity \(similarity)")
      return count > 0 ? LinkCount(similarity: similarity, links: UInt64(count)) : nil
    }
    try context.database.recordForest(
      plan: plan.name, measure: plan.measure.name, batches: plan.batchesName,
      digest: digest(ofFiles: [folder.forest]),
      counts: linkCounts, audit: counts.audit)
    return SpanningForest(sortedLinks: links, imageCount: imageLimit)
  }

  /// Forgets what was made of batches as they no longer are, and removes files that no row names:
  /// those, the tiles that a forest holds, and what a process left that ended in between.
  func removeOutdated(_ plan: MergePlan) throws {
    let current = plan.batchesNameOfEachMeasure
    let forests = try context.database.forests()
    let tiles = try context.database.tiles()
    var kept: Set<String> = []
    for (plan, batches) in forests.map({ ($0.plan, $0.batches) })
      + tiles.map({ ($0.plan, $0.batches) })
    {
      if current.contains(batches) {
        kept.insert(plan)
      } else {
        try context.database.forgetPlan(plan)
      }
    }
    for name in try DurableFiles.entries(of: context.directory.mergeFolder)
    where !kept.contains(name) {
      try context.files.removeTree("\(context.directory.mergeFolder)/\(name)")
    }
    for forest in forests where kept.contains(forest.plan) {
      let folder = Folder(path: "\(context.directory.mergeFolder)/\(forest.plan)")
      for name in try DurableFiles.entries(of: folder.path) where name != "forest.npy" {
        try context.files.removeTree("\(folder.path)/\(name)")
      }
    }
  }
}
