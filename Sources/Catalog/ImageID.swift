/// An image's number in the catalog: dense from zero, in byte order of the paths within one scan,
/// never moved and never given to another image for the life of a run.
public struct ImageID: RawRepresentable, Hashable, Comparable, Sendable {
  /// The number itself; a run holds fewer than 2³² images.
  public let rawValue: UInt32

  /// Makes the identifier of a number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Orders by number.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A batch's number: dense from zero, in the order in which batches were assigned.
public struct BatchID: RawRepresentable, Hashable, Comparable, Sendable {
  /// The number itself.
  public let rawValue: UInt32

  /// Makes the identifier of a number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Orders by number.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
