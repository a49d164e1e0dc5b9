/// Sets of numbers that only grow together: union-find over `0..<count`.
///
/// The root of a set is its lowest number, so a set's name does not depend on the order of joins.
/// 4 bytes a number; path halving alone gives O(log n) amortised (Tarjan and van Leeuwen 1984),
/// which on spanning forests of images was never measured to matter.
public struct DisjointSets: Sendable {
  @usableFromInline var parents: [UInt32]

  /// Makes `count` sets of one number each.
  public init(count: Int) { parents = (0..<UInt32(count)).map { $0 } }

  /// How many numbers there are.
  public var count: Int { parents.count }

  /// Parts all sets again.
  public mutating func reset() {
    for number in parents.indices { parents[number] = UInt32(truncatingIfNeeded: number) }
  }

  /// The lowest number of the set that holds `number`.
  @inlinable
  public mutating func root(of number: UInt32) -> UInt32 {
    var current = Int(number)
    while true {
      let parent = parents[current]
      if Int(parent) == current { return parent }
      let above = parents[Int(parent)]
      parents[current] = above
      current = Int(above)
    }
  }

  /// Joins the sets of two numbers.
  ///
  /// - Returns: the roots of both before the join, lower first, or nil if they were one set already.
  @inlinable
  @discardableResult
  public mutating func join(_ first: UInt32, _ second: UInt32) -> (kept: UInt32, lost: UInt32)? {
    let (left, right) = (root(of: first), root(of: second))
    if left == right { return nil }
    let (kept, lost) = (min(left, right), max(left, right))
    parents[Int(lost)] = kept
    return (kept, lost)
  }
}
