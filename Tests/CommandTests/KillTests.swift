import Foundation
import TestArchives
import Testing

/// Runs that are stopped from outside.
///
/// Batches of three images make many moments to be stopped at.
@Suite(.serialized) struct KillTests {
  private static let options = [
    "--batch-size", "3", "--workers", "2", "--floor", "0.7", "--threshold", "0.85",
  ]

  private func begin(_ place: Workplace, _ run: String) throws -> Program.Running {
    let exists = FileManager.default.fileExists(atPath: place.folder("\(run)/run.yaml"))
    let arguments =
      exists ? ["resume", run] : ["run", "pictures", "--into", run] + Self.options
    return try Program.Running(arguments, environment: [:], directory: place.folder.path)
  }

  /// The batch folders that are in place, and when each was made.
  private func batches(_ place: Workplace, _ run: String) -> [String: [Int]] {
    guard let found = try? Snapshot(place.folder(run) + "/batches") else { return [:] }
    var folders: [String: [Int]] = [:]
    for (path, identity) in found.identities where !path.contains(UInt8(ascii: "/")) {
      folders[String(decoding: path, as: UTF8.self)] = identity
    }
    return folders.filter { !$0.key.hasPrefix("unfinished-") }
  }

  @Test func `a run killed at many moments and resumed gives the same bytes`() throws {
    let place = try Workplace(.whole)
    let archive = try Snapshot(place.archive)
    let began = ContinuousClock.now
    #expect(try begin(place, "expected").wait().status == 3)
    let whole = ContinuousClock.now - began
    let expected = try place.result("expected")
    var killedCount = 0
    for trial in 1...8 {
      let run = "run-\(trial)"
      // Every process of a trial lives a little longer than the last, so that each trial ends.
      for step in 1...20 {
        let process = try begin(place, run)
        usleep(UInt32(whole / .microseconds(1) * Double(trial * step) / 24))
        process.send(SIGKILL)
        let outcome = try process.wait()
        guard outcome.isKilled else {
          #expect(outcome.status == 3, "\(outcome.errors)")
          break
        }
        killedCount += 1
      }
      #expect(try begin(place, run).wait().status == 3)
      #expect(try place.result(run).differences(from: expected) == [], "trial \(trial)")
      #expect(batches(place, run).keys.allSatisfy { $0.hasSuffix(".1") })
      #expect(batches(place, run).count == 21)
    }
    #expect(killedCount > 3, "the machine was too slow or too fast to kill anything")
    #expect(try Snapshot(place.archive).differences(from: archive, withIdentities: true) == [])
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `a stop is told with the command that goes on, and that command completes`(
    signal: Int32
  ) throws {
    let place = try Workplace(.whole)
    #expect(try begin(place, "expected").wait().status == 3)
    let process = try begin(place, "run")
    while batches(place, "run").isEmpty, process.isRunning { usleep(500) }
    process.send(signal)
    let outcome = try process.wait()
    try #require(outcome.status == 130, "\(outcome.errors)")
    let path = place.folder("run")
    #expect(
      outcome.errors.hasSuffix("interrupted; go on with: likeness resume \(path)\n"),
      "\(outcome.errors)")
    #expect(outcome.output == "")
    let before = batches(place, "run")
    #expect(!before.isEmpty && before.count < 21)
    #expect(try place.likeness("resume", path).status == 3)
    let after = batches(place, "run")
    #expect(before.allSatisfy { after[$0.key] == $0.value }, "a recorded batch was done again")
    #expect(try place.result("run").differences(from: place.result("expected")) == [])
  }

  @Test func `a publication that is stopped is told with the command that makes it`() throws {
    let place = try Workplace(.little)
    // One content, so that thousands of files are read in a moment.
    for index in 0..<4000 {
      try FileTree(place.archive).write(
        PictureArchive.little.files[0].bytes, to: "many/\(index).png")
    }
    #expect(try begin(place, "run").wait().status == 3)
    try place.likeness("publish", "run", "--to", "groups")
    let before = try Snapshot(place.folder("groups"))
    let arguments = ["publish", "run", "--to", "groups", "--as", "copy"]
    let process = try Program.Running(
      arguments, environment: [:], directory: place.folder.path)
    let unfinished = place.folder(".groups.unfinished/clusters")
    while !FileManager.default.fileExists(atPath: unfinished), process.isRunning { usleep(500) }
    process.send(SIGINT)
    let outcome = try process.wait()
    try #require(outcome.status == 130, "\(outcome.errors)")
    #expect(
      outcome.errors.hasSuffix(
        "interrupted; go on with: likeness \(arguments.joined(separator: " "))\n"))
    #expect(outcome.output == "")
    #expect(try Snapshot(place.folder("groups")).differences(from: before) == [])
    #expect(
      try Program.Running(arguments, environment: [:], directory: place.folder.path).wait().status
        == 0)
    #expect(try Snapshot(place.folder("groups")).differences(from: before) != [])
  }

  @Test func `a resume of a run that was killed before its first scan scans`() throws {
    let place = try Workplace(.whole)
    #expect(try begin(place, "expected").wait().status == 3)
    let process = try begin(place, "run")
    let settings = place.folder("run/run.yaml")
    while !FileManager.default.fileExists(atPath: settings), process.isRunning { usleep(200) }
    process.send(SIGKILL)
    _ = try process.wait()
    // The settings are the first that a run has, and all that it is made of.
    #expect(try place.likeness("resume", "run").status == 3)
    let begun = place.folder("begun")
    try FileManager.default.createDirectory(atPath: begun, withIntermediateDirectories: false)
    for name in ["run.lock", "run.yaml"] {
      try FileManager.default.copyItem(
        atPath: place.folder("expected/\(name)"), toPath: "\(begun)/\(name)")
    }
    #expect(try place.likeness("resume", "begun").status == 3)
    #expect(try place.result("begun").differences(from: place.result("expected")) == [])
    #expect(try place.result("run").differences(from: place.result("expected")) == [])
  }
}
