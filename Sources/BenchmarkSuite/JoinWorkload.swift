import Clustering
import Foundation
import Similarity

/// The exact join of synthetic bit strings on some workers, tile after tile, to the whole forest.
struct JoinWorkload {
  private let kind: BitStringKind
  private let rowCount: Int
  private let bitCount: Int
  private let seed: Int
  private let workerCount: Int
  private let floor: Double
  private let kernel: HammingKernel
  /// A file to which the rows are written as bytes, for another program to join; empty for none.
  private let rowFile: String
  /// Whether to compare the result with the plain double loop's, which takes minutes past 50,000 rows.
  private let isChecked: Bool

  init(_ options: Options) {
    let kindName = options.string("kind", default: "random")
    guard let kind = BitStringKind(rawValue: kindName) else {
      usage("'--kind' is '\(kindName)'; there are 'random', 'clustered' and 'equal'")
    }
    let kernelName = options.string("kernel", default: HammingKernel.widest.rawValue)
    guard let kernel = HammingKernel(rawValue: kernelName), HammingKernel.supported.contains(kernel)
    else { usage("'--kernel' is '\(kernelName)', which this processor does not run") }
    self.kind = kind
    self.kernel = kernel
    rowCount = options.number("rows", default: 100_000)
    bitCount = options.number("bits", default: 256)
    seed = options.number("seed", default: 1)
    workerCount = options.number("workers", default: 2)
    floor = options.fraction("floor", default: 0.75)
    rowFile = options.string("write-rows", default: "")
    isChecked = options.string("check", default: "no") == "plain"
  }

  func run() throws {
    let rows = kind.rows(count: rowCount, bitCount: bitCount, seed: UInt64(seed))
    if !rowFile.isEmpty { write(rows) }
    let maximumDistance = rows.maximumDistance(floor: floor)
    let measurement = Measurement()
    let join = try HammingJoin(
      rows: rows, images: (0..<UInt32(rowCount)).map { $0 }, maximumDistance: maximumDistance,
      // As many tiles as a merge makes: enough for all workers.
      blockSize: min(65_536, max(1024, (rowCount + 7) / 8)),
      kernel: kernel)
    let result = try join.result(workerCount: workerCount)
    let (wallSeconds, cpuSeconds) = (measurement.wallSeconds, measurement.cpuSeconds)
    if isChecked, result != plainJoin(rows, maximumDistance: maximumDistance) {
      throw JoinDiffers()
    }

    var checksum = Checksum()
    checksum.add(result.links)
    for count in result.counts { checksum.add(count) }
    let pairCount = Double(rowCount) * Double(rowCount - 1) / 2
    printLine([
      ("workload", "join"), ("kind", kind.rawValue), ("seed", seed), ("rows", rowCount),
      ("bits", bitCount), ("maximumDistance", maximumDistance), ("workers", workerCount),
      ("kernel", kernel.rawValue), ("wallSeconds", wallSeconds), ("cpuSeconds", cpuSeconds),
      ("pairsPerSecond", pairCount / wallSeconds),
      ("peakMemoryBytes", Measurement.peakMemoryBytes), ("distinct", join.distinctCount),
      ("hits", result.counts.reduce(0, +)), ("forestLinks", result.links.count),
      ("checksum", String(format: "%016lx", checksum.value)),
    ])
  }

  private func write(_ rows: BitRows) {
    var bytes = Data(capacity: rows.count * rows.byteCount)
    for row in 0..<rows.count {
      for byte in 0..<rows.byteCount {
        let word = rows.words[row * rows.wordCount + byte / 8]
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(byte % 8 * 8)))
      }
    }
    do {
      try bytes.write(to: URL(filePath: rowFile))
    } catch {
      usage("\(rowFile): cannot be written: \(error.localizedDescription)")
    }
  }
}
