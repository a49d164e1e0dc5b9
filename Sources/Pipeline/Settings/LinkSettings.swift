import Similarity

/// How a run links and cuts images by one measure.
public struct LinkSettings: Hashable, Sendable {
  /// The lowest similarity that links are kept for.
  public var floor: Double
  /// The threshold at which batches are cut.
  public var batchThreshold: Double
  /// The threshold of the result.
  public var threshold: Double
  /// The pairs that are compared.
  public var candidates: Candidates = .all
  /// Whether only matches of key points count that one scale, turn and shift explains.
  public var needsGeometry = false
  /// How vectors are compared.
  public var metric = VectorMeasure.cosine

  /// What a measure has where nothing is said of it.
  init(_ measure: Measure) {
    threshold = measure.defaultThreshold
    floor = measure.defaultFloor(threshold: threshold)
    batchThreshold = threshold
    candidates = measure.defaultCandidates
  }
}

extension SettingReader {
  /// What was given for each measure, or follows from it.
  ///
  /// - Parameter unasked: measures that are there for what is made of their features.
  /// - Throws: `SettingFailure` for a threshold under the floor, for a measure that is not compared, and
  ///   for what a measure has not.
  func links(
    _ measures: [Measure], unasked: Set<Measure>
  ) throws -> [Measure: LinkSettings] {
    let thresholds = try values(.threshold, measures, Self.fraction)
    let floors = try values(.floor, measures, Self.fraction)
    let batchThresholds = try values(.batchThreshold, measures, Self.fraction)
    let candidates = try values(.candidates, measures) { text, measure in
      if text == "all" { return .value(Candidates.all) }
      guard measure.isCostly else {
        return .expected("all: '\(measure.name)' compares every pair")
      }
      return Self.fraction(text, measure).map { .atLeast($0) }
    }
    let geometry = try values(.geometry, measures, plain: measures.filter(\.hasKeyPoints)) {
      text, measure in
      switch text {
      case "true" where measure.hasKeyPoints: .value(true)
      case "true": .expected("false: only orb and sift have key points, '\(measure.name)' has none")
      case "false": .value(false)
      default: .expected("true or false")
      }
    }
    let metrics = try values(.metric, measures, plain: measures.filter(\.isVector)) {
      (text, measure) -> Parsed<VectorMeasure> in
      guard let metric = VectorMeasure(text: text) else {
        return .expected(
          "cosine, or euclidean:UNIT with the distance at which two vectors are similar by a half")
      }
      guard measure.isVector || metric == .cosine else {
        return .expected("cosine: '\(measure.name)' is no vector")
      }
      return .value(metric)
    }
    return try measures.reduce(into: [:]) { links, measure in
      var link = LinkSettings(measure)
      if unasked.contains(measure) { link.threshold = 1 }
      link.threshold = thresholds[measure]?.value ?? link.threshold
      link.floor =
        floors[measure]?.value
        ?? (unasked.contains(measure) ? 1 : measure.defaultFloor(threshold: link.threshold))
      link.batchThreshold = batchThresholds[measure]?.value ?? link.threshold
      link.candidates = candidates[measure]?.value ?? link.candidates
      link.needsGeometry = geometry[measure]?.value ?? false
      link.metric = metrics[measure]?.value ?? .cosine
      let name = measures.count == 1 ? "" : " of \(measure.name)"
      for (origin, value) in [
        (thresholds[measure]?.origin ?? origin(.threshold), link.threshold),
        (batchThresholds[measure]?.origin ?? origin(.batchThreshold), link.batchThreshold),
      ] where value < link.floor {
        throw SettingFailure(
          "\(origin): is \(value), under the floor\(name) of \(link.floor), the lowest similarity "
            + "that links are kept for; give a threshold of at least \(link.floor), or make a run "
            + "with a lower '--floor'")
      }
      links[measure] = link
    }
  }

  /// What a text is as the value of a setting, or what it must be.
  private enum Parsed<Value> {
    case value(Value)
    case expected(String)

    func map<Other>(_ transform: (Value) -> Other) -> Parsed<Other> {
      switch self {
      case .value(let value): .value(transform(value))
      case .expected(let expected): .expected(expected)
      }
    }
  }

  private static func fraction(_ text: String, _ measure: Measure) -> Parsed<Double> {
    guard let value = Double(text), (0...1).contains(value) else {
      return .expected("a number from 0 to 1, or a measure's, such as \(measure.name)=0.9")
    }
    return .value(value)
  }

  /// The values of a setting that each measure has its own of: `0.9` for the first measure of where it is
  /// given, `ssim=0.9` for another.
  ///
  /// - Parameter plain: whose a value is that names no measure; nobody's for the first measure's.
  private func values<Value>(
    _ key: SettingKey, _ measures: [Measure], plain: [Measure] = [],
    _ parse: (String, Measure) -> Parsed<Value>
  ) throws -> [Measure: (value: Value, origin: String)] {
    var values: [Measure: (value: Value, origin: String)] = [:]
    for layer in layers {
      guard let entry = layer.entries[key] else { continue }
      let ownFirst = layer.entries[.measure]?.values.first.flatMap(Measure.init(name:))
      for text in entry.values {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        var targets = plain.isEmpty ? [ownFirst ?? measures[0]] : plain
        if parts.count == 2 {
          guard let named = Measure(name: String(parts[0])), measures.contains(named) else {
            throw SettingFailure(
              "\(entry.origin): '\(text)' names no measure of the run; they are "
                + measures.map(\.name).joined(separator: ", "))
          }
          targets = [named]
        }
        for measure in targets where values[measure] == nil {
          switch parse(String(parts[parts.count - 1]), measure) {
          case .value(let value): values[measure] = (value, entry.origin)
          case .expected(let expected):
            throw SettingFailure("\(entry.origin): is '\(text)'; it must be \(expected)")
          }
        }
      }
    }
    return values
  }
}
