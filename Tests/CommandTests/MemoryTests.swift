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

  @Test func `five times the images take no more memory, with any number of workers`() throws {
    let pictures = PictureArchive.plain.files.map(\.bytes)
    let peaks = try [200, 1000].map { count in
      let place = try Workplace(.plain)
      for index in 0..<count {
        // Bytes behind the end make content of its own of each.
        let image = pictures[index % pictures.count] + Array("\(index)".utf8)
        try FileTree(place.archive).write(image, to: "many/\(index % 30)/\(index).png")
      }
      return try peak(place, ["--workers", "8", "--batch-size", "100"])
    }
    #expect(peaks.allSatisfy { $0 < Self.limitBytes }, "\(peaks)")
    // SQLite's cache fills up to its 16 MiB; the rest is what an allocator keeps.
    #expect(peaks[1] - peaks[0] < 32 << 20, "\(peaks)")
  }

  /// Files of a few bytes that take far more to decode, however many workers there are.
  @Test(arguments: [(4000, 4000), (30_000, 500)])
  func `large images share the limit between workers`(width: Int, height: Int) throws {
    let place = try Workplace(.plain)
    let rows = Deflate.zeros(about: height * (3 * width + 1) + 1000)
    let large = PNGFile(width: width, height: height, colorType: 2) { _, _, _ in 0 }
      .bytes(compressed: rows)
    for index in 0..<40 {
      try FileTree(place.archive).write(
        large + Array("\(index)".utf8), to: "large/\(index).png")
    }
    let peak = try peak(place, ["--workers", "8"])
    #expect(peak < Self.limitBytes, "\(peak >> 20) MiB")
  }
}
