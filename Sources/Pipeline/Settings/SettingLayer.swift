import Storage
import Yams

/// Settings from one place: the flags, the environment or a file.
public struct SettingLayer: Sendable {
  /// The text of one setting and where it was given.
  public struct Entry: Sendable {
    /// One value, or those of a list.
    public let values: [String]
    /// Where it was given, for messages: `'--floor'`, `LIKENESS_FLOOR`, `'floor' in FILE`.
    public let origin: String

    /// Makes an entry.
    public init(values: [String], origin: String) {
      self.values = values
      self.origin = origin
    }
  }

  /// The settings that were given here.
  public var entries: [SettingKey: Entry]

  /// Makes a layer of entries.
  public init(_ entries: [SettingKey: Entry] = [:]) { self.entries = entries }

  /// Sets a setting as a flag of the command.
  public mutating func setFlag(_ key: SettingKey, _ values: [String]) {
    entries[key] = Entry(values: values, origin: "'--\(key.flag)'")
  }

  /// Sets those settings that were given as flags of the command.
  public mutating func setFlags(_ values: [(SettingKey, String?)]) {
    for case (let key, let value?) in values { setFlag(key, [value]) }
  }

  /// Takes the settings from environment variables; lists are separated by commas.
  ///
  /// - Throws: `SettingFailure` for a variable that begins with `LIKENESS_` and is none of ours.
  public init(environment: [String: String]) throws {
    entries = [:]
    let keys = Dictionary(
      uniqueKeysWithValues: SettingKey.allCases.map {
        ($0.environmentVariable, $0)
      })
    for (name, text) in environment where name.hasPrefix("LIKENESS_") {
      guard let key = keys[name] else {
        throw SettingFailure(
          "\(name): is no setting; the settings are \(keys.keys.sorted().joined(separator: ", "))")
      }
      let values = key.isList ? text.split(separator: ",").map(String.init) : [text]
      entries[key] = Entry(values: values, origin: name)
    }
  }

  /// Takes the settings from a YAML file.
  ///
  /// - Throws: `SettingFailure` for a file that cannot be read, is not YAML, or has an unknown key.
  public init(file: String) throws {
    let bytes: [UInt8]
    do {
      bytes = try contents(ofFile: file)
    } catch let failure as StorageFailure {
      throw SettingFailure("\(failure)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SettingFailure("\(file): is not UTF-8 text")
    }
    try self.init(yaml: text, file: file)
  }

  /// Takes the settings from the text of a YAML file.
  public init(yaml text: String, file: String) throws {
    entries = [:]
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw SettingFailure("\(file): is not YAML: \(error)")
    }
    guard let root else { return }
    guard let mapping = root.mapping else {
      throw SettingFailure("\(file): must hold settings as 'name: value'")
    }
    for (name, value) in mapping {
      let name = name.string ?? ""
      guard let key = SettingKey(rawValue: name) else {
        let known = SettingKey.allCases.map(\.rawValue).joined(separator: ", ")
        throw SettingFailure("\(file): '\(name)' is no setting; the settings are \(known)")
      }
      let origin = "'\(name)' in \(file)"
      if let scalar = value.scalar {
        // An empty value (`include:`) is an empty list, and otherwise says nothing.
        let isNull = value.tag == Tag(.null)
        if !isNull { entries[key] = Entry(values: [scalar.string], origin: origin) }
      } else if let sequence = value.sequence, key.isList {
        entries[key] = Entry(
          values: try sequence.map { node in
            guard let scalar = node.scalar else {
              throw SettingFailure("\(origin): must be a list of plain values")
            }
            return scalar.string
          }, origin: origin)
      } else {
        throw SettingFailure("\(origin): must be \(key.isList ? "a list" : "one plain value")")
      }
    }
  }
}

/// A setting that cannot be used.
public struct SettingFailure: Error, CustomStringConvertible {
  /// One line for a person.
  public let description: String

  /// Makes a failure of its message.
  public init(_ description: String) { self.description = description }
}
