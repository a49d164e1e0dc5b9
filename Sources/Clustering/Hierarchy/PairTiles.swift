/// A number for each pair of places, in tiles of the lower triangle.
///
/// Tile row after tile row, and a tile row by row: all numbers of one place are on few pages of memory,
/// whether it is the higher of a pair or the lower.
struct PairTiles {
  /// Places on each side of a tile, as a power of two: tiles of two pages.
  private static let bits = 5

  /// All numbers; those of a place with itself and with higher ones, in tiles on the diagonal, are not
  /// used.
  var values: [Double]

  /// Zeros.
  init(count: Int) {
    values = Array(repeating: 0, count: Self.valueCount(count))
  }

  /// Numbers that are stored for so many places.
  static func valueCount(_ count: Int) -> Int {
    let tiles = (count + (1 << bits) - 1) >> bits
    return (tiles * (tiles + 1) / 2) << (2 * bits)
  }

  /// Where the number of two different places is.
  @inline(__always)
  static func index(_ first: Int, _ second: Int) -> Int {
    let (low, high) = (min(first, second), max(first, second))
    let (tileRow, tileColumn) = (high &>> bits, low &>> bits)
    let tile = (tileRow &* (tileRow &+ 1)) &>> 1 &+ tileColumn
    let mask = 1 &<< bits &- 1
    return tile &<< (2 &* bits) &+ (high & mask) &<< bits &+ low & mask
  }
}
