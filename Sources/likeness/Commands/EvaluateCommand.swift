import ArgumentParser
import Pipeline

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "How well the clusters are those of a table of what belongs together.",
    usage: "likeness evaluate truth.likeness --truth truth.csv",
    discussion: """
      The table is comma-separated, with the columns path (relative to the archive), group, and change \
      ('original', or what was done to the image); 'scripts/make-truth' makes one. Opens no image.
      """)

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Option(help: ArgumentHelp("The table.", valueName: "file"), completion: .file())
  var truth: String

  @Flag(help: "Print JSON, all in one line.")
  var json = false

  @OptionGroup var settings: SettingOptions

  func run() throws {
    let path = try AbsolutePath.of(path)
    let session = try Session.read(
      path, layers: settings.layers(), environment: Invocation.reading)
    let evaluation = try session.evaluate(TruthTable(file: AbsolutePath.of(truth)))
    try StandardOutput.print(
      json ? EvaluationText.json(evaluation, path: path) : EvaluationText.text(evaluation))
  }
}
