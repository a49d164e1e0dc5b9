import ArgumentParser
import Foundation
import Pipeline

/// The flags of everything that decides features, links and results.
struct SettingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is compared: pdq, phash, dhash, ... Give it again for several; results are of the first.",
      valueName: "name"))
  var measure: [String] = []

  @Option(
    help: ArgumentHelp(
      "8 compares bit strings in any orientation, turned by quarters and mirrored: pdq becomes "
        + "pdq-turned.", valueName: "1 or 8"))
  var orientations: Int?

  @Option(
    help: ArgumentHelp(
      "Links at or above it join, by the first measure, or as in 'ssim=0.9'. Default: the run's, at "
        + "first the measure's (pdq: 0.875).", valueName: "0...1"))
  var threshold: [String] = []

  @Option(help: ArgumentHelp("How clusters merge: single, average or complete.", valueName: "name"))
  var linkage: String?

  @Option(
    help: ArgumentHelp("How batches are joined: exhaustive or representatives.", valueName: "name"))
  var merge: String?

  @OptionGroup var results: ResultOptions

  @OptionGroup var machine: MachineOptions

  /// What was given, and the environment, and the file, in the order in which they go.
  func layers(more: SettingLayer = SettingLayer()) throws -> [SettingLayer] {
    var flags = more
    for (key, values) in [(SettingKey.measure, try orientedMeasures()), (.threshold, threshold)]
    where !values.isEmpty { flags.setFlag(key, values) }
    flags.setFlags([(.linkage, linkage), (.merge, merge)] + results.settings)
    return try machine.layers(flags)
  }

  /// The names of the measures asked for, those in any orientation where they are to be.
  private func orientedMeasures() throws -> [String] {
    guard let orientations, orientations != 1 else { return measure }
    guard orientations == 8 else {
      throw SettingFailure("'--orientations': is \(orientations); it must be 1 or 8")
    }
    return try (measure.isEmpty ? ["pdq"] : measure).map { name in
      // An unknown name is told by what reads the settings.
      guard let measure = Measure(name: name) else { return name }
      guard let turned = measure.inAnyOrientation else {
        throw SettingFailure(
          "'--orientations 8': '\(name)' has no orientations; leave it out, or take a hash")
      }
      return turned.name
    }
  }
}

/// The flags of what is shown of clusters.
struct ResultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Which image stands for a cluster: first, medoid or largest.", valueName: "name"))
  var representative: String?

  @Option(
    name: .customLong("publish"),
    help: ArgumentHelp(
      "What a result holds: folders (of links, with pages and tables), pages or tables.",
      valueName: "name"))
  var publishing: String?

  /// What was given.
  var settings: [(SettingKey, String?)] {
    [(.representative, representative), (.publish, publishing)]
  }
}

/// The flags of how a command works, with the file that has them and all others.
struct MachineOptions: ParsableArguments {
  @Option(help: "Settings from a YAML file, see configs/; flags go before it.")
  var config: String?

  @Option(help: ArgumentHelp("Threads that work. Default: one a core.", valueName: "n"))
  var workers: String?

  @Option(
    help: ArgumentHelp(
      "Memory of the whole program, such as 2GiB. Default: a quarter of the machine's.",
      valueName: "size"))
  var memory: String?

  /// What was given, with the flags of a command, and the environment, and the file, in the order in
  /// which they go.
  func layers(_ flags: SettingLayer) throws -> [SettingLayer] {
    var flags = flags
    flags.setFlags([(.workers, workers), (.memory, memory)])
    let environment = try SettingLayer(environment: ProcessInfo.processInfo.environment)
    return try [flags, environment] + (config.map { [try SettingLayer(file: $0)] } ?? [])
  }
}

/// The flags of what a run keeps for life.
struct FixedOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only files that match; may be given again.", valueName: "glob"))
  var include: [String] = []

  @Option(help: ArgumentHelp("Not files or folders that match.", valueName: "glob"))
  var exclude: [String] = []

  @Flag(help: "Follow symbolic links.")
  var followLinks = false

  @Option(help: ArgumentHelp("Images in a batch. Default 4096.", valueName: "n"))
  var batchSize: String?

  @Option(help: ArgumentHelp("Bytes in a batch. Default 4GiB.", valueName: "size"))
  var batchBytes: String?

  @Option(
    help: ArgumentHelp(
      "The lowest similarity links are kept for. Default: below the threshold (pdq: 0.75).",
      valueName: "0...1"))
  var floor: [String] = []

  @Option(
    help: ArgumentHelp(
      "Where batches are cut. Default: the first threshold.", valueName: "0...1"))
  var batchThreshold: [String] = []

  @Option(
    help: ArgumentHelp(
      "How vectors are compared: cosine, or euclidean:UNIT, 1 / (1 + distance / UNIT).",
      valueName: "name"))
  var metric: [String] = []

  @Option(
    help: ArgumentHelp(
      "Principal components that are kept: so many, or as many as explain this part of the variance. "
        + "Default 0.95.", valueName: "n|0...1"))
  var components: String?

  @Option(
    help: ArgumentHelp(
      "Vectors of your own for '--measure vectors': a NumPy file, a row an image.",
      valueName: "file"))
  var featuresFrom: String?

  @Option(
    help: ArgumentHelp(
      "The path of each row's image in the archive, a line a row.", valueName: "file"))
  var featurePaths: String?

  @Option(
    help: ArgumentHelp(
      "The pairs that orb and sift compare: all, or those of a guide's similarity from here up.",
      valueName: "all|0...1"))
  var candidates: [String] = []

  @Flag(help: "Of orb and sift: count only matches that one scale, turn and shift explains.")
  var geometry = false

  @Option(
    help: ArgumentHelp(
      "What transparency lies on: white, black or RRGGBB. Default white.", valueName: "color"))
  var background: String?

  @Option(help: ArgumentHelp("Larger images are quarantined. Default 1000000000.", valueName: "n"))
  var maximumPixels: String?

  @Option(help: ArgumentHelp("Larger files are quarantined. Default 8GiB.", valueName: "size"))
  var maximumFileBytes: String?

  @Option(help: ArgumentHelp("Time for one image. Default 120.", valueName: "s"))
  var secondsPerImage: String?

  @Option(help: ArgumentHelp("Memory of one decoder process. Default 2GiB.", valueName: "size"))
  var decoderMemory: String?

  @Option(
    help: ArgumentHelp(
      "Further formats to read, see 'likeness formats'; may be given again.", valueName: "name"))
  var formats: [String] = []

  /// What was given.
  var layer: SettingLayer {
    var flags = SettingLayer()
    let lists: [(SettingKey, [String])] = [
      (.include, include), (.exclude, exclude), (.formats, formats), (.floor, floor),
      (.batchThreshold, batchThreshold), (.candidates, candidates), (.metric, metric),
    ]
    for (key, values) in lists where !values.isEmpty { flags.setFlag(key, values) }
    if followLinks { flags.setFlag(.followLinks, ["true"]) }
    if geometry { flags.setFlag(.geometry, ["true"]) }
    let single: [(SettingKey, String?)] = [
      (.batchSize, batchSize), (.batchBytes, batchBytes), (.background, background),
      (.maximumPixels, maximumPixels), (.maximumFileBytes, maximumFileBytes),
      (.secondsPerImage, secondsPerImage), (.decoderMemory, decoderMemory),
      (.components, components), (.featuresFrom, featuresFrom), (.featurePaths, featurePaths),
    ]
    flags.setFlags(single)
    return flags
  }
}

/// How a command shows what it does.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON, a line a thing.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show the log on standard error.")
  var verbose = false
}
