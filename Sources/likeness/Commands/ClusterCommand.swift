import ArgumentParser
import Foundation
import Pipeline

struct ClusterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Cluster the vectors of a run, choosing among methods and counts. Opens no image.",
    usage: """
      likeness cluster pictures.likeness --method kmeans,ward,hdbscan --clusters 2...50
      likeness cluster pictures.likeness --method ward --clusters 12
      likeness cluster pictures.likeness --measure pca-hog --choose silhouette --merge exhaustive
      """,
    discussion: """
      The run needs a measure whose features are vectors: 'likeness run ARCHIVE --measure pca', or \
      'likeness resume RUN --measure pca' for a run that is there. Each batch is clustered by itself, \
      with every method and count, and the best by '--choose' is taken; then one image of each cluster is \
      clustered in the same way. '--merge exhaustive' clusters all at once. What was tried is in \
      RUN/result/models.csv.
      """)

  @Argument(help: "The folder of the run.", completion: .directory)
  var path: String

  @Option(
    help: ArgumentHelp(
      "The vectors: pixels, pixels-color, hog, pca, pca-color, pca-hog or vectors. Default: the run's "
        + "first measure.", valueName: "name"))
  var measure: String?

  @OptionGroup(title: "Clusters") var clusters: ClusterOptions

  @OptionGroup(title: "Results") var results: ResultOptions

  @OptionGroup var machine: MachineOptions

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let path = try AbsolutePath.of(path)
    let invocation = Invocation(output)
    var flags = clusters.layer
    flags.setFlag(.result, ["clusters"])
    flags.setFlags([(.measure, measure)] + results.settings)
    let session = try Session.open(
      path, layers: machine.layers(flags), environment: invocation.environment, keepsSettings: false
    )
    try invocation.goOn(with: session, at: path, by: ShellWord.commandLine) {
      try session.merge()
    }
  }
}

/// The flags of how vectors are clustered.
struct ClusterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is tried, with commas: kmeans, minibatch-kmeans, ward, single, complete, average, weighted, "
        + "centroid, median, gaussian, gaussian-diagonal, spectral, dbscan, hdbscan, affinity.",
      valueName: "names"))
  var method: [String] = []

  @Option(
    help: ArgumentHelp(
      "Counts to try, such as 2...50, or exactly so many, such as 12. Default 2...50.",
      valueName: "range"))
  var clusters: String?

  @Option(
    help: ArgumentHelp(
      "What decides: combined, silhouette, davies-bouldin, calinski-harabasz, elbow, distortion, gap "
        + "or derivative.", valueName: "name"))
  var choose: String?

  @Option(
    help: ArgumentHelp(
      "representatives clusters batch by batch, exhaustive all at once.", valueName: "name"))
  var merge: String?

  @Flag(
    inversion: .prefixedNo, help: "Give every component the mean 0 and the deviation 1 first.")
  var standardize: Bool?

  @Flag(inversion: .prefixedNo, help: "Give every vector the length 1 first.")
  var normalize: Bool?

  @Option(help: ArgumentHelp("What random numbers start from. Default 1.", valueName: "n"))
  var seed: String?

  @Option(
    help: ArgumentHelp(
      "Least sizes of clusters that hdbscan tries. Default 5,10,20.", valueName: "numbers"))
  var minimumClusterSize: [String] = []

  @Option(
    help: ArgumentHelp(
      "Neighbours that make a core, of hdbscan and dbscan. Default: the least size; 5.",
      valueName: "n"))
  var minimumSamples: String?

  @Option(
    help: ArgumentHelp(
      "Distances of neighbours that dbscan tries. Default: five of the data's own.",
      valueName: "numbers"))
  var radius: [String] = []

  /// What was given.
  var layer: SettingLayer {
    var flags = SettingLayer()
    let lists: [(SettingKey, [String])] = [
      (.method, method), (.minimumClusterSize, minimumClusterSize), (.radius, radius),
    ]
    for (key, values) in lists where !values.isEmpty {
      flags.setFlag(key, values.flatMap { $0.split(separator: ",").map(String.init) })
    }
    flags.setFlags([
      (.standardize, standardize.map { "\($0)" }), (.normalize, normalize.map { "\($0)" }),
      (.clusters, clusters), (.choose, choose), (.clusterMerge, merge), (.seed, seed),
      (.minimumSamples, minimumSamples),
    ])
    return flags
  }
}
