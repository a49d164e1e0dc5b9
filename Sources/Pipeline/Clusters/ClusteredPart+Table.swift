import Clustering
import Storage

extension ClusteredPart {
  /// The heading of `models.csv`.
  static let heading =
    "group,method,parameters,clusters,noise,silhouette,daviesBouldin,calinskiHarabasz,inertia,"
    + "distortion,gap,gapError,acceleration,rating,chosen\r\n"

  /// The models as rows of the table, without its heading.
  ///
  /// Nothing in them needs quotes.
  var table: [UInt8] { Array(models.map(\.line).joined().utf8) }

  /// Reads what was recorded.
  ///
  /// - Throws: `DamagedFile` when the table is not of its form.
  init(labels: [Int32], table: [UInt8]) throws {
    self.labels = labels
    models = try String(decoding: table, as: UTF8.self).split(separator: "\r\n").map { line in
      guard let model = TriedModel(line: line) else {
        throw DamagedFile(path: "models of a part", detail: "a row of it cannot be read: \(line)")
      }
      return model
    }
  }
}

extension TriedModel {
  private static var values: [WritableKeyPath<ModelScore, Double?>] {
    [
      \.silhouette, \.daviesBouldin, \.calinskiHarabasz, \.inertia, \.distortion, \.gap,
      \.gapError, \.acceleration,
    ]
  }

  fileprivate var line: String {
    let numbers = Self.values.map { score[keyPath: $0] } + [rating]
    let fields =
      [
        group, score.method, score.parameters, "\(score.clusterCount)", "\(score.noiseCount)",
      ] + numbers.map { $0.map { "\($0)" } ?? "" } + [isChosen ? "yes" : "no"]
    return fields.joined(separator: ",") + "\r\n"
  }

  fileprivate init?(line: Substring) {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 15, let clusters = Int(fields[3]), let noise = Int(fields[4]) else {
      return nil
    }
    var score = ModelScore(
      method: fields[1], parameters: fields[2], clusterCount: clusters, noiseCount: noise)
    for (field, value) in zip(fields[5...], Self.values) where !field.isEmpty {
      guard let number = Double(field) else { return nil }
      score[keyPath: value] = number
    }
    self.init(
      group: fields[0], score: score, rating: Double(fields[13]), isChosen: fields[14] == "yes")
  }
}
