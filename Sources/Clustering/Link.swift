import Catalog

/// Two images and their similarity, at or above the floor of the run.
///
/// 16 bytes, laid out as the NumPy structured type `[('a', '<u4'), ('b', '<u4'), ('similarity', '<f8')]`.
public struct Link: Hashable, BitwiseCopyable, Sendable {
  /// The image with the lower number.
  public let a: UInt32
  /// The image with the higher number.
  public let b: UInt32
  /// From 0 to 1, larger is closer, 1 for identical images.
  public let similarity: Double

  /// Makes a link of two different images, given in either order.
  public init(_ first: UInt32, _ second: UInt32, similarity: Double) {
    precondition(first != second, "image \(first) linked to itself")
    a = min(first, second)
    b = max(first, second)
    self.similarity = similarity
  }
}

extension Link: Comparable {
  /// The one total order of links: the more similar first, ties by the lower numbers.
  ///
  /// The maximum spanning forest under it is unique, whatever the order in which links are found.
  public static func < (left: Self, right: Self) -> Bool {
    if left.similarity != right.similarity { return left.similarity > right.similarity }
    if left.a != right.a { return left.a < right.a }
    return left.b < right.b
  }
}
