import Catalog
import Clustering
import Features
import Glibc
import Imaging
import LinearAlgebra
import Storage
import Yams

/// How the batches are joined.
public enum MergeMode: String, Sendable, CaseIterable {
  /// One image of each batch cluster, and every batch outlier, is compared with those of the others.
  case representatives
  /// Every image is compared with every other.
  case exhaustive
}

/// What clusters are made of.
public enum ResultKind: String, Sendable, CaseIterable {
  /// Images that are linked at a threshold.
  case links
  /// Vectors, by a clustering method.
  case clusters
}

/// What is published in the run.
public enum Publishing: String, Sendable, CaseIterable {
  /// Folders of symbolic links, tables and pages.
  case folders
  /// Tables and pages.
  case pages
  /// Tables only.
  case tables
}

/// Every setting of a run, checked.
public struct Settings: Sendable {
  /// The archive, absolute.
  public var archive: String
  /// Which files take part.
  public var filter: PathFilter
  /// Whether symbolic links are followed.
  public var followsLinks: Bool
  /// When a batch ends.
  public var batchLimits: BatchLimits
  /// What is extracted and linked, the first one for results unless another is asked for.
  public var measures: [Measure]
  /// Where images are linked and cut by each of them.
  public var links: [Measure: LinkSettings]
  /// How many principal components are kept of vectors.
  public var components: PrincipalComponents.Count
  /// The user's own vectors and the list of their paths, absolute; nil where there are none.
  public var givenVectors: (file: String, paths: String)?
  /// Limits and background of decoding.
  public var decoding: DecodeSettings
  /// How clusters merge.
  public var linkage: Linkage
  /// How the batches are joined.
  public var merge: MergeMode
  /// Which image stands for a batch cluster.
  public var representative: RepresentativeRule
  /// What is published in the run.
  public var publishing: Publishing
  /// Whether clusters are of links or of vectors.
  public var result: ResultKind
  /// How vectors are clustered.
  public var clustering: ClusterSettings
  /// Threads that work.
  public var workerCount: Int
  /// Bytes of memory that the whole program may use.
  public var memoryLimitBytes: Int

