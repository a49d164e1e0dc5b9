import Clustering
import Foundation
import LinearAlgebra

/// The cut of a synthetic forest at one threshold, and the curve of all thresholds.
struct CutWorkload {
  private let imageCount: Int
  private let seed: Int
  private let threshold: Double

  init(_ options: Options) {
    imageCount = options.number("images", default: 1_000_000)
    seed = options.number("seed", default: 1)
    threshold = options.fraction("threshold", default: 0.875)
  }

  func run() {
    let forest = syntheticForest()
    let cut = Measurement()
    let partition = forest.partition(threshold: threshold)
    let cutSeconds = cut.wallSeconds
    let sweep = Measurement()
    let curve = ThresholdCurve(forest)
    let sweepSeconds = sweep.wallSeconds

    var checksum = Checksum()
    for member in partition.members { checksum.add(UInt64(member)) }
    for offset in partition.offsets { checksum.add(UInt64(offset)) }
    for point in curve.points { checksum.add(UInt64(point.clusterCount)) }
    printLine([
      ("workload", "cut"), ("seed", seed), ("images", imageCount), ("threshold", threshold),
      ("forestLinks", forest.links.count), ("clusters", partition.clusterCount),
      ("outliers", partition.outliers.count), ("cutSeconds", cutSeconds),
      ("curveSeconds", sweepSeconds), ("curvePoints", curve.points.count),
      ("peakMemoryBytes", Measurement.peakMemoryBytes),
      ("checksum", String(format: "%016lx", checksum.value)),
    ])
  }

  /// Half of the images linked to one before them, near or far, at one of 65 similarities.
  private func syntheticForest() -> SpanningForest {
    var generator = SeededGenerator(seed: UInt64(seed))
    var links: [Link] = []
    for image in 1..<UInt32(imageCount) where Bool.random(using: &generator) {
      let reach = UInt32(1) << UInt32.random(in: 0...20, using: &generator)
      let other = image - min(image, UInt32.random(in: 1...reach, using: &generator))
      let distance = Int.random(in: 0...64, using: &generator)
      if other != image {
        links.append(Link(other, image, similarity: 1 - Double(distance) / 256))
      }
    }
    return SpanningForest(merging: [links], imageCount: imageCount)
  }
}
