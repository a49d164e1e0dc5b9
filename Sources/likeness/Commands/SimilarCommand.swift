import ArgumentParser
import Catalog
import Foundation
import Pipeline

struct SimilarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similar",
    abstract: "The images most similar to an image, of the archive or a new one.",
    usage: """
      likeness similar pictures.likeness 2019/a.jpg
      likeness similar pictures.likeness ~/new.jpg --count 50 --measure pca
      likeness similar pictures.likeness 2019/a.jpg --significance 0.05
      """,
    discussion: """
      The distance is 1 less the similarity; the p-value is how likely two images of the archive are as \
      near, by the distances of a sample of them, corrected for all that were looked at.
      """)

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Argument(help: "Images: paths in the archive, as likeness shows them, or files on disk.")
  var images: [String]

  @Option(
    help: ArgumentHelp("So many at most. Default 10, unless another is given.", valueName: "n"))
  var count: Int?

  @Option(help: ArgumentHelp("Those at this distance or nearer.", valueName: "0...1"))
  var radius: Double?

  @Option(help: ArgumentHelp("Those with this p-value or less.", valueName: "0...1"))
  var significance: Double?

  @Option(
    help: ArgumentHelp(
      "How the archive's distances are spread: empirical, or fitted, the best of four families.",
      valueName: "name"))
  var distribution = "empirical"

  @Flag(help: "Print JSON, a line an image.")
  var json = false

  @OptionGroup var settings: SettingOptions

  func validate() throws {
    guard !images.isEmpty else { throw ValidationError("Name an image.") }
    guard count ?? 1 > 0 else { throw ValidationError("'--count' must be at least 1.") }
    for (name, value) in [("radius", radius), ("significance", significance)] {
      guard (0...1).contains(value ?? 0) else {
        throw ValidationError("'--\(name)' must be from 0 to 1.")
      }
    }
    guard SimilarityQuery.Distribution(rawValue: distribution) != nil else {
      throw ValidationError("'--distribution' must be empirical or fitted.")
    }
  }

  func run() throws {
    let session = try Session.read(
      AbsolutePath.of(path), layers: settings.layers(), environment: Invocation.reading)
    var query = SimilarityQuery(
      count: count ?? (radius == nil && significance == nil ? 10 : nil), radius: radius,
      significance: significance)
    query.distribution = SimilarityQuery.Distribution(rawValue: distribution) ?? .empirical
    // A file on disk is meant where there is one, and a path of the archive where there is none.
    let named = try images.map { image in
      let absolute = try AbsolutePath.of(image)
      return FileManager.default.fileExists(atPath: absolute) ? absolute : image
    }
    for similar in try session.similar(to: named, query) {
      if !json, images.count > 1 { try StandardOutput.print("\(similar.query):") }
      for neighbor in similar.neighbors { try StandardOutput.print(line(neighbor, similar.query)) }
    }
  }

  private func line(_ neighbor: SimilarImages.Neighbor, _ query: String) throws -> String {
    guard json else {
      return String(format: "%.6f  p %.2e  ", neighbor.similarity, neighbor.pValue)
        + neighbor.path.displayName
    }
    let values: [String: Any] = [
      "query": query, "similarity": neighbor.similarity, "distance": neighbor.distance,
      "pValue": neighbor.pValue,
    ]
    return try JSONText.line(values.merging(JSONText.path(neighbor.path)) { $1 })
  }
}
