import Features

/// Reads checked values out of the text of settings.
struct SettingReader {
  /// Where settings were given, the ones that go first first.
  let layers: [SettingLayer]
  private let entries: [SettingKey: SettingLayer.Entry]

  init(_ layers: [SettingLayer]) {
    self.layers = layers
    entries = layers.reduce(into: [:]) { $0.merge($1.entries) { first, _ in first } }
  }

  /// Where a setting was given, or its name if it was not.
  func origin(_ key: SettingKey) -> String { entries[key]?.origin ?? "'--\(key.flag)'" }

  func list(_ key: SettingKey) -> [String]? { entries[key]?.values }

  func text(_ key: SettingKey) throws -> String? {
    guard let entry = entries[key] else { return nil }
    guard entry.values.count == 1 else {
      throw SettingFailure("\(entry.origin): takes one value, not \(entry.values.count)")
    }
    return entry.values[0]
  }

  func patterns(_ key: SettingKey) throws -> [String] {
    let patterns = list(key) ?? []
    guard !patterns.contains("") else { throw failure(key, "", "a pattern, such as *.jpg") }
    return patterns
  }

  func boolean(_ key: SettingKey) throws -> Bool? {
    try text(key).map { text in
      switch text {
      case "true", "yes", "on": true
      case "false", "no", "off": false
      default: throw failure(key, text, "true or false")
      }
    }
  }

  func integer(_ key: SettingKey, in range: ClosedRange<Int>) throws -> Int? {
    try text(key).map { text in
      guard let value = Int(text.filter { $0 != "_" }), range.contains(value) else {
        throw failure(key, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
  }

  /// A number of bytes: `1073741824`, `1GiB`, `512MiB`, `2GB`.
  func bytes(_ key: SettingKey, in range: ClosedRange<Int>) throws -> Int? {
    let units = [
      ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("KB", 1000),
      ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
    ]
    return try text(key).map { text in
      let (suffix, unit) = units.first { text.hasSuffix($0.0) } ?? ("", 1)
      let digits = text.dropLast(suffix.count).filter { $0 != " " && $0 != "_" }
      guard let number = Double(digits), number >= 0, number * Double(unit) < 1e18,
        range.contains(Int(number * Double(unit)))
      else {
        throw failure(
          key, text,
          "a size such as 512MiB or 2GiB, from \(range.lowerBound) to \(range.upperBound) bytes")
      }
      return Int(number * Double(unit))
    }
  }

  func choice<Choice: RawRepresentable & CaseIterable>(_ key: SettingKey) throws -> Choice?
  where Choice.RawValue == String {
    try text(key).map { text in
      guard let choice = Choice(rawValue: text) else {
        let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw failure(key, text, "one of \(choices)")
      }
      return choice
    }
  }

  func measures() throws -> [Measure]? {
    try list(.measure).map { names in
      var measures: [Measure] = []
      for name in names {
        guard let measure = Measure(name: name) else {
          throw failure(
            .measure, name, "one of \(Measure.names.joined(separator: ", "))")
        }
        if !measures.contains(measure) { measures.append(measure) }
      }
      guard !measures.isEmpty else { throw failure(.measure, "", "at least one measure") }
      return measures
    }
  }

  func failure(_ key: SettingKey, _ text: String, _ expected: String) -> SettingFailure {
    SettingFailure("\(origin(key)): is '\(text)'; it must be \(expected)")
  }
}
