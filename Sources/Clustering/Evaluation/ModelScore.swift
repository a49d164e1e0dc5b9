import LinearAlgebra

/// One clustering that was tried, and what is known of it.
public struct ModelScore: Hashable, Sendable {
  /// What clustered: curves over cluster counts are drawn of models of one method.
  public let method: String
  /// What it was told, as text.
  public let parameters: String
  /// How many clusters it found.
  public let clusterCount: Int
  /// How many rows are in none of them.
  public let noiseCount: Int
  /// The mean of ``Silhouette``, -1 to 1.
  public var silhouette: Double?
  /// How far ``silhouette`` is off, as one standard deviation: 0 unless rows were sampled.
  public var silhouetteError: Double?
  /// Of ``Dispersion``; less is better.
  public var daviesBouldin: Double?
  /// Of ``Dispersion``; more is better.
  public var calinskiHarabasz: Double?
  /// Of ``Dispersion``; less with every cluster more.
  public var inertia: Double?
  /// Of ``Dispersion``; less with every cluster more.
  public var distortion: Double?
  /// Of ``GapStatistic``.
  public var gap: Double?
  /// The error of ``gap``.
  public var gapError: Double?
  /// Of ``CountCurve``, for methods that merge.
  public var acceleration: Double?

  /// A model of which nothing is measured yet.
  public init(method: String, parameters: String, clusterCount: Int, noiseCount: Int) {
    self.method = method
    self.parameters = parameters
    self.clusterCount = clusterCount
    self.noiseCount = noiseCount
  }

  /// A model with all that its rows and labels alone tell: gap and acceleration are not known by them.
  ///
  /// - Parameters:
  ///   - sampleCount: at most so many rows are measured for the silhouette, drawn from `seed`.
  ///   - checkpoint: called now and then; what it throws ends the work.
  public init(
    method: String, parameters: String, rows: Rows, labels: Labels, sampleCount: Int = .max,
    seed: UInt64, checkpoint: () throws -> Void
  ) rethrows {
    self.init(
      method: method, parameters: parameters, clusterCount: labels.clusterCount,
      noiseCount: labels.noiseCount)
    let dispersion = try Dispersion(rows, labels, checkpoint: checkpoint)
    inertia = dispersion.inertia
    distortion = dispersion.distortion
    daviesBouldin = dispersion.daviesBouldin
    calinskiHarabasz = dispersion.calinskiHarabasz
    let silhouette = try Silhouette(
      rows, labels, sampleCount: sampleCount, seed: seed, checkpoint: checkpoint)
    self.silhouette = silhouette?.mean
    silhouetteError = silhouette?.standardError
  }

  /// The memory that measuring a model takes, besides its rows and labels.
  public static func memoryBytes(
    rowCount: Int, dimension: Int, clusterCount: Int, sampleCount: Int = .max
  ) -> Int {
    max(
      Silhouette.memoryBytes(rowCount: rowCount, dimension: dimension, sampleCount: sampleCount),
      Dispersion.memoryBytes(clusterCount: clusterCount, dimension: dimension))
  }
}
