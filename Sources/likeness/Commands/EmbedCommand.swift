import ArgumentParser
import Foundation
import Pipeline

struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Lay the images out in the plane, and draw them by cluster.",
    usage: """
      likeness embed pictures.likeness
      likeness embed pictures.likeness --method tsne --measure pca-hog
      """,
    discussion: """
      Takes the vectors of a measure such as 'pca'. The points stay in RUN/embeddings: after new images \
      were found they are placed among the others, which do not move, unless '--again' is given.
      """)

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Option(help: ArgumentHelp("umap, tsne or pca.", valueName: "name"))
  var method = EmbeddingMethod.umap.rawValue

  @Option(help: ArgumentHelp("The vectors. Default: the run's first measure.", valueName: "name"))
  var measure: String?

  @Option(help: ArgumentHelp("What random numbers start from. Default 1.", valueName: "n"))
  var seed: String?

  @Flag(help: "Lay out anew what is laid out already.")
  var again = false

  @Flag(help: "Draw no thumbnails, which may open images.")
  var noThumbnails = false

  @OptionGroup var machine: MachineOptions

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard EmbeddingMethod(rawValue: method) != nil else {
      throw ValidationError("'--method' must be umap, tsne or pca.")
    }
  }

  func run() throws {
    let path = try AbsolutePath.of(path)
    let invocation = Invocation(output)
    var flags = SettingLayer()
    flags.setFlags([(.measure, measure), (.seed, seed)])
    let session = try Session.open(
      path, layers: machine.layers(flags), environment: invocation.environment,
      keepsSettings: false)
    try invocation.untilStopped(goOnBy: ShellWord.commandLine) {
      let embedded = try session.embed(
        EmbeddingMethod(rawValue: method) ?? .umap, isAnew: again, hasThumbnails: !noThumbnails)
      try session.close()
      guard !output.json else {
        return try StandardOutput.print(
          JSONText.line([
            "folder": embedded.folder, "images": embedded.imageCount,
            "placed": embedded.placedCount,
          ]))
      }
      let placed =
        embedded.placedCount > 0
        ? ", \(embedded.placedCount.formatted()) of them placed among the others" : ""
      try StandardOutput.print(
        "\(OutcomeText.count(embedded.imageCount, "image")) laid out\(placed)\nlook at "
          + "\(embedded.folder)/scatter\(noThumbnails ? "" : "-thumbnails").svg")
    }
  }
}
