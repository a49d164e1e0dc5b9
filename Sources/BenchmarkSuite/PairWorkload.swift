import Clustering
import Foundation
import LinearAlgebra
import Similarity

/// The join of what is kept of images besides rasters and bit strings, on some workers.
struct PairWorkload {
  private let measure: PairMeasure
  private let rowCount: Int
  private let seed: Int
  private let workerCount: Int
  private let floor: Double
  private let blockSize: Int
  private let geometry: Bool
  /// The least guide similarity, or every pair.
  private let candidates: Candidates
  /// A file of rows, each after its length as four bytes, little endian; empty for random ones.
  private let rowFile: String
  /// Whether to compare the result with the plain double loop's.
  private let isChecked: Bool

  init(_ options: Options) {
    let name = options.string("measure", default: PairMeasure.cornerMinHash.rawValue)
    guard let measure = PairMeasure(rawValue: name) else {
      let names = PairMeasure.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      usage("'--measure' is '\(name)'; there are \(names)")
    }
    self.measure = measure
    rowCount = options.number("rows", default: measure.isCostly ? 600 : 20_000)
    seed = options.number("seed", default: 1)
    workerCount = options.number("workers", default: 2)
    floor = options.fraction("floor", default: 0.5)
    blockSize = options.number("block", default: measure.largestBlockSize)
    geometry = options.string("geometry", default: "no") == "yes"
    if options.string("candidates", default: "") == "all" {
      candidates = .all
    } else {
      candidates = .atLeast(
        options.fraction("candidates", default: measure.defaultCandidateFloor ?? 0))
    }
    rowFile = options.string("row-file", default: "")
    isChecked = options.string("check", default: "no") == "plain"
  }

  func run() throws {
    let rows = rowFile.isEmpty ? randomRows() : readRows()
    let measurement = Measurement()
    let join = PairJoin(
      measure: measure, geometry: geometry, candidates: candidates,
      images: (0..<UInt32(rows.count)).map { $0 }, floor: floor, blockSize: blockSize
    ) { range in
      var part = ByteStrings()
      for row in range { part.append(rows[row]) }
      return part
    }
    let result = try join.result(workerCount: workerCount)
    let (wallSeconds, cpuSeconds) = (measurement.wallSeconds, measurement.cpuSeconds)
    if isChecked, result != plainJoin(rows, join) { throw JoinDiffers() }

    var checksum = Checksum()
    checksum.add(result.links)
    for count in result.counts { checksum.add(count) }
    let pairCount = Double(rows.count) * Double(rows.count - 1) / 2
    let linkCount = result.counts.reduce(0, +)
    printLine([
      ("workload", "pairs"), ("measure", measure.rawValue), ("seed", seed), ("rows", rows.count),
      ("floor", floor), ("workers", workerCount), ("wallSeconds", wallSeconds),
      ("cpuSeconds", cpuSeconds), ("pairsPerSecond", pairCount / wallSeconds),
      ("cpuNanosecondsPerPair", cpuSeconds / pairCount * 1e9),
      ("peakMemoryBytes", Measurement.peakMemoryBytes),
      ("tileMemoryBytes", join.tileMemoryBytes), ("skipped", result.audit.skippedPairCount),
      ("sampled", result.audit.sampledPairCount), ("missed", result.audit.missedPairCount),
      ("missRate", result.audit.missRate(found: linkCount).estimate), ("links", linkCount),
      ("forestLinks", result.links.count),
      ("checksum", String(format: "%016lx", checksum.value)),
    ])
  }

  /// The join by the plain double loop: every pair by the formula, counted step by step.
  private func plainJoin(_ rows: ByteStrings, _ join: PairJoin) -> TileResult {
    let starts = (0..<join.countCount).map(join.similarity(ofCount:))
    var counts = [UInt64](repeating: 0, count: join.countCount)
    var builder = ForestBuilder(imageCount: rows.count)
    for row in 0..<rows.count {
      for column in (row + 1)..<max(rows.count, row + 1) {
        let similarity = measure.similarity(rows[row], rows[column], geometry: geometry)
        guard let step = starts.firstIndex(where: { $0 <= similarity }) else { continue }
        counts[step] += 1
        builder.add(Link(UInt32(row), UInt32(column), similarity: similarity))
      }
    }
    return TileResult(links: builder.finish(), counts: counts)
  }

  private func readRows() -> ByteStrings {
    do {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: rowFile)))
      var rows = ByteStrings()
      var place = 0
      while rows.count < rowCount, place < bytes.count {
        let length = (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
        rows.append(bytes[(place + 4)..<(place + 4 + length)])
        place += 4 + length
      }
      return rows
    } catch {
      usage("\(rowFile): cannot be read: \(error.localizedDescription)")
    }
  }

  /// Centres of random parts with up to a dozen copies each, of which some parts are others.
  private func randomRows() -> ByteStrings {
    var generator = SeededGenerator(seed: UInt64(seed))
    var rows = ByteStrings()
    var centre: [[UInt8]] = []
    for row in 0..<rowCount {
      if row % 12 == 0 { centre = (0..<partCount).map { _ in randomPart(&generator) } }
      let share = UInt64(row % 12 + 1)
      let copy = centre.flatMap { part in
        generator.next() % 16 < share ? randomPart(&generator) : part
      }
      rows.append(copy)
    }
    return rows
  }

  private var partCount: Int {
    switch measure {
    case .cornerMinHash: 128
    case .brushStrokes: 262
    case .cropHash: 8
    case .orb, .sift: 500
    }
  }

  private func randomPart(_ generator: inout SeededGenerator) -> [UInt8] {
    func bytes(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 32) }
    }
    switch measure {
    case .cornerMinHash: return [UInt8(generator.next() % 50), 0]
    case .brushStrokes:
      let value = Float(generator.next() % 1000) / 128_000
      return (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
    case .cropHash: return bytes(8)
    case .orb: return [UInt8](repeating: 0, count: 16) + bytes(32)
    case .sift: return [UInt8](repeating: 0, count: 16) + bytes(128)
    }
  }
}
