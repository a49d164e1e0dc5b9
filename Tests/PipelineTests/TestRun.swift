import Foundation
import Pipeline
import Storage
import TestArchives

/// An archive of pictures and as many runs of it as a test likes, by the functions that the command
/// calls.
struct TestRuns {
  let folder: TemporaryFolder
  var archive: String { folder("archive") }
  var archiveTree: FileTree { FileTree(archive) }

  /// Settings of every run, by key: seven images a batch, tables only, unless said otherwise.
  var settings: [SettingKey: [String]]

  /// The program itself, which serves as decoder process.
  static let executable = Bundle.main.bundleURL.appending(path: "likeness").path

  init(of pictures: PictureArchive = .whole, _ more: [SettingKey: [String]] = [:]) throws {
    folder = try TemporaryFolder()
    try FileTree(folder.path).makeFolder("archive")
    try pictures.write(to: folder("archive"))
    settings = [
      .archive: [folder("archive")], .batchSize: ["7"], .floor: ["0.7"], .threshold: ["0.85"],
      .publish: ["tables"], .workers: ["2"], .memory: ["1GiB"],
    ]
    settings.merge(more) { _, new in new }
  }

  func path(_ run: String) -> String { folder(run) }

  private func layer(_ settings: [SettingKey: [String]]) -> SettingLayer {
    var layer = SettingLayer()
    for (key, values) in settings { layer.setFlag(key, values) }
    return layer
  }

  private func environment(
    _ files: DurableFiles, _ stop: StopFlag, executable: String = executable
  ) -> Session.Environment {
    var environment = Session.Environment(decoderExecutable: executable)
    environment.files = files
    environment.stop = stop
    return environment
  }

  /// What `likeness run` does.
  @discardableResult
  func run(
    _ name: String, _ more: [SettingKey: [String]] = [:], until: Session.Until? = nil,
    acceptMissing: Bool = false, files: DurableFiles = DurableFiles(), stop: StopFlag = StopFlag()
  ) throws -> Session.Outcome {
    let session = try Session.make(
      path(name), layers: [layer(settings.merging(more) { _, new in new })],
      environment: environment(files, stop))
    let scan = try session.scan(acceptMissing: acceptMissing)
    var outcome = try session.finish(until: until)
    outcome.scan = scan
    try session.close()
    return outcome
  }

  /// What `likeness resume` does.
  @discardableResult
  func resume(
    _ name: String, _ more: [SettingKey: [String]] = [:], retryQuarantined: Bool = false,
    files: DurableFiles = DurableFiles(), executable: String = executable, told: Told = Told()
  ) throws -> Session.Outcome {
    var environment = environment(files, StopFlag(), executable: executable)
    environment.tell = told.tell
    let session = try Session.open(
      path(name), layers: [layer(momentary.merging(more) { _, new in new })],
      environment: environment)
    let outcome = try session.finish(until: nil, retryQuarantined: retryQuarantined)
    try session.close()
    return outcome
  }

  /// What `likeness merge` does.
  @discardableResult
  func merge(
    _ name: String, _ more: [SettingKey: [String]], files: DurableFiles = DurableFiles(),
    keepsSettings: Bool = true
  ) throws -> Session.Outcome {
    let session = try Session.open(
      path(name), layers: [layer(momentary.merging(more) { _, new in new })],
      environment: environment(files, StopFlag()), keepsSettings: keepsSettings)
    let outcome = try session.merge()
    try session.close()
    return outcome
  }

  /// What `likeness embed` does.
  func embed(_ name: String, _ method: EmbeddingMethod) throws -> EmbeddedImages {
    let session = try Session.open(
      path(name), layers: [layer(momentary)], environment: environment(DurableFiles(), StopFlag()),
      keepsSettings: false)
    let embedded = try session.embed(method, isAnew: false, hasThumbnails: true)
    try session.close()
    return embedded
  }

  /// What `likeness status` and `likeness thresholds` read.
  func read<Value>(_ name: String, _ body: (Session) throws -> Value) throws -> Value {
    let session = try Session.read(
      path(name), layers: [layer(momentary)],
      environment: environment(DurableFiles(), StopFlag()))
    return try body(session)
  }

  /// The database of a run that nothing works on.
  func database(_ name: String, _ body: (RunDatabase) throws -> Void) throws {
    let database = try RunDatabase(RunDirectory(path: path(name)), mode: .write)
    try body(database)
    try database.close()
  }

  private var momentary: [SettingKey: [String]] {
    settings.filter { $0.key.scope == .momentary }
  }

  /// Everything that was published.
  func result(_ name: String) throws -> Snapshot { try Snapshot(path(name) + "/result") }

  /// The folders of the batches, with their inodes and times.
  func batches(_ name: String) throws -> Snapshot { try Snapshot(path(name) + "/batches") }
}
