import Clustering
import Foundation
import LinearAlgebra
import Similarity

/// The exact join of rasters on some workers, and beside it the full comparison of a sample of pairs
/// on one.
struct RasterWorkload {
  private let measure: RasterMeasure
  private let rowCount: Int
  private let seed: Int
  private let workerCount: Int
  private let floor: Double
  private let blockSize: Int
  private let kernel: RasterKernel
  /// A file of rows, such as `scripts/bench-rasters` makes of real pictures; empty for random ones.
  private let rowFile: String
  /// How many pairs are compared in full for the rate of doing so.
  private let fullPairCount: Int
  /// Whether to compare the result with the plain double loop's: 8 µs a pair of `ssim`.
  private let isChecked: Bool

  init(_ options: Options) {
    let name = options.string("measure", default: "ssim")
    guard let measure = RasterMeasure(rawValue: name) else {
      let names = RasterMeasure.allCases.map(\.rawValue).joined(separator: ", ")
      usage("'--measure' is '\(name)'; there are \(names)")
    }
    let kernelName = options.string("kernel", default: RasterKernel.widest.rawValue)
    guard let kernel = RasterKernel(rawValue: kernelName), RasterKernel.supported.contains(kernel)
    else { usage("'--kernel' is '\(kernelName)', which this processor does not run") }
    self.measure = measure
    self.kernel = kernel
    rowCount = options.number("rows", default: 20_000)
    seed = options.number("seed", default: 1)
    workerCount = options.number("workers", default: 2)
    floor = options.fraction("floor", default: 0.9)
    blockSize = options.number("block", default: 4096)
    rowFile = options.string("row-file", default: "")
    fullPairCount = options.number("full-pairs", default: 20_000)
    isChecked = options.string("check", default: "no") == "plain"
  }

  func run() throws {
    let rows = rowFile.isEmpty ? randomRows() : readRows()
    let full = fullRate(rows)
    let measurement = Measurement()
    let join = RasterJoin(
      measure: measure, rows: rows, images: (0..<UInt32(rows.count)).map { $0 }, floor: floor,
      blockSize: blockSize, kernel: kernel)
    let result = try join.result(workerCount: workerCount)
    let (wallSeconds, cpuSeconds) = (measurement.wallSeconds, measurement.cpuSeconds)

    if isChecked, result != plainJoin(rows, join) {
      throw JoinDiffers()
    }

    var checksum = Checksum()
    checksum.add(result.links)
    for count in result.counts { checksum.add(count) }
    checksum.add(full.sum.bitPattern)
    let pairCount = Double(rows.count) * Double(rows.count - 1) / 2
    printLine([
      ("workload", "raster"), ("measure", measure.rawValue), ("seed", seed), ("rows", rows.count),
      ("floor", floor), ("workers", workerCount), ("kernel", kernel.rawValue),
      ("wallSeconds", wallSeconds), ("cpuSeconds", cpuSeconds),
      ("pairsPerSecond", pairCount / wallSeconds),
      ("cpuNanosecondsPerPair", cpuSeconds / pairCount * 1e9),
      ("fullNanosecondsPerPair", full.seconds / Double(fullPairCount) * 1e9),
      ("peakMemoryBytes", Measurement.peakMemoryBytes), ("links", result.counts.reduce(0, +)),
      ("forestLinks", result.links.count),
      ("checksum", String(format: "%016lx", checksum.value)),
    ])
  }

  /// Compares random pairs by the whole formula, without a bound.
  private func fullRate(_ rows: ByteRows) -> (seconds: Double, sum: Double) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let pairs = (0..<fullPairCount).map { _ in
      let first = Int.random(in: 1..<rows.count, using: &generator)
      return (first, Int.random(in: 0..<first, using: &generator))
    }
    let measurement = Measurement()
    let sum = pairs.reduce(0) { $0 + measure.similarity(rows[$1.0], rows[$1.1]) }
    return (measurement.cpuSeconds, sum)
  }

  /// The join by the plain double loop: every pair by the formula, counted step by step.
  private func plainJoin(_ rows: ByteRows, _ join: RasterJoin) -> TileResult {
    let starts = (0..<join.countCount).map(join.similarity(ofCount:))
    var counts = [UInt64](repeating: 0, count: join.countCount)
    var builder = ForestBuilder(imageCount: rows.count)
    for row in 0..<rows.count {
      for column in (row + 1)..<max(rows.count, row + 1) {
        let similarity = measure.similarity(rows[row], rows[column])
        guard let step = starts.firstIndex(where: { $0 <= similarity }) else { continue }
        counts[step] += 1
        builder.add(Link(UInt32(row), UInt32(column), similarity: similarity))
      }
    }
    return TileResult(links: builder.finish(), counts: counts)
  }

  private func readRows() -> ByteRows {
    do {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: rowFile)))
      let count = min(rowCount, bytes.count / measure.byteCount)
      return ByteRows(
        byteCount: measure.byteCount, bytes: Array(bytes[..<(count * measure.byteCount)]))
    } catch {
      usage("\(rowFile): cannot be read: \(error.localizedDescription)")
    }
  }

  /// Centres of random cells with up to a dozen copies each, of various grain.
  private func randomRows() -> ByteRows {
    var generator = SeededGenerator(seed: UInt64(seed))
    var rows = ByteRows(byteCount: measure.byteCount)
    var centre: [UInt8] = []
    for row in 0..<rowCount {
      if row % 12 == 0 {
        let cells = (0..<256).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 32) }
        let width = measure.side * measure.channelCount
        centre = (0..<measure.byteCount).map { place in
          let (x, y) = (place % width * 16 / width, place / width * 16 / measure.side)
          return cells[16 * y + x]
        }
      }
      let grain = UInt64(1) << UInt64(row % 6)
      let copy = centre.map { $0 ^ UInt8(truncatingIfNeeded: generator.next() >> 32 & (grain - 1)) }
      rows.append(contentsOf: copy)
    }
    return rows
  }
}
