import Dispatch
import Foundation
import Synchronization
import TestArchives
import TestImages
import Testing

@testable import Pipeline

/// Files whose time runs out.
@Suite struct OutOfTimeTests {
  @Test func `a file that runs out of time is tried once alone, then not read`() throws {
    let runs = try TestRuns(of: .little, [.secondsPerImage: ["1"], .batchSize: ["100"]])
    try runs.archiveTree.write(GIFFile.bytes(width: 5, height: 4, frames: [3]), to: "a.gif")
    try runs.run("run", until: .scan)
    // Greets as a decoder process does, and never answers.
    let script = """
      #!/bin/sh
      echo tried >> '\(runs.path("tries"))'
      printf 'L\\010\\016\\001' >&3
      exec sleep 100
      """
    let slow = runs.path("slow")
    try Data(script.utf8).write(to: URL(filePath: slow))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: slow)
    func triedCount() throws -> Int {
      try String(contentsOfFile: runs.path("tries"), encoding: .utf8).split(separator: "\n").count
    }

    let outcome = try runs.resume("run", executable: slow)
    #expect(try triedCount() == 2)
    #expect(outcome.notReadCount == 1)
    try runs.read("run") { session in
      let failures = try session.status(failureLimit: 9).failures.filter { $0.outcome == .notRead }
      #expect(
        failures.map { "\($0.path.displayName): \($0.message)" } == [
          "a.gif: not decoded in 1 s; a new run with a higher 'secondsPerImage' gives it longer"
        ])
    }
    #expect(try runs.resume("run", executable: slow).notReadCount == 1)
    #expect(try triedCount() == 4)
    #expect(try runs.resume("run").notReadCount == 0)
  }

  @Test func `who is let in alone meets nobody`() {
    let gate = AloneGate()
    let insideCount = Atomic(0)
    let aloneCount = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      for round in 0..<200 {
        gate.shared {
          insideCount.add(1, ordering: .sequentiallyConsistent)
          usleep(20)
          insideCount.subtract(1, ordering: .sequentiallyConsistent)
        }
        gate.alone(if: round % 20 == worker) {
          #expect(insideCount.load(ordering: .sequentiallyConsistent) == 0)
          aloneCount.add(1, ordering: .relaxed)
        }
      }
    }
    #expect(aloneCount.load(ordering: .relaxed) == 40)
  }
}
