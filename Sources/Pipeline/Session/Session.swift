import Catalog
import Clustering
import Features
import Foundation
import Glibc
import Imaging
import Logging
import Storage

/// One invocation's hold on a run: the lock, the database, the settings.
///
/// What the commands call.
public final class Session: Sendable {
  let context: RunContext
  private let lock: RunLock?

  /// What belongs to the process and not to the run.
  public struct Environment: Sendable {
    /// Shows progress.
    public var progress = Progress()
    /// Asks for a stop.
    public var stop = StopFlag()
    /// The program that serves as decoder process.
    public var decoderExecutable: String
    /// Whether the log goes to standard error too.
    public var isVerbose = false
    /// Says a warning to the person; one who reads the log along needs none.
    public var tell: @Sendable (String) -> Void = { _ in }
    /// How files of the run are written.
    public var files = DurableFiles()

    /// Makes an environment with a decoder process.
    public init(decoderExecutable: String) { self.decoderExecutable = decoderExecutable }
  }

  /// There is no run at a path.
  public struct NoRun: Error, CustomStringConvertible {
    /// The path that was given.
    public let path: String
    /// One line for a person.
    public var description: String {
      "\(path): there is no run here; 'likeness run ARCHIVE --into \(path)' makes one"
    }
  }

  /// Opens a run.
  ///
  /// - Parameter stored: what its settings file says.
  /// - Throws: `SettingFailure` when that is not what the run was made with.
  init(
    _ directory: RunDirectory, _ settings: Settings, stored: Settings, _ environment: Environment,
    lock: RunLock?, mode: RunDatabase.Mode
  ) throws {
    self.lock = lock
    let database = try RunDatabase(directory, mode: mode, files: environment.files)
    if let kept = try KeptSettings(directory: directory).copy(in: database) {
      try stored.checkUnedited(since: kept, in: directory)
    } else if mode == .write {
      try database.keepSettings(stored.yaml)
    }
    let log =
      mode == .write
      ? try FileLog.logger(directory.logFile, isVerbose: environment.isVerbose)
      : Logger(label: "likeness") { _ in SwiftLogNoOpLogHandler() }
    context = RunContext(
      directory: directory,
      database: database, settings: settings, files: environment.files,
      pool: WorkerPool(workerCount: settings.workerCount, stop: environment.stop),
      progress: environment.progress, log: log, tell: environment.tell,
      decoderExecutable: environment.decoderExecutable)
  }

  /// Makes a run, or opens it to write when it is there.
  ///
  /// - Parameter layers: what was given now; on an existing run, what it keeps comes after these.
  /// - Throws: `SettingFailure` when settings that decide features or links differ from the run's,
  ///   `RunLock.InUse` when another process writes to it.
  public static func make(
    _ path: String, layers: [SettingLayer], environment: Environment
  ) throws -> Session {
    let directory = RunDirectory(path: path)
    let settings = try Settings(layers)
    try settings.checkResult()
    try refuseInsideArchive(directory, settings)
    try refuseForeignFolder(directory)
    if try !directory.exists() { try refuseNoArchive(settings) }
    try environment.files.makeFolder(path)
    let lock = try RunLock(directory)
    if try directory.exists() {
      let session = try open(path, layers: layers, lock, environment)
      try session.keepSettings()
      return session
    }
    try environment.files.replaceFile(directory.settingsFile, with: Array(settings.yaml.utf8))
    return try Session(
      directory, settings, stored: settings, environment, lock: lock, mode: .write)
  }

  /// Opens a run to go on with it.
  ///
  /// - Parameter keepsSettings: whether settings given now are those of the run from here on; false for
  ///   a command that may fail with them, which calls `keepSettings` when it did not.
  public static func open(
    _ path: String, layers: [SettingLayer] = [], environment: Environment,
    keepsSettings: Bool = true
  ) throws -> Session {
    let directory = RunDirectory(path: path)
    guard try directory.exists() || directory.hasBegun else { throw NoRun(path: path) }
    let session = try open(path, layers: layers, RunLock(directory), environment)
    if keepsSettings { try session.keepSettings() }
    return session
  }

  /// Makes the settings in force those of the run.
  public func keepSettings() throws {
    let path = context.directory.settingsFile
    let yaml = context.settings.yaml
    if try contents(ofFile: path) != Array(yaml.utf8) {
      try context.files.replaceFile(path, with: Array(yaml.utf8))
    }
    if try context.database.settingsText() != yaml { try context.database.keepSettings(yaml) }
  }

  /// Opens a run to read from it, beside a process that may write.
  public static func read(
    _ path: String, layers: [SettingLayer] = [], environment: Environment
  ) throws -> Session {
    let directory = RunDirectory(path: path)
    guard try directory.exists() else { throw NoRun(path: path) }
    let (kept, stored) = try KeptSettings(directory: directory).read()
    return try Session(
      directory, Settings(layers + [kept], keptMeasures: stored.measures), stored: stored,
      environment, lock: nil, mode: .read)
  }

  static func open(
    _ path: String, layers: [SettingLayer], _ lock: RunLock, _ environment: Environment
  ) throws -> Session {
    let directory = RunDirectory(path: path)
    let (kept, stored) = try KeptSettings(directory: directory).read()
    let settings = try Settings(layers + [kept], keptMeasures: stored.measures)
    let session = try Session(
      directory, settings, stored: stored, environment, lock: lock, mode: .write)
    try settings.checkFits(run: stored, at: path)
    try settings.checkResult()
    return session
  }

  /// Refuses a folder that holds things and is no run: ours would lie among them.
  private static func refuseForeignFolder(_ directory: RunDirectory) throws {
    var folder = stat()
    guard unsafe stat(directory.path, &folder) != 0 || folder.st_mode & S_IFMT == S_IFDIR else {
      throw SettingFailure("\(directory.path): is there and no folder; name one with '--into'")
    }
    let names = try DurableFiles.entries(of: directory.path)
    // The lock is the first file that a run makes.
    let lock = URL(filePath: directory.lockFile).lastPathComponent
    guard names.isEmpty || names.contains(lock) else {
      throw SettingFailure(
        "\(directory.path): is there, is no run, and is not empty; name a new folder with '--into'")
    }
  }

  /// A run is not made for a name that is mistyped.
  private static func refuseNoArchive(_ settings: Settings) throws {
    let descriptor = unsafe Glibc.open(settings.archive, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor < 0 else {
      Glibc.close(descriptor)
      return
    }
    throw SettingFailure(
      "\(settings.archive): cannot be opened as an archive: "
        + "\(unsafe String(cString: strerror(errno))); name the folder of images")
  }

  private static func refuseInsideArchive(
    _ directory: RunDirectory, _ settings: Settings
  ) throws {
    let archive = settings.archive.hasSuffix("/") ? settings.archive : settings.archive + "/"
    guard !(directory.path + "/").hasPrefix(archive) else {
      throw SettingFailure(
        "\(directory.path): lies inside the archive \(settings.archive), where nothing of ours is "
          + "written; name a folder outside it with '--into'")
    }
  }

  /// The settings in force.
  public var settings: Settings { context.settings }

  /// Ends the session: the database is closed, the lock is let go with the object.
  public func close() throws { try context.database.close() }
}
