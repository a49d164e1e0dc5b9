import Foundation
import Pipeline
import Storage
import TestArchives
import Testing

/// A settings file that is lost or says something else than the run was made with.
@Suite struct KeptSettingsTests {
  private let runs: TestRuns
  private var file: String { runs.path("run") + "/run.yaml" }

  init() throws {
    runs = try TestRuns(of: .little)
    try runs.run("run")
  }

  private func repair() throws {
    let (session, complaints, _) = try Session.openForRepair(
      runs.path("run"), environment: Session.Environment(decoderExecutable: TestRuns.executable))
    _ = try session.repair(complaints)
    try session.close()
  }

  private var attempts: [(String, () throws -> Void)] {
    [
      ("run", { try runs.run("run") }), ("resume", { try runs.resume("run") }),
      ("merge", { try runs.merge("run", [:]) }),
      ("status", { _ = try runs.read("run") { try $0.status(failureLimit: 0) } }),
    ]
  }

  @Test(arguments: [nil, "- no settings\n", "floor: high\n"] as [String?])
  func `one that is lost or damaged is written again by a repair, which every command names`(
    text: String?
  ) throws {
    let sound = try contents(ofFile: file)
    let result = try runs.result("run")
    try DurableFiles().removeTree(file)
    if let text { try DurableFiles().write(Array(text.utf8), to: file) }
    for (name, attempt) in attempts {
      let error = #expect(throws: SettingFailure.self, "\(name)") { try attempt() }
      #expect(
        error?.description.hasSuffix(
          "; 'likeness check \(runs.path("run")) --repair' writes it again as it was") == true,
        "\(name): \(error?.description ?? "")")
    }
    try repair()
    #expect(try contents(ofFile: file) == sound)
    for (_, attempt) in attempts { try attempt() }
    #expect(try runs.result("run").differences(from: result) == [])
  }

  @Test func `one that was changed in what decides the links is refused with the difference`()
    throws
  {
    let sound = try String(contentsOfFile: file, encoding: .utf8)
    let changed = sound.replacing("background: ffffff", with: "background: 000000")
      .replacing("floor: 0.7\n", with: "floor: 0.6\n")
    try DurableFiles().write(Array(changed.utf8), to: file)
    for (name, attempt) in attempts {
      let error = #expect(throws: SettingFailure.self, "\(name)") { try attempt() }
      #expect(
        error?.description == """
          \(file): is not what the run was made with:
            floor: 0.7 in the run, 0.6 in the file
            background: ffffff in the run, 000000 in the file
          'likeness check \(runs.path("run")) --repair' writes it again as it was
          """, "\(name)")
    }
    try repair()
    #expect(try String(contentsOfFile: file, encoding: .utf8) == sound)
  }

  @Test func `what may change may be changed in the file`() throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try DurableFiles().write(
      Array(text.replacing("threshold: 0.85\nlinkage", with: "threshold: 0.9\nlinkage").utf8),
      to: file)
    #expect(try runs.resume("run").result?.summary.threshold == 0.9)
  }
}
