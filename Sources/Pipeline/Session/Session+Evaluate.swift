import Catalog
import Clustering
import Storage

extension Session {
  /// How well the clusters are the groups of a truth, at every threshold and at the run's own.
  ///
  /// Reads only, and opens no image.
  ///
  /// - Throws: `NotReady` when the merge pass has not run with the settings in force, `NothingJudged`
  ///   when no path of the table is in the run.
  /// - Complexity: O(n log n) time and O(n) memory for n images in the run.
  public func evaluate(_ table: TruthTable) throws -> Evaluation {
    guard context.settings.result == .links || !context.settings.measures[0].isVector else {
      return try evaluateClusters(table)
    }
    let (plan, forest) = try storedForest()
    let judged = try JudgedImages(table, imageCount: forest.imageCount, in: context)
    let curve = AgreementCurve(forest, groupOfImage: judged.groupOfImage)
    let own = try ResultCut(
      forest, plan: plan, threshold: context.settings.link.threshold,
      linkage: context.settings.linkage,
      context: context)
    let ownClusters = own.partition.numbersOfAll(imageCount: forest.imageCount)
    let best = curve.best.map { point in
      let partition = forest.partition(threshold: point.similarity)
      return (
        threshold: point.similarity,
        clusters: partition.numbersOfAll(imageCount: forest.imageCount)
      )
    }
    return Evaluation(
      measure: plan.measure.name, ownThreshold: context.settings.link.threshold,
      linkage: context.settings.linkage, floor: context.settings.link.floor,
      coverage: judged.coverage,
      curve: curve,
      best: best.map { (threshold: $0.threshold, scores: judged.agreement(with: $0.clusters)) },
      own: judged.agreement(with: ownClusters),
      kinds: judged.kinds(atBest: best?.clusters, atOwn: ownClusters))
  }

  /// The same of clusters of vectors, which have no threshold.
  private func evaluateClusters(_ table: TruthTable) throws -> Evaluation {
    let result = try ClusterPass(context: context, plan: plan()).recordedResult()
    let judged = try JudgedImages(table, imageCount: result.imageCount, in: context)
    let clusters = result.partition.numbersOfAll(imageCount: result.imageCount)
    guard case .clustering(let clustering) = result.method else {
      preconditionFailure("clusters that are links")
    }
    return Evaluation(
      measure: result.measure.name, model: clustering.model, ownThreshold: 1,
      linkage: context.settings.linkage, floor: 1, coverage: judged.coverage,
      curve: AgreementCurve(
        SpanningForest(sortedLinks: [], imageCount: result.imageCount),
        groupOfImage: judged.groupOfImage),
      best: nil, own: judged.agreement(with: clusters),
      kinds: judged.kinds(atBest: nil, atOwn: clusters))
  }

  /// A table that tells nothing of a run.
  public struct NothingJudged: Error, CustomStringConvertible {
    /// The archive of the run.
    public let archive: String
    /// A path of the table.
    public let path: ArchivePath
    /// One line for a person.
    public var description: String {
      "'--truth': none of its paths is in the run, the first is '\(path.displayName)'; give paths "
        + "relative to the archive, \(displayText(archive.utf8))"
    }
  }
}

/// The images of a run that a table of truth knows.
struct JudgedImages {
  /// One of them.
  private struct Image {
    let number: UInt32
    let group: UInt32
    let change: [UInt8]
    let isDone: Bool
  }

  private(set) var coverage = Evaluation.Coverage()
  /// By image number, what `AgreementCurve` wants.
  private(set) var groupOfImage: [UInt32]
  /// In the order of the table.
  private var images: [Image] = []

  init(_ table: TruthTable, imageCount: Int, in context: RunContext) throws {
    coverage.rowCount = table.rows.count
    coverage.groupCount = table.groupCount
    groupOfImage = Array(repeating: AgreementCurve.noGroup, count: imageCount)
    // Groups of their own for what was left out come after those of the table.
    var nextGroup = UInt32(table.groupCount)
    let found = try context.database.images(at: table.rows.map(\.path))
    for (row, image) in zip(table.rows, found) {
      guard let image else {
        coverage.missingRowCount += 1
        if coverage.missingRows.count < 10 { coverage.missingRows.append(row.path) }
        continue
      }
      let number = image.id.rawValue
      guard groupOfImage[Int(number)] == AgreementCurve.noGroup else {
        coverage.repeatedRowCount += 1
        continue
      }
      let isDone = image.outcome == .done
      groupOfImage[Int(number)] = isDone ? UInt32(row.group) : nextGroup
      if !isDone { nextGroup += 1 }
      images.append(
        Image(
          number: number, group: UInt32(row.group), change: row.change, isDone: isDone))
    }
    guard !images.isEmpty else {
      throw Session.NothingJudged(archive: context.settings.archive, path: table.rows[0].path)
    }
    coverage.judgedCount = images.count
    coverage.leftOutCount = images.count { !$0.isDone }
    coverage.unlistedImageCount = try context.database.outcomeCounts().total - images.count
    coverage.withoutOriginalCount = changedCount - changedWithOriginal.count
  }

  /// All scores of a partition, given as the cluster of each image of the run.
  func agreement(with clusters: [UInt32]) -> ClusterAgreement {
    ClusterAgreement(
      groups: images.map { groupOfImage[Int($0.number)] },
      clusters: images.map { clusters[Int($0.number)] })
  }

  /// Recall by kind of change.
  func kinds(atBest best: [UInt32]?, atOwn own: [UInt32]) -> [Evaluation.Kind] {
    let originals = originals
    var order: [[UInt8]] = []
    var byKind: [[UInt8]: [Image]] = [:]
    for image in changedWithOriginal {
      if byKind[image.change] == nil { order.append(image.change) }
      byKind[image.change, default: []].append(image)
    }
    func found(_ kind: [UInt8], _ clusters: [UInt32]) -> Int {
      byKind[kind, default: []].count { image in
        originals[image.group, default: []].contains {
          clusters[Int($0)] == clusters[Int(image.number)]
        }
      }
    }
    return order.map { kind in
      Evaluation.Kind(
        change: displayText(kind), imageCount: byKind[kind, default: []].count,
        foundAtBest: best.map { found(kind, $0) }, foundAtOwn: found(kind, own))
    }
  }

  /// Decoded originals by group; one group may have several.
  private var originals: [UInt32: [UInt32]] {
    var originals: [UInt32: [UInt32]] = [:]
    for image in images where image.isDone && image.change == TruthTable.original {
      originals[image.group, default: []].append(image.number)
    }
    return originals
  }

  /// Decoded images that are no originals and should be found with one.
  private var changedWithOriginal: [Image] {
    let originals = originals
    return images.filter {
      $0.isDone && $0.change != TruthTable.original && originals[$0.group] != nil
    }
  }

  /// Decoded images that are no originals, of groups of several.
  private var changedCount: Int {
    var sizes: [UInt32: Int] = [:]
    for image in images { sizes[image.group, default: 0] += 1 }
    return images.count {
      $0.isDone && $0.change != TruthTable.original && sizes[$0.group, default: 0] > 1
    }
  }
}

extension Partition {
  /// A number for each image of `0..<imageCount`, the same for those of one cluster only; an outlier,
  /// and an image that takes no part, has its own.
  fileprivate func numbersOfAll(imageCount: Int) -> [UInt32] {
    var numbers = clusterOfImage(imageCount: imageCount)
    var next = UInt32(clusterCount)
    for image in numbers.indices where numbers[image] == .max {
      numbers[image] = next
      next += 1
    }
    return numbers
  }
}
