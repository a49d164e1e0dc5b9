import Catalog
import Clustering
import LinearAlgebra
import Similarity
import Storage

/// Reads the features of a plan's images in order, a block at a time.
struct FeatureScan {
  let context: RunContext
  let plan: MergePlan

  /// Features in memory at a time.
  private static let blockRowCount = 512

  /// Calls `body` with images that have detail and their features, and with those that have none and
  /// their contents.
  func forEachBlock(
    _ body: ([UInt32], ByteStrings, [(content: ContentHash, image: UInt32)]) throws -> Void
  ) throws {
    var living = plan.images[...]
    for batch in plan.batches {
      let arrays = try StoredBatch(batch, measure: plan.measure, context: context).arrays
      guard let column = arrays.columns[plan.measure] else { continue }
      var (images, features) = ([UInt32](), ByteStrings())
      var plain: [(content: ContentHash, image: UInt32)] = []
      while let image = living.first, batch.images.contains(image) {
        living.removeFirst()
        let row = Int(image - batch.images.lowerBound)
        if column.hasDetail[row] == 1 {
          images.append(image)
          features.append(try column.feature(ofRow: row))
        } else {
          plain.append((arrays.content(row: row), image))
        }
        if images.count == Self.blockRowCount {
          try body(images, features, plain)
          (images, features, plain) = ([], ByteStrings(), [])
        }
      }
      try body(images, features, plain)
    }
  }
}

/// Features of some images of an archive, each as likely, and the same whenever they are drawn.
struct FeatureSample {
  /// 1,000 images have half a million pairs, by which a p-value is down to 2 in a million.
  private let imageCount: Int

  init(_ comparison: Comparison) { imageCount = comparison.measure.isQuick ? 1_000 : 200 }

  private var drawn: [(order: UInt64, feature: [UInt8])] = []

  /// Takes the feature of an image if it is drawn so far: those of the lowest hashed numbers are.
  mutating func offer(_ image: UInt32, _ feature: ArraySlice<UInt8>) {
    var numbers = SeededGenerator(seed: UInt64(image))
    let order = numbers.next()
    if drawn.count == imageCount {
      guard let last = drawn.last, order < last.order else { return }
      drawn.removeLast()
    }
    let place = drawn.firstIndex { order < $0.order } ?? drawn.endIndex
    drawn.insert((order, Array(feature)), at: place)
  }

  /// The distances of all pairs of them, 1 less the similarity.
  func distances(
    by comparison: Comparison, checkpoint: () throws -> Void
  ) rethrows -> DistanceSample {
    var features = ByteStrings()
    for entry in drawn { features.append(entry.feature[...]) }
    let distance = comparison.distances(of: features)
    var distances: [Double] = []
    for first in drawn.indices {
      try checkpoint()
      for second in (first + 1)..<max(first + 1, drawn.count) {
        distances.append(Double(distance(first, second)) / Double(comparison.measure.scale))
      }
    }
    return DistanceSample(distances)
  }
}

extension Measure {
  /// Whether half a million pairs are compared in a second or a few.
  fileprivate var isQuick: Bool {
    switch self {
    case .bits, .turned, .vector, .components, .given, .pair(.cornerMinHash), .pair(.brushStrokes):
      true
    case .raster, .pair: false
    }
  }
}
