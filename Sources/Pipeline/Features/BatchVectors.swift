import Catalog
import Clustering
import LinearAlgebra
import Storage

/// The vectors of one batch, of images that are done and not gone, and have a vector.
struct BatchVectors {
  /// The image of each row, ascending.
  private(set) var images: [UInt32] = []
  /// The vectors.
  private(set) var rows: Rows
  /// Images without a vector, and their contents.
  private(set) var plain: [(content: ContentHash, image: UInt32)] = []

  /// Reads a batch and compares it with what was recorded.
  init(
    _ batch: BatchRecord, _ measure: Measure, isLiving: (UInt32) -> Bool, context: RunContext
  ) throws {
    let arrays = try StoredBatch(batch, measure: measure, context: context).arrays
    guard let column = arrays.columns[measure] else {
      preconditionFailure("batch \(batch.id.rawValue) without '\(measure.name)'")
    }
    var values: [Float] = []
    var dimension = 1
    for row in 0..<batch.imageCount where arrays.outcomes[row] == OutcomeCode.done.rawValue {
      let image = batch.firstImage.rawValue + UInt32(row)
      guard isLiving(image) else { continue }
      guard column.hasDetail[row] == 1 else {
        plain.append((arrays.content(row: row), image))
        continue
      }
      let vector = measure.vector(try column.feature(ofRow: row))
      dimension = vector.dimension
      values += vector.values
      images.append(image)
    }
    rows = Rows(count: images.count, dimension: dimension, values: values)
  }

  /// All vectors of a plan's images.
  ///
  /// - Parameters:
  ///   - isTaken: whether an image counts, by number; nil for all of the plan.
  ///   - checkFits: is told how many they are at most, and of how many components, before the memory for
  ///     them is taken; what it throws is thrown.
  init(
    all plan: MergePlan, isTaken: [Bool]? = nil, context: RunContext,
    checkFits: (_ rowCount: Int, _ dimension: Int) throws -> Void
  ) throws {
    let isTaken = try isTaken ?? plan.livingFlags(count: context.database.imageNumberLimit())
    let mostCount = isTaken.count(where: \.self)
    var values: [Float] = []
    var dimension = 1
    for batch in plan.batches {
      let part = try BatchVectors(
        batch, plan.measure, isLiving: { isTaken[Int($0)] }, context: context)
      if images.isEmpty, !part.images.isEmpty {
        dimension = part.rows.dimension
        try checkFits(mostCount, dimension)
        values.reserveCapacity(mostCount * dimension)
      }
      values += part.rows.values
      images += part.images
      plain += part.plain
    }
    rows = Rows(count: images.count, dimension: dimension, values: values)
  }

  /// Brings the vectors to one scale.
  mutating func scale(_ scaling: RowScaling) { rows = scaling.scaled(rows) }
}

extension MergePlan {
  /// Whether each image number takes part.
  func livingFlags(count: Int) -> [Bool] {
    var flags = [Bool](repeating: false, count: count)
    for image in images { flags[Int(image)] = true }
    return flags
  }
}
