import ArgumentParser
import Foundation
import Pipeline

struct UniqueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unique",
    abstract:
      "One image of each cluster, and the outliers: what is left when repeats are put aside.",
    usage: """
      likeness unique pictures.likeness
      likeness unique pictures.likeness --keep sharpest --clusters-only
      """,
    discussion: """
      Prints a path a line, relative to the archive. Nothing is changed. 'sharpest' opens the images of \
      clusters.
      """)

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Option(
    help: ArgumentHelp(
      "Which image of a cluster: first, medoid, largest or sharpest.", valueName: "name"))
  var keep = KeepRule.medoid.rawValue

  @Flag(help: "Leave out the outliers.")
  var clustersOnly = false

  @Flag(help: "Print JSON, a line an image.")
  var json = false

  @OptionGroup var settings: SettingOptions

  func validate() throws {
    guard KeepRule(rawValue: keep) != nil else {
      throw ValidationError("'--keep' must be first, medoid, largest or sharpest.")
    }
  }

  func run() throws {
    let session = try Session.read(
      AbsolutePath.of(path), layers: settings.layers(), environment: Invocation.reading)
    let unique = try session.unique(KeepRule(rawValue: keep) ?? .medoid)
    for path in unique.kept + (clustersOnly ? [] : unique.outliers) {
      try StandardOutput.print(json ? JSONText.line(JSONText.path(path)) : path.displayName)
    }
  }
}
