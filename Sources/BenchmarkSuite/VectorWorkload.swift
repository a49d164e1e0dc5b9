import Clustering
import Embedding
import Foundation
import LinearAlgebra

/// One method for vectors, on one thread, on the rows of a NumPy file or on random ones.
///
/// Rows lie around as many centers as there are clusters, in turn: row r belongs to center r modulo their
/// count, which is what the silhouette is measured of.
struct VectorWorkload {
  enum Method: String, CaseIterable {
    case kmeans, ward, hdbscan, silhouette, tsne, pca
  }

  private let method: Method
  private let rowsFile: String
  private let rowCount: Int
  private let dimension: Int
  private let clusterCount: Int
  private let seed: Int

  init(_ options: Options) {
    let name = options.string("method", default: "kmeans")
    guard let method = Method(rawValue: name) else {
      let names = Method.allCases.map(\.rawValue).joined(separator: ", ")
      usage("'--method' is '\(name)'; there are \(names)")
    }
    self.method = method
    rowsFile = options.string("rows-file", default: "")
    rowCount = options.number("rows", default: 5_000)
    dimension = options.number("dimension", default: 64)
    clusterCount = options.number("clusters", default: 50)
    seed = options.number("seed", default: 1)
  }

  func run() throws {
    let rows = rowsFile.isEmpty ? randomRows() : try Rows(numPyFile: rowsFile)
    try BLAS.open()
    let measurement = Measurement()
    let outcome = try outcome(rows)
    let (wallSeconds, cpuSeconds) = (measurement.wallSeconds, measurement.cpuSeconds)
    var checksum = Checksum()
    for value in outcome.values { checksum.add(value) }
    printLine([
      ("workload", "vectors"), ("method", method.rawValue), ("seed", seed), ("rows", rows.count),
      ("dimension", rows.dimension), ("clusters", clusterCount), ("kernels", BLAS.kernels),
      ("wallSeconds", wallSeconds), ("cpuSeconds", cpuSeconds),
      ("quality", outcome.quality(rows)), ("peakMemoryBytes", Measurement.peakMemoryBytes),
      ("checksum", String(format: "%016lx", checksum.value)),
    ])
  }

  /// What a method found: the bits of all of it, and one number that says how good it is, which is taken
  /// after the time.
  private struct Outcome {
    let values: [UInt64]
    let quality: (Rows) -> Double

    init(_ labels: Labels, quality: @escaping (Rows) -> Double) {
      values = labels.values.map { UInt64(bitPattern: Int64($0)) }
      self.quality = quality
    }

    init(_ values: some Sequence<Double>, quality: @escaping (Rows) -> Double) {
      self.values = values.map(\.bitPattern)
      self.quality = quality
    }
  }

  /// Runs the method, whose quality is the inertia; the sum of all heights; rows of noise; the mean;
  /// trustworthiness among 15 neighbours; or the explained part of the variance.
  private func outcome(_ rows: Rows) throws -> Outcome {
    switch method {
    case .kmeans:
      let result = KMeans(clusterCount: clusterCount, seed: UInt64(seed))
        .cluster(rows, checkpoint: {})
      return Outcome(result.labels) { _ in result.inertia }
    case .ward:
      let tree = Agglomerative(linkage: .ward).dendrogram(of: rows, checkpoint: {})
      return Outcome(tree.labels(clusterCount: clusterCount)) { _ in
        tree.merges.reduce(0) { $0 + $1.height }
      }
    case .hdbscan:
      let labels = HDBSCAN(minimumClusterSize: 15).cluster(rows, checkpoint: {}).labels
      return Outcome(labels) { _ in Double(labels.noiseCount) }
    case .silhouette:
      let labels = Labels((0..<rows.count).map { Int32($0 % clusterCount) })
      guard let silhouette = Silhouette(rows, labels, checkpoint: {}) else {
        usage("'--clusters' is \(clusterCount); it must be over 1 and less than the rows")
      }
      return Outcome(silhouette.values) { _ in silhouette.mean }
    case .tsne:
      let points = try TSNE(seed: UInt64(seed)).embedding(of: rows, checkpoint: {})
      return Outcome(points.rows.values.map(Double.init)) {
        points.trustworthiness(of: $0, neighborCount: 15, checkpoint: {})
      }
    case .pca:
      let components = try principalComponents(rows)
      return Outcome(components.project(rows).values.map(Double.init)) { _ in
        components.explainedPart
      }
    }
  }

  /// As many components as there are clusters.
  private func principalComponents(_ rows: Rows) throws -> PrincipalComponents {
    let sum = CovarianceSum(dimension: rows.dimension, center: 0)
    for start in stride(from: 0, to: rows.count, by: CovarianceSum.blockRowCount) {
      let end = min(rows.count, start + CovarianceSum.blockRowCount)
      let block = sum.begin(rows.gathered(start..<end))
      for tile in 0..<sum.tileCount { sum.add(block, toTile: tile) }
    }
    return try PrincipalComponents(sum, count: .number(min(clusterCount, rows.dimension)))
  }

  /// Centers and rows around them, of normal distributions of the same width.
  private func randomRows() -> Rows {
    var generator = SeededGenerator(seed: UInt64(seed))
    let centers = (0..<clusterCount * dimension).map { _ in generator.normal() }
    let values = (0..<rowCount * dimension).map { place in
      let center = place / dimension % clusterCount
      return Float(centers[center * dimension + place % dimension] + generator.normal())
    }
    return Rows(count: rowCount, dimension: dimension, values: values)
  }
}
