import Pipeline
import Storage
import Synchronization
import TestArchives
import Testing

/// Storage that stops working for good after so many changes, as a process that dies does.
final class FailingStorage: Sendable {
  struct InjectedFault: Error {}
  private let left: Atomic<Int>

  init(afterOperations count: Int) { left = Atomic(count) }

  var files: DurableFiles {
    DurableFiles { _, _ in
      if self.left.subtract(1, ordering: .relaxed).oldValue <= 0 { throw InjectedFault() }
    }
  }
}

@Suite struct FaultTests {
  /// A run of two batches, by one worker so that its changes come in nearly the same order each time.
  private static let settings: [SettingKey: [String]] = [
    .workers: ["1"], .merge: ["representatives"], .publish: ["tables"],
  ]

  /// Goes on as a person would: `resume` if there is a catalog, else `run` again.
  private func goOn(_ runs: TestRuns, _ name: String) throws {
    do {
      try runs.resume(name)
    } catch is Session.NoRun {
      try runs.run(name)
    }
  }

  @Test func `a run that stops after any change resumes to the same result`() throws {
    let runs = try TestRuns(of: .little, Self.settings)
    try runs.run("expected")
    let expected = try runs.result("expected")
    for count in 0...1000 {
      let name = "run-\(count)"
      do {
        try runs.run(name, files: FailingStorage(afterOperations: count).files)
        #expect(count > 40, "fewer changes than a run must make")
        return  // needed no more changes than this: each has failed once
      } catch is FailingStorage.InjectedFault {
        try goOn(runs, name)
        #expect(
          try runs.result(name).differences(from: expected) == [], "after \(count) changes")
      }
      try DurableFiles().removeTree(runs.path(name))
    }
    Issue.record("a run of two batches made more than 1000 changes")
  }

  @Test func `no batch that was recorded is done again, whatever change failed`() throws {
    let runs = try TestRuns(of: .little, Self.settings)
    for count in 0...1000 {
      let name = "run-\(count)"
      do {
        try runs.run(name, until: .batches, files: FailingStorage(afterOperations: count).files)
        return
      } catch is FailingStorage.InjectedFault {}
      let done = (try? runs.read(name) { try $0.status(failureLimit: 0).doneBatchCount }) ?? 0
      let before = done > 0 ? try runs.batches(name) : nil
      try goOn(runs, name)
      let after = try runs.batches(name)
      for batch in 0..<done {
        let folder = "00000\(batch).1"
        let kept = before?.under(folder)
        #expect(kept?.entries.isEmpty == false, "batch \(batch) after \(count) changes")
        #expect(kept?.identities == after.under(folder).identities, "after \(count) changes")
      }
      try DurableFiles().removeTree(runs.path(name))
    }
    Issue.record("a run of two batches made more than 1000 changes")
  }

  @Test func `a merge that stops after any change leaves the old result or the new one`() throws {
    let runs = try TestRuns(of: .little, Self.settings)
    try runs.run("run")
    let old = try runs.result("run")
    try runs.merge("run", [.threshold: ["0.95"]])
    let new = try runs.result("run")
    #expect(old.differences(from: new) != [])
    for count in 0...1000 {
      try runs.merge("run", [.threshold: ["0.85"]])
      do {
        try runs.merge(
          "run", [.threshold: ["0.95"]],
          files: FailingStorage(afterOperations: count).files)
        #expect(count > 5)
        return
      } catch is FailingStorage.InjectedFault {
        let seen = try runs.result("run")
        #expect(
          seen.differences(from: old) == [] || seen.differences(from: new) == [],
          "after \(count) changes")
      }
    }
    Issue.record("a merge of two batches made more than 1000 changes")
  }
}
