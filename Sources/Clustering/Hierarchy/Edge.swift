/// Two rows and how far apart they are.
struct Edge: Equatable, BitwiseCopyable, Sendable {
  /// The lower row.
  let a: UInt32
  /// The higher row.
  let b: UInt32
  let weight: Double

  init(_ first: UInt32, _ second: UInt32, weight: Double) {
    a = min(first, second)
    b = max(first, second)
    self.weight = weight
  }
}

extension Edge: Comparable {
  /// The nearer first, ties by the lower rows: under this order the minimum spanning tree is
  /// unique.
  static func < (left: Self, right: Self) -> Bool {
    if left.weight != right.weight { return left.weight < right.weight }
    return (left.a, left.b) < (right.a, right.b)
  }
}
