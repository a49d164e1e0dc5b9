import Foundation
import Storage
import TestArchives
import Testing

/// Streams that take nothing, as of a terminal that hung up, a reader that left, a full disk.
@Suite struct StreamTests {
  enum Stream: CaseIterable {
    case fullDisk
    case noReader

    func open() throws -> FileHandle {
      switch self {
      case .fullDisk: return try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
      case .noReader:
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        return pipe.fileHandleForWriting
      }
    }

    var reason: String {
      switch self {
      case .fullDisk: "No space left on device"
      case .noReader: "Broken pipe"
      }
    }
  }

  @Test(arguments: Stream.allCases, [[], ["--json"], ["--verbose"]])
  func `a run goes on when nobody hears its progress`(stream: Stream, options: [String]) throws {
    let place = try Workplace(.little)
    let outcome = try Program.Running(
      ["run", "pictures", "--publish", "tables"] + options, environment: [:],
      directory: place.folder.path, errors: stream.open()
    ).wait()
    #expect(outcome.status == 3 && !outcome.isKilled)
    #expect(outcome.output.contains("quarantined"))
    #expect(try place.result("pictures.likeness")["clusters.csv"] != nil)
  }

  @Test func `what is printed goes into no file of a run where the streams are closed`() throws {
    let place = try Workplace(.little)
    let outcome = try Program.Running(
      ["run", "pictures", "--publish", "tables"], environment: [:], directory: place.folder.path,
      by: ["/bin/sh", "-c", "exec \"$@\" <&- >&- 2>&-", "sh"]
    ).wait()
    #expect(outcome.status == 3 && !outcome.isKilled)
    #expect(try contents(ofFile: place.folder("pictures.likeness/run.lock")).isEmpty)
    #expect(try place.likeness("check", "pictures.likeness").status == 0)
  }

  @Test(arguments: Stream.allCases)
  func `a command whose result nobody takes fails, and says so`(stream: Stream) throws {
    let place = try Workplace(.little)
    try place.likeness("run", "pictures", "--publish", "tables")
    for arguments in [
      ["status", "pictures.likeness"], ["thresholds", "pictures.likeness", "--json"], ["formats"],
      ["resume", "pictures.likeness"],
    ] {
      let outcome = try Program.Running(
        arguments, environment: [:], directory: place.folder.path, output: stream.open()
      ).wait()
      #expect(outcome.status == 1 && !outcome.isKilled, "\(arguments)")
      #expect(
        outcome.errors.hasSuffix("error: standard output: cannot be written: \(stream.reason)\n"),
        "\(arguments): \(outcome.errors)")
    }
  }
}