  /// Resolves settings; a layer goes before those after it.
  ///
  /// - Parameter keptMeasures: what a run has besides the measures that are asked for.
  /// - Throws: `SettingFailure` with where the value was given, what it is and what it must be.
  public init(_ layers: [SettingLayer], keptMeasures: [Measure] = []) throws {
    let read = SettingReader(layers)
    guard let archive = try read.text(.archive) else {
      throw SettingFailure("no archive is given: name the folder of images")
    }
    self.archive = archive
    filter = PathFilter(include: try read.patterns(.include), exclude: try read.patterns(.exclude))
    followsLinks = try read.boolean(.followLinks) ?? false
    batchLimits = BatchLimits(
      imageCount: try read.integer(.batchSize, in: 1...1_000_000) ?? 4096,
      byteCount: Int64(try read.bytes(.batchBytes, in: 1...(1 << 50)) ?? 4 << 30))
    let asked = try read.measures() ?? [.bits(.pdq)]
    let named = asked + keptMeasures.filter { !asked.contains($0) }
    // What components are made of is kept as well, and links nothing but equal features.
    let bases = named.compactMap(\.basis).filter { !named.contains($0) }
    measures = bases.reduce(into: named) { if !$0.contains($1) { $0.append($1) } }
    links = try read.links(measures, unasked: Set(bases))
    components = try read.components() ?? .explaining(0.95)
    givenVectors = try read.givenVectors(measures)
    decoding = try read.decoding()
    linkage = try read.choice(.linkage) ?? .single
    merge = try read.choice(.merge) ?? (measures[0].isCostly ? .representatives : .exhaustive)
    representative = try read.choice(.representative) ?? .first
    publishing = try read.choice(.publish) ?? .folders
    result = try read.choice(.result) ?? .links
    clustering = try ClusterSettings(read)
    workerCount =
      try read.integer(.workers, in: 1...1024) ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    memoryLimitBytes =
      try read.bytes(.memory, in: (256 << 20)...(1 << 50))
      ?? max(256 << 20, sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) / 4)
  }

  /// Refuses to cluster vectors by a measure that has none.
  func checkResult() throws {
    guard result == .clusters else { return }
    guard measures[0].isVector else {
      throw SettingFailure(
        "clusters are made of vectors, and '\(measures[0].name)' has none; ask for '--measure pca', or "
          + "another of \(Measure.vectorNames)")
    }
    try clustering.checkChoice()
  }

  /// Where images are linked and cut by the measure of results, the first.
  public var link: LinkSettings {
    guard let link = links[measures[0]] else { preconditionFailure("a measure without a floor") }
    return link
  }

  /// The settings that a run keeps, as entries, in the order of the keys.
  public var kept: [(key: SettingKey, values: [String])] {
    SettingKey.allCases.filter { $0.scope != .momentary }.map { ($0, values(of: $0)) }
  }

  /// The text of a settings file that gives these settings again.
  public var yaml: String {
    let pairs = kept.map { key, values -> (Node, Node) in
      let scalars = values.map { Node($0, Self.tag(.str)) }
      let isList = key.isList && !(key.isOfMeasures && scalars.count == 1)
      let value = isList ? Node(scalars, Self.tag(.seq), .flow) : scalars[0]
      return (Node(key.rawValue, Self.tag(.str)), value)
    }
    // Serialising a tree of plain strings has nothing that can fail but memory.
    let node = Node(pairs, Self.tag(.map))
    let text = (try? Yams.serialize(node: node, width: -1, allowUnicode: true)) ?? ""
    precondition(!text.isEmpty, "settings that cannot be written: \(pairs)")
    return "# What decides this run. Made by likeness; 'likeness run --help' explains every name.\n"
      + text
  }

  /// A tag that is told: to find one, Yams compiles regular expressions for 3 ms.
  private static func tag(_ name: Tag.Name) -> Tag { Tag(name, .basic) }

  private func values(of key: SettingKey) -> [String] {
    switch key {
    case .archive: [archive]
    case .include: filter.include
    case .exclude: filter.exclude
    case .followLinks: ["\(followsLinks)"]
    case .batchSize: ["\(batchLimits.imageCount)"]
    case .batchBytes: ["\(batchLimits.byteCount)"]
    case .measure: measures.map(\.name)
    case .floor: values(\.floor)
    case .batchThreshold: values(\.batchThreshold)
    case .candidates: values(of: measures.filter(\.isCostly)) { $0.candidates.text }
    case .geometry: values(of: measures.filter(\.hasKeyPoints)) { "\($0.needsGeometry)" }
    case .metric: values(of: measures.filter(\.isVector)) { $0.metric.text }
    case .components: [components.text]
    case .featuresFrom: [givenVectors?.file ?? ""]
    case .featurePaths: [givenVectors?.paths ?? ""]
    case .background: [decoding.backgroundText]
    case .maximumPixels: ["\(decoding.maximumPixels)"]
    case .maximumFileBytes: ["\(decoding.maximumFileBytes)"]
    case .secondsPerImage: ["\(decoding.secondsPerImage)"]
    case .decoderMemory: ["\(decoding.decoderMemoryBytes)"]
    case .formats: decoding.extraFormats.map(\.rawValue).sorted()
    case .threshold: values(\.threshold)
    case .linkage: [linkage.rawValue]
    case .merge: [merge.rawValue]
    case .representative: [representative.rawValue]
    case .publish: [publishing.rawValue]
    case .result: [result.rawValue]
    case .method, .clusters, .choose, .clusterMerge, .standardize, .normalize, .seed,
      .minimumClusterSize, .minimumSamples, .radius:
      clustering.values(of: key)
    case .workers: ["\(workerCount)"]
    case .memory: ["\(memoryLimitBytes)"]
    }
  }

  /// A value of each measure, named where there are several.
  private func values(_ value: KeyPath<LinkSettings, Double>) -> [String] {
    values(of: measures) { "\($0[keyPath: value])" }
  }

  private func values(of some: [Measure], _ text: (LinkSettings) -> String) -> [String] {
    some.map { measure in
      let text = text(links[measure] ?? LinkSettings(measure))
      return measures.count == 1 ? text : "\(measure.name)=\(text)"
    }
  }

  /// What decides features and links and differs, a line each.
  private func differences(from stored: Settings, said: String) -> [String] {
    // A measure that is new may have any floor.
    var now = self
    now.measures = stored.measures
    now.links.merge(stored.links) { given, _ in given }
    return SettingKey.allCases.filter { $0.scope == .fixed }.compactMap { key in
      let (given, before) = (now.values(of: key), stored.values(of: key))
      return given == before
        ? nil
        : "  \(key.rawValue): \(before.joined(separator: ", ")) in the run, "
          + "\(given.joined(separator: ", ")) \(said)"
    }
  }

  /// Refuses settings that differ from those of a run in what decides its features and links.
  ///
  /// - Throws: `SettingFailure` that shows every difference.
  public func checkFits(run stored: Settings, at path: String) throws {
    let differences = differences(from: stored, said: "now")
    guard !differences.isEmpty else { return }
    let advice =
      archive == stored.archive
      ? "Leave these out to go on with the run, or name another folder with '--into'"
      : "A run stays with the folder of its archive (one that moved: move or mount it back there; a "
        + "symbolic link is not enough); name another folder with '--into' for a run of this one"
    throw SettingFailure(
      "\(path): was made with other settings:\n\(differences.joined(separator: "\n"))\n\(advice)")
  }

  /// Refuses a settings file that says something else than what was kept of it.
  ///
  /// - Throws: `SettingFailure` that shows every difference and says what writes the file again.
  func checkUnedited(since kept: Settings, in run: RunDirectory) throws {
    let differences = differences(from: kept, said: "in the file")
    guard !differences.isEmpty else { return }
    throw SettingFailure(
      "\(run.settingsFile): is not what the run was made with:\n"
        + "\(differences.joined(separator: "\n"))\n\(KeptSettings.advice(run))")
  }
}
