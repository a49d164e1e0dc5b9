import Clustering

/// How vectors are clustered, and which of the clusterings tried is taken.
public struct ClusterSettings: Hashable, Sendable {
  /// What is tried, in this order.
  public var methods: [ClusteringMethod]
  /// The counts of clusters that are tried, for methods that are told.
  public var counts: ClosedRange<Int>
  /// By what one of them is chosen.
  public var criterion: ModelCriterion
  /// How batches are brought together: all vectors at once, or one of each cluster of a batch.
  public var merge: MergeMode
  /// Whether every component is given the mean 0 and the deviation 1 first, over the archive.
  public var isStandardized: Bool
  /// Whether every vector is given the length 1 first, after that.
  public var isNormalized: Bool
  /// What random numbers start from.
  public var seed: UInt64
  /// The least sizes of clusters that `hdbscan` tries.
  public var minimumClusterSizes: [Int]
  /// Neighbours, itself among them, that make a vector the core of a cluster; nil for what the method
  /// has as its own.
  public var minimumSampleCount: Int?
  /// The distances within which `dbscan` tries to find neighbours; nothing to take them from the data.
  public var radii: [Double]

  init(_ read: SettingReader) throws {
    let names = read.list(.method) ?? [ClusteringMethod.kMeans.rawValue]
    methods = try names.reduce(into: []) { methods, name in
      let known = name == "agglomerative" ? .ward : ClusteringMethod(rawValue: name)
      guard let known else {
        let names = ClusteringMethod.allCases.map(\.rawValue).joined(separator: ", ")
        throw read.failure(.method, name, "one of \(names); agglomerative is ward")
      }
      if !methods.contains(known) { methods.append(known) }
    }
    guard !methods.isEmpty else { throw read.failure(.method, "", "at least one method") }
    counts = try read.range(.clusters, in: 2...100_000) ?? 2...50
    criterion = try read.choice(.choose) ?? .combined
    merge = try read.choice(.clusterMerge) ?? .representatives
    isStandardized = try read.boolean(.standardize) ?? false
    isNormalized = try read.boolean(.normalize) ?? false
    seed = UInt64(try read.integer(.seed, in: 0...Int.max) ?? 1)
    minimumClusterSizes =
      try read.numbers(.minimumClusterSize, "whole numbers from 2") {
        Int($0).flatMap { $0 >= 2 ? $0 : nil }
      } ?? [5, 10, 20]
    minimumSampleCount =
      try read.text(.minimumSamples) == "auto"
      ? nil : read.integer(.minimumSamples, in: 1...100_000)
    radii =
      try read.numbers(.radius, "distances over 0, or auto") { text in
        Double(text).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
      } ?? []
  }

  /// Refuses methods that the counts or the criterion say nothing of.
  func checkChoice() throws {
    let free = methods.filter { !$0.takesClusterCount }
    func names(_ methods: [ClusteringMethod]) -> String {
      methods.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    }
    if counts.count == 1, !free.isEmpty {
      throw SettingFailure(
        "'--clusters \(counts.lowerBound)': \(names(free)) cannot be told how many clusters to find; ask by "
          + "'--method' for methods that can, such as 'kmeans,ward', or give a range, such as 2...50"
      )
    }
    let unjudged = methods.filter { !criterion.judges($0) }
    guard unjudged.isEmpty else {
      throw SettingFailure(
        "'--choose \(criterion.rawValue)': says nothing of \(names(unjudged)): it goes by "
          + (criterion == .derivative ? "the heights of merges" : "a curve over counts of clusters")
          + "; leave those methods out, or take '--choose combined'")
    }
    guard counts.count >= criterion.leastCountOfCounts else {
      throw SettingFailure(
        "'--choose \(criterion.rawValue)': needs \(criterion.leastCountOfCounts) counts of clusters to "
          + "choose among, such as '--clusters 2...50', and has \(counts.count); for an exact count take "
          + "'--choose combined'")
    }
  }

  /// A setting as text.
  func values(of key: SettingKey) -> [String] {
    switch key {
    case .method: methods.map(\.rawValue)
    case .clusters:
      [
        counts.count == 1
          ? "\(counts.lowerBound)" : "\(counts.lowerBound)...\(counts.upperBound)"
      ]
    case .choose: [criterion.rawValue]
    case .clusterMerge: [merge.rawValue]
    case .standardize: ["\(isStandardized)"]
    case .normalize: ["\(isNormalized)"]
    case .seed: ["\(seed)"]
    case .minimumClusterSize: minimumClusterSizes.map(String.init)
    case .minimumSamples: [minimumSampleCount.map(String.init) ?? "auto"]
    case .radius: radii.isEmpty ? ["auto"] : radii.map { "\($0)" }
    default: preconditionFailure("'\(key.rawValue)' is no setting of clustering")
    }
  }

  /// Everything that decides clusters, as text.
  var name: String {
    SettingKey.allCases.filter(Self.keys.contains)
      .map { values(of: $0).joined(separator: ",") }.joined(separator: " ")
  }

  private static let keys: Set<SettingKey> = [
    .method, .clusters, .choose, .clusterMerge, .standardize, .normalize, .seed,
    .minimumClusterSize, .minimumSamples, .radius,
  ]
}

extension SettingReader {
  /// One whole number, or two with dots between.
  func range(_ key: SettingKey, in limits: ClosedRange<Int>) throws -> ClosedRange<Int>? {
    try text(key).map { text in
      let parts = text.replacing("...", with: " ").split(separator: " ").map { Int($0) }
      guard let first = parts.first ?? nil, let last = parts.last ?? nil, parts.count <= 2,
        first <= last, limits.contains(first), limits.contains(last)
      else {
        throw failure(
          key, text,
          "a number of clusters such as 12, or a range such as 2...50, from \(limits.lowerBound)")
      }
      return first...last
    }
  }

  /// A list of numbers; nil where nothing is given, or `auto`.
  fileprivate func numbers<Number>(
    _ key: SettingKey, _ expected: String, _ parse: (String) -> Number?
  ) throws -> [Number]? {
    guard let texts = list(key), texts != ["auto"] else { return nil }
    return try texts.map { text in
      guard let number = parse(text) else { throw failure(key, text, expected) }
      return number
    }
  }
}
