import ArgumentParser
import Foundation
import Pipeline

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Cluster an archive; on a finished run, scan again and work on what is new.",
    usage: """
      likeness run ~/Pictures
      likeness run /mnt/scans --into /data/scans.likeness --threshold 0.9
      likeness run ~/Pictures --config configs/near-duplicates.yaml
      """)

  @Argument(help: "The folder of images. It is only read.", completion: .directory)
  var archive: String

  @Option(
    help: ArgumentHelp("The folder of the run. Default: ARCHIVE.likeness here.", valueName: "run"))
  var into: String?

  @Option(help: ArgumentHelp("Stop early: after the 'scan' or the 'batches'.", valueName: "stage"))
  var until: String?

  @Flag(help: "Go on though over half of the known files are gone.")
  var acceptMissing = false

  @OptionGroup(title: "Results") var settings: SettingOptions
  @OptionGroup(title: "Features and links, fixed for the life of a run") var fixed: FixedOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let until = try until.map { text in
      guard let until = Session.Until(rawValue: text) else {
        throw SettingFailure("'--until': is '\(text)'; it must be scan or batches")
      }
      return until
    }
    let archive = try AbsolutePath.of(archive)
    var flags = fixed.layer
    flags.setFlag(.archive, [archive])
    let path = try AbsolutePath.of(into ?? URL(filePath: archive).lastPathComponent + ".likeness")
    let invocation = Invocation(output)
    let session = try Session.make(
      path, layers: settings.layers(more: flags), environment: invocation.environment)
    try invocation.goOn(with: session, at: path) {
      let scan = try session.scan(acceptMissing: acceptMissing)
      var outcome = try session.finish(until: until)
      outcome.scan = scan
      return outcome
    }
  }
}

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a run where it stopped, without a new scan.",
    usage: "likeness resume pictures.likeness")

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Flag(help: "Try quarantined images again, say after a codec was installed.")
  var retryQuarantined = false

  @OptionGroup(title: "Results") var settings: SettingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let path = try AbsolutePath.of(path)
    let invocation = Invocation(output)
    let session = try Session.open(
      path, layers: settings.layers(), environment: invocation.environment)
    try invocation.goOn(with: session, at: path) {
      try session.finish(until: nil, retryQuarantined: retryQuarantined)
    }
  }
}

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Run only the merge stage again, with another threshold or linkage. Opens no image.",
    usage: "likeness merge pictures.likeness --threshold 0.92")

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @OptionGroup(title: "Results") var settings: SettingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let path = try AbsolutePath.of(path)
    let invocation = Invocation(output)
    var flags = SettingLayer()
    flags.setFlag(.result, ["links"])
    let session = try Session.open(
      path, layers: settings.layers(more: flags), environment: invocation.environment,
      keepsSettings: false)
    try invocation.goOn(with: session, at: path, by: ShellWord.commandLine) {
      let outcome = try session.merge()
      try session.keepSettings()
      return outcome
    }
  }
}
