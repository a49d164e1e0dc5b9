/// A feature that could not be extracted from a sound raster: the run cannot go on with its method.
public struct FeatureFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The method that was asked for.
  public let method: DescriptorMethod
  /// What happened, and what to do where something can be done.
  public let detail: String

  /// `orb: ` and what happened.
  public var description: String { "\(method.name): \(detail)" }
}
