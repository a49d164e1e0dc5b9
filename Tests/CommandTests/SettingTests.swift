import Foundation
import TestArchives
import Testing

@Suite struct SettingTests {
  let place: Workplace
  let likeness: Program

  init() throws {
    place = try Workplace(.little)
    likeness = place.likeness
  }

  /// The settings that were kept with the run.
  private func kept() throws -> Set<Substring> {
    let text = try String(
      contentsOfFile: place.folder("pictures.likeness/run.yaml"), encoding: .utf8)
    return Set(text.split(separator: "\n"))
  }

  @Test func `flags go before the environment, the environment before the file`() throws {
    let file = "floor: 0.5\nthreshold: 0.6\nlinkage: complete\nbatchSize: 5\n"
    try FileTree(place.folder.path).write(Array(file.utf8), to: "my.yaml")
    try likeness(
      "run", "pictures", "--until", "scan", "--config", "my.yaml", "--threshold", "0.9",
      environment: ["LIKENESS_THRESHOLD": "0.8", "LIKENESS_LINKAGE": "average"])
    #expect(
      try kept().isSuperset(of: [
        "floor: 0.5", "threshold: 0.9", "linkage: average", "batchSize: 5", "batchThreshold: 0.9",
      ]))
  }

  @Test func `other settings than the run's are refused, and the difference is shown`() throws {
    try likeness("run", "pictures", "--until", "scan", "--floor", "0.8")
    let before = try kept()
    let outcome = try likeness("run", "pictures", "--floor", "0.7", "--batch-size", "9")
    #expect(outcome.status == 64)
    #expect(
      outcome.errors == """
        error: \(place.folder("pictures.likeness")): was made with other settings:
          batchSize: 4096 in the run, 9 now
          floor: 0.8 in the run, 0.7 now
        Leave these out to go on with the run, or name another folder with '--into'

        """)
    #expect(try kept() == before)
  }

  @Test func `what may change does`() throws {
    try likeness("run", "pictures", "--until", "scan")
    let outcome = try likeness(
      "run", "pictures", "--threshold", "0.9", "--linkage", "complete", "--publish", "tables",
      "--merge", "representatives", "--workers", "1", "--memory", "512MiB")
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(
      try kept().isSuperset(of: [
        "threshold: 0.9", "batchThreshold: 0.875", "linkage: complete", "publish: tables",
      ]))
  }

  private static let configurations: [String] = {
    // Tests/CommandTests/… lies two folders below the root of the package.
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let files = try? FileManager.default.contentsOfDirectory(
      at: root.appending(path: "configs"), includingPropertiesForKeys: nil)
    return (files ?? []).map(\.path).filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  @Test func `there is a settings file for each of the common tasks`() {
    #expect(Self.configurations.count >= 5)
  }

  @Test(arguments: configurations)
  func `every file in configs is accepted`(file: String) throws {
    let outcome = try likeness("run", "pictures", "--until", "scan", "--config", file)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}
