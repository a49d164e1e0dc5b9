import ArgumentParser
import Pipeline

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Does everything on disk agree with what was recorded; --repair makes it so.",
    discussion: """
      Reads every file of the run once, but for folders of links and the inside of thumbnails. A repair computes again just what is damaged: a batch from \
      the archive, a tile or a forest from stored features, the database from the batch folders and \
      a scan.
      """)

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Flag(help: "Compute again what is damaged.")
  var repair = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let path = try AbsolutePath.of(path)
    guard repair else { return try report(path) }
    let invocation = Invocation(output)
    let (session, complaints, isRestored) = try Session.openForRepair(
      path, environment: invocation.environment)
    try invocation.goOn(with: session, at: path) {
      for complaint in complaints { StandardError.print(complaint.description) }
      if isRestored {
        StandardError.print("\(path)/run.sqlite: was made again from the batch folders")
        _ = try session.scan(acceptMissing: false)
      }
      return try session.repair(complaints)
    }
  }

  private func report(_ path: String) throws {
    let complaints = try Session.read(path, environment: Invocation.reading).check()
    for complaint in complaints {
      try StandardOutput.print(
        output.json
          ? JSONText.line(["complaint": complaint.description]) : complaint.description)
    }
    guard complaints.isEmpty else {
      throw Ended(
        code: Failure.failed,
        message: "\(OutcomeText.count(complaints.count, "complaint")); mend with: likeness check "
          + "\(ShellWord.quoted(path)) --repair")
    }
    if !output.json { try StandardOutput.print("everything is as it was recorded") }
  }
}

struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Write the result as a folder of its own: links or copies, clusters and outliers.",
    usage: "likeness publish pictures.likeness --to ~/groups --as hardlink")

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Option(help: "The folder to make; one made by likeness before is replaced in one step.")
  var to: String

  @Option(
    name: .customLong("as"),
    help: "symlink, hardlink (raises link counts, shares bytes), reflink or copy.")
  var kind: PublishedFile = .symlink

  @OptionGroup(title: "Results") var settings: SettingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let target = try AbsolutePath.of(to)
    let invocation = Invocation(output)
    let session = try Session.open(
      AbsolutePath.of(path), layers: settings.layers(), environment: invocation.environment,
      keepsSettings: false)
    try invocation.untilStopped(goOnBy: ShellWord.commandLine) {
      let count = try session.publish(to: target, as: kind)
      try session.close()
      try StandardOutput.print(
        output.json
          ? JSONText.line(["files": count, "folder": target])
          : "\(OutcomeText.count(count, "file")) in \(target)")
    }
  }
}

extension PublishedFile: ExpressibleByArgument {}
