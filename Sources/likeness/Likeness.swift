import ArgumentParser
import Glibc
import Imaging
import Pipeline

/// The program: one command for each thing a person does with a run.
@main
struct Likeness: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "likeness",
    abstract: "Groups the similar images of archives too large for memory.",
    usage: """
      likeness run ARCHIVE [--into RUN] [--threshold T]
      likeness merge RUN --threshold T
      likeness status RUN
      """,
    discussion: """
      Begin with 'likeness run ~/Pictures'; look at RUN/result/report.html; move the threshold with \
      'likeness merge RUN --threshold 0.9', which opens no image. A run that was stopped or killed \
      goes on with 'likeness resume RUN'.

      Exit codes: 0 done, 1 failed, 3 done but some images were quarantined, 10 no run there, \
      11 run in use, 64 wrong usage, 130 interrupted.
      """,
    version: "likeness 0.1.0",
    subcommands: [
      RunCommand.self, ResumeCommand.self, StatusCommand.self, ThresholdsCommand.self,
      PreviewCommand.self, MergeCommand.self, ClusterCommand.self, PublishCommand.self,
      WhyCommand.self, SimilarCommand.self, UniqueCommand.self,
      EmbedCommand.self, DendrogramCommand.self,
      EvaluateCommand.self,
      CheckCommand.self, FormatsCommand.self,
    ])

  static func main() {
    do {
      openMissingStreams()
      try serveIfHidden(CommandLine.arguments)
      giveBackFreedBlocks()
      // A reader that has gone is an error that is told, not an end.
      signal(SIGPIPE, SIG_IGN)
      try AbsolutePath.refuseStrangeArguments()
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Failure.exit(with: error)
    }
  }

  /// Opens standard streams that the caller has closed, so that no file of a run takes their numbers and
  /// gets what is printed.
  private static func openMissingStreams() {
    for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) == -1 {
      // The lowest free number is taken, and all below are open.
      _ = unsafe open("/dev/null", O_RDWR)
    }
  }

  /// Lets blocks of 4 MiB and more go back to the system when they are freed.
  ///
  /// Else the allocator raises its bound to the largest block that it met, and keeps what batches and
  /// tiles leave behind.
  private static func giveBackFreedBlocks() {
    // Swift's Glibc declares neither `mallopt` nor `M_MMAP_THRESHOLD`, which is -3.
    guard let symbol = unsafe dlsym(nil, "mallopt") else { return }
    let mallopt = unsafe unsafeBitCast(
      symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
    _ = mallopt(-3, 4 << 20)
  }

  /// The hidden modes, in which this binary decodes what it would not decode in its own process.
  private static func serveIfHidden(_ arguments: [String]) throws {
    if arguments.dropFirst().first == "decoder-process" { DecoderProcess.serve() }
    guard arguments.count == 3, arguments[1] == CrashProbe.mode else { return }
    try CrashProbe.serve(settingsFile: arguments[2], decoderExecutable: Invocation.executable)
    Glibc.exit(0)
  }
}
