import Foundation
import TestArchives
@testable import TestImages
import Testing

@Suite(.serialized) struct MemoryTests {
  private static let limitBytes = 256 << 20

  /// Runs to the end and returns the peak of the process that does the work.
  private func peak(_ place: Workplace, _ arguments: [String]) throws -> Int {
    let process = try Program.Running(
      ["run", "pictures", "--memory", "256MiB", "--publish", "tables"] + arguments,
      environment: [:], directory: place.folder.path)
    var peak = 0
    // The kernel's own high-water mark: only growth in the last millisecond can be missed.
    while process.isRunning {
      peak = max(peak, process.peakMemoryBytes ?? 0)
      usleep(1000)
    }
    let outcome = try process.wait()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(peak > 0)
    return peak
  }

  @Test func `many small images stay under the limit, with any number of workers`() throws {
    let place = try Workplace(.plain)
    let bytes = PictureArchive.plain.files.map(\.bytes)
    for index in 0..<3000 {
      var image = bytes[index % bytes.count]
      // Bytes behind the end make content of its own of each.
      image += Array("\(index)".utf8)
      try FileTree(place.archive).write(image, to: "many/\(index % 30)/\(index).png")
    }
    let peak = try peak(place, ["--workers", "8", "--batch-size", "500"])
    #expect(peak < Self.limitBytes)
  }

  @Test func `large images share the limit between workers`() throws {
    let place = try Workplace(.plain)
    var picture = PNGFile(width: 4000, height: 4000, colorType: 2) { _, _, _ in 0 }
    picture.dataChunkByteCount = 1 << 20
    let large = picture.bytes(compressed: Deflate.zeros(about: 4000 * 12001 + 1000))
    for index in 0..<16 {
      try FileTree(place.archive).write(
        large + Array("\(index)".utf8), to: "large/\(index).png")
    }
    let peak = try peak(place, ["--workers", "8"])
    #expect(peak < Self.limitBytes)
  }
}
