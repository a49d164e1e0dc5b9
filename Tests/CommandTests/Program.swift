import Foundation
import Storage
import TestArchives

/// The built program, run as a person runs it.
struct Program {
  /// What a process left.
  struct Outcome {
    let status: Int32
    let isKilled: Bool
    let output: String
    let errors: String
  }

  static let path = Bundle.main.bundleURL.appending(path: "likeness").path

  /// A process that was started and may be killed.
  final class Running {
    private let process = Process()
    private let folder: TemporaryFolder

    /// Starts the program; what it writes is kept unless it goes elsewhere.
    ///
    /// - Parameter starter: a command that is given the program and its arguments, and starts it.
    init(
      _ arguments: [String], environment: [String: String], directory: String,
      by starter: [String] = [], output: FileHandle? = nil, errors: FileHandle? = nil
    ) throws {
      folder = try TemporaryFolder()
      let words = starter + [Program.path] + arguments
      process.executableURL = URL(filePath: words[0])
      process.arguments = Array(words.dropFirst())
      process.currentDirectoryURL = URL(filePath: directory)
      // Nothing of the machine that tests run on decides what a test sees.
      process.environment = [
        "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no",
      ].merging(environment) { _, new in new }
      process.standardInput = FileHandle.nullDevice
      let kept = try (Self.file(folder("output")), Self.file(folder("errors")))
      process.standardOutput = output ?? kept.0
      process.standardError = errors ?? kept.1
      try process.run()
    }

    private static func file(_ path: String) throws -> FileHandle {
      try DurableFiles().write([], to: path)
      return try FileHandle(forWritingTo: URL(filePath: path))
    }

    var isRunning: Bool { process.isRunning }
    var identifier: Int32 { process.processIdentifier }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    func wait() throws -> Outcome {
      process.waitUntilExit()
      return Outcome(
        status: process.terminationStatus,
        isKilled: process.terminationReason == .uncaughtSignal,
        output: String(decoding: try contents(ofFile: folder("output")), as: UTF8.self),
        errors: String(decoding: try contents(ofFile: folder("errors")), as: UTF8.self))
    }

    /// The most memory that the process has had so far, in bytes; nil when it has ended.
    var peakMemoryBytes: Int? {
      let file = "/proc/\(process.processIdentifier)/status"
      guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
      let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
  }

  /// The folder in which the program is run.
  let directory: String

  func start(_ arguments: String..., environment: [String: String] = [:]) throws -> Running {
    try Running(arguments, environment: environment, directory: directory)
  }

  @discardableResult
  func callAsFunction(
    _ arguments: String..., environment: [String: String] = [:], by starter: [String] = []
  ) throws -> Outcome {
    try Running(arguments, environment: environment, directory: directory, by: starter).wait()
  }

  /// Starts the program without the superuser's right to look into closed folders.
  static var ordinaryUser: [String] {
    getuid() == 0 ? ["/usr/bin/setpriv", "--bounding-set", "-dac_override,-dac_read_search"] : []
  }
}

/// A folder with an archive in it, in which the program is run.
struct Workplace {
  let folder: TemporaryFolder
  var likeness: Program { Program(directory: folder.path) }
  var archive: String { folder("pictures") }

  init(_ pictures: PictureArchive) throws {
    folder = try TemporaryFolder()
    try FileTree(folder.path).makeFolder("pictures")
    try pictures.write(to: folder("pictures"))
  }

  /// What was published in a run.
  func result(_ run: String) throws -> Snapshot { try Snapshot(folder(run) + "/result") }
}
