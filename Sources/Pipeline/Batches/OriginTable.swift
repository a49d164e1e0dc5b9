import Features
import Storage

/// `made-by.csv` of a batch folder: the version of each measure, and the libraries that decoded for it.
///
/// Of no account for a result, whose links depend on the features alone.
enum OriginTable {
  private static let heading = "measure,version,decoders"
  private static let separator = "; "

  static func file(in folder: String) -> String { folder + "/made-by.csv" }

  /// The table; no field needs quotes.
  static func csv(_ origins: [Measure: FeatureOrigin]) -> [UInt8] {
    let rows = origins.sorted { $0.key.name < $1.key.name }.map { measure, origin in
      "\(measure.name),\(origin.version),\(origin.decoders.joined(separator: separator))"
    }
    return Array(([heading] + rows).map { $0 + "\r\n" }.joined().utf8)
  }

  /// What made the features in a batch folder, by the name of the measure.
  ///
  /// - Throws: `DamagedFile` when the table is not of its form; `StorageFailure`.
  static func origins(inFolder folder: String) throws -> [String: FeatureOrigin] {
    let path = file(in: folder)
    let text = String(decoding: try contents(ofFile: path), as: UTF8.self)
    let lines = text.split(separator: "\r\n")
    guard lines.first == heading[...] else {
      throw DamagedFile(path: path, detail: "it is not a whole table")
    }
    return try lines.dropFirst().reduce(into: [:]) { origins, line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == 3, let version = Int(fields[1]) else {
        throw DamagedFile(path: path, detail: "a row of it cannot be read")
      }
      origins[String(fields[0])] = FeatureOrigin(
        version: version,
        decoders: Set(fields[2].split(separator: separator).map(String.init)))
    }
  }
}
