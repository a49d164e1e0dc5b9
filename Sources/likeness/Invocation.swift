import Dispatch
import Foundation
import Pipeline
import Report
import Storage
import Synchronization

/// What the commands that work on a run have in common: progress, signals, the closing words.
struct Invocation {
  private let output: OutputOptions
  let environment: Session.Environment

  init(_ output: OutputOptions) {
    self.output = output
    var environment = Session.Environment(decoderExecutable: Self.executable)
    environment.progress = Progress(sink: ProgressDisplay.sink(json: output.json))
    environment.stop = Signals.stopFlag()
    environment.isVerbose = output.verbose
    if !output.verbose { environment.tell = { StandardError.print("warning: \($0)") } }
    self.environment = environment
  }

  /// An environment for a command that only reads.
  static var reading: Session.Environment { Session.Environment(decoderExecutable: executable) }

  /// This program's own file.
  static let executable =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    ?? CommandLine.arguments[0]

  /// Does the work, tells what came of it, and ends with the right code.
  ///
  /// - Parameter command: what goes on after a stop; nil is `resume`.
  func goOn(
    with session: Session, at path: String, by command: String? = nil,
    _ work: () throws -> Session.Outcome
  ) throws {
    try untilStopped(goOnBy: command ?? "likeness resume \(ShellWord.quoted(path))") {
      let outcome = try work()
      try session.close()
      try tell(outcome, path)
      if outcome.quarantinedCount > 0 { throw Ended(code: Failure.someQuarantined) }
    }
  }

  /// Does the work; a stop ends it with the command that goes on.
  func untilStopped(goOnBy command: String, _ work: () throws -> Void) throws {
    let message = "interrupted; go on with: \(command)"
    Signals.lastWords.withLock { $0 = message }
    do {
      try work()
    } catch is Interrupted {
      throw Ended(code: Failure.interrupted, message: message)
    }
  }

  private func tell(_ outcome: Session.Outcome, _ path: String) throws {
    guard !output.json else {
      return try StandardOutput.print(OutcomeText.json(outcome, path: path))
    }
    try StandardOutput.print(OutcomeText.text(outcome, path: path), terminator: "")
  }
}

/// A word of a shell command, quoted where it must be.
enum ShellWord {
  /// The command that this process was started with.
  static var commandLine: String {
    (["likeness"] + CommandLine.arguments.dropFirst().map(quoted)).joined(separator: " ")
  }

  static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "/._-+=:,@%".contains($0) }
    return plain && !word.isEmpty
      ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}

/// Ctrl-C and its like.
enum Signals {
  /// What is said when a second signal ends the process.
  static let lastWords = Mutex("interrupted")

  /// A flag that the first signal raises; the second ends the process at once.
  ///
  /// A terminal that hangs up stops a run too, unless it was started not to mind, with `nohup`. It often
  /// says so twice, and does not mean more by it.
  static func stopFlag() -> StopFlag {
    let flag = StopFlag()
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let former = signal(number, SIG_IGN)
      if number == SIGHUP, isIgnoring(former) { continue }
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler {
        // The handler holds its source, so it lives as long as the process.
        withExtendedLifetime(source) {}
        if flag.shouldStop {
          if number == SIGHUP { return }
          StandardError.print("\n" + lastWords.withLock { $0 })
          _exit(128 + number)
        }
        flag.raise()
        StandardError.print(
          "\nstopping when the batches or tiles in work are done; again to stop at once")
      }
      source.activate()
    }
    return flag
  }

  private static func isIgnoring(_ handler: sighandler_t?) -> Bool {
    unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
