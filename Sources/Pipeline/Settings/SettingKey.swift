/// Every setting by the name it has in a settings file.
///
/// The flag is the name in kebab case (`--batch-size`), the environment variable in upper case
/// (`LIKENESS_BATCH_SIZE`). Flags go before environment before file before defaults.
public enum SettingKey: String, CaseIterable, Sendable {
  case archive, include, exclude, followLinks
  case batchSize, batchBytes
  case measure, floor, batchThreshold, candidates, geometry, metric
  case components, featuresFrom, featurePaths
  case background, maximumPixels, maximumFileBytes, secondsPerImage, decoderMemory, formats
  case threshold, linkage, merge, representative, publish
  case result, method, clusters, choose, clusterMerge, standardize, normalize, seed
  case minimumClusterSize, minimumSamples, radius
  case workers, memory

  /// What a change of it means for a run that exists.
  public enum Scope: Sendable {
    /// It decides features and links: a run keeps it for life.
    case fixed
    /// Values may be added to a run, never taken away.
    case growing
    /// It may differ from one result to the next and is kept with the run.
    case changeable
    /// It belongs to one invocation and is not kept.
    case momentary
  }

  /// What a change of it means for a run that exists.
  public var scope: Scope {
    switch self {
    case .archive, .include, .exclude, .followLinks, .batchSize, .batchBytes, .floor,
      .batchThreshold, .candidates, .geometry, .metric, .components, .featuresFrom, .featurePaths,
      .background, .maximumPixels, .maximumFileBytes, .secondsPerImage, .decoderMemory, .formats:
      .fixed
    case .measure: .growing
    case .threshold, .linkage, .merge, .representative, .publish, .result, .method, .clusters,
      .choose, .clusterMerge, .standardize, .normalize, .seed, .minimumClusterSize,
      .minimumSamples, .radius:
      .changeable
    case .workers, .memory: .momentary
    }
  }

  /// Whether it takes a list.
  public var isList: Bool {
    switch self {
    case .include, .exclude, .measure, .formats, .method, .minimumClusterSize, .radius: true
    default: isOfMeasures
    }
  }

  /// Whether each measure has its own.
  var isOfMeasures: Bool {
    switch self {
    case .floor, .batchThreshold, .candidates, .geometry, .metric, .threshold: true
    default: false
    }
  }

  /// The name of its flag, without the dashes.
  public var flag: String {
    // Of two commands, each with one of its own.
    self == .clusterMerge ? "merge" : rawValue.splitAtCapitals.joined(separator: "-")
  }

  /// The name of its environment variable.
  public var environmentVariable: String {
    "LIKENESS_" + rawValue.splitAtCapitals.joined(separator: "_").uppercased()
  }
}

extension String {
  /// The words of a name in camel case, in lower case.
  fileprivate var splitAtCapitals: [String] {
    var words = [""]
    for character in self {
      if character.isUppercase { words.append("") }
      words[words.count - 1] += character.lowercased()
    }
    return words
  }
}
