import ArgumentParser
import Foundation
import Pipeline

struct PreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "What every threshold would give, from a sample, before the long run.",
    usage: """
      likeness preview ~/Pictures
      likeness preview /mnt/scans --measure sift --sample 5000
      """,
    discussion: """
      Reads a sample of the files, each as likely, and keeps nothing. A sample of one in ten holds one \
      in a hundred of the pairs, so clusters of a few images mostly fall apart in it: read the shape of \
      the curve, and where the largest cluster leaps.
      """)

  @Argument(help: "The folder of images. It is only read.", completion: .directory)
  var archive: String

  @Option(help: ArgumentHelp("Files at most.", valueName: "n"))
  var sample = 2_000

  @OptionGroup(title: "Results") var settings: SettingOptions
  @OptionGroup(title: "Features and links") var fixed: FixedOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard sample > 0 else { throw ValidationError("'--sample' must be at least 1.") }
  }

  func run() throws {
    var flags = fixed.layer
    flags.setFlag(.archive, [try AbsolutePath.of(archive)])
    let layers = try settings.layers(more: flags)
    let invocation = Invocation(output)
    try invocation.untilStopped(goOnBy: ShellWord.commandLine) {
      let preview = try Session.preview(
        layers: layers, sampleCount: sample, environment: invocation.environment)
      if output.json { return try tellJSON(preview) }
      try StandardOutput.print(
        CurveText.text(preview.curve, imageCount: preview.imageCount, floor: preview.floor),
        terminator: "")
      try StandardOutput.print(Self.words(preview))
    }
  }

  private func tellJSON(_ preview: Preview) throws {
    for line in try CurveText.json(preview.curve, imageCount: preview.imageCount) {
      try StandardOutput.print(line)
    }
    try StandardOutput.print(
      JSONText.line([
        "files": preview.fileCount, "sampled": preview.sampledFileCount,
        "images": preview.imageCount, "pairShare": preview.pairShare,
        "readingSeconds": preview.readingTime / .seconds(1),
      ]))
  }

  private static func words(_ preview: Preview) -> String {
    guard preview.sampledFileCount < preview.fileCount else {
      return "\nall \(preview.fileCount.formatted()) files were read"
    }
    let seconds =
      preview.readingTime / .seconds(1) * Double(preview.fileCount)
      / Double(max(1, preview.sampledFileCount))
    let time = Duration.seconds(seconds).formatted(.time(pattern: .hourMinuteSecond))
    let times = (1 / preview.pairShare).formatted(.number.precision(.significantDigits(3)))
    return
      "\n\(preview.sampledFileCount.formatted()) of \(preview.fileCount.formatted()) files were "
      + "read; all would take about \(time) and have some \(times) times the links"
  }
}
