import COpenBLAS

/// A quadtree over points of the plane, for sums over all points in which far ones are taken together
/// (Barnes and Hut 1986).
///
/// Points are sorted by the Morton code of where they lie on a grid of 65,536 x 65,536, and a cell is a
/// run of them with a common prefix: cells and their points lie in memory in the order in which they are
/// visited.
public struct PlaneTree {
  /// Points of a cell that is not divided.
  private static let leafSize = 8

  /// The points by Morton code.
  public private(set) var order: [UInt32] = []
  private var codes: [UInt32] = []
  private var points: [Float] = []
  private var cells: [copenblas_cell] = []

  /// Sorts points into cells.
  ///
  /// - Parameters:
  ///   - points: x and y of each, all finite.
  ///   - theta: a cell is taken as one point where its side is less than this part of its distance; 0
  ///     takes none together.
  /// - Complexity: O(n) time; O(n) memory, ``memoryBytes(pointCount:)``.
  public init(_ points: [Float], theta: Float) {
    precondition(points.count < 1 << 32, "\(points.count / 2) points")
    let grid = Grid(points)
    (order, codes) = grid.sorted(points)
    self.points = points
    for place in 0..<order.count {
      self.points[2 * place] = points[2 * Int(order[place])]
      self.points[2 * place + 1] = points[2 * Int(order[place]) + 1]
    }
    if !order.isEmpty { addCell(order.indices, side: grid.side, theta: theta) }
  }

  /// The memory of a tree, while it is made.
  ///
  /// - Returns: bytes, at most: 28 a cell, of which there are fewer than two a point, and mostly half as
  ///   many as points, in an array that doubles; and the points, codes and order.
  public static func memoryBytes(pointCount: Int) -> Int { 136 * pointCount }

  /// Sums over all points, for each query.
  public struct KernelSums {
    /// The sum of q = 1 / (1 + d²), d being a point's distance.
    public var sums: [Float]
    /// The sum of q² · (query - point), x and y of each query.
    public var pushes: [Float]

    /// Room for the sums of so many queries.
    public init(queryCount: Int) {
      sums = Array(repeating: 0, count: queryCount)
      pushes = Array(repeating: 0, count: 2 * queryCount)
    }
  }

  /// Sums over all points for each of `queries`, x and y of each.
  ///
  /// - Parameter order: the queries in an order in which those that lie together follow one another; it
  ///   takes longer in others, and sums differ, as eight that follow one another take the same cells.
  /// - Complexity: O(m·log n) time for m queries in such an order.
  public func addUp(for queries: [Float], order: [UInt32], into result: inout KernelSums) {
    precondition(
      queries.count == 2 * order.count && result.sums.count == order.count
        && result.pushes.count == queries.count)
    let count = order.count
    precondition(order.allSatisfy { $0 < count })
    unsafe copenblas_plane_kernel_sums(
      cells, cells.count, points, queries, order, order.count, &result.sums, &result.pushes)
  }

  /// Adds the cell of points in a range of the order, and its parts after it.
  private mutating func addCell(_ range: Range<Int>, side: Float, theta: Float) {
    // The cell is the smallest of the grid's that has them all.
    let differing = codes[range.lowerBound] ^ codes[range.upperBound - 1]
    let level = differing.leadingZeroBitCount / 2
    let own = cells.count
    cells.append(copenblas_cell())
    var (x, y) = (Float(0), Float(0))
    let isDivided = range.count > Self.leafSize && differing != 0
    if isDivided {
      var start = range.lowerBound
      while start < range.upperBound {
        let end = self.end(ofPartAt: start, range.upperBound, level: level)
        let part = cells.count
        addCell(start..<end, side: side, theta: theta)
        x += cells[part].x * cells[part].count
        y += cells[part].y * cells[part].count
        start = end
      }
    } else {
      for point in range {
        x += points[2 * point]
        y += points[2 * point + 1]
      }
    }
    let count = Float(range.count)
    let reach = side / Float(1 << level) / theta
    cells[own] = copenblas_cell(
      x: x / count, y: y / count, count: count, reach: range.count == 1 ? -1 : reach * reach,
      next: UInt32(cells.count), first: isDivided ? 0 : UInt32(range.lowerBound),
      end: isDivided ? 0 : UInt32(range.upperBound))
  }

  /// Where the quarter of a cell that begins at `start` ends.
  private func end(ofPartAt start: Int, _ upperBound: Int, level: Int) -> Int {
    let shift = 30 - 2 * level
    let prefix = codes[start] >> shift
    var (low, high) = (start + 1, upperBound)
    while low < high {
      let middle = (low + high) / 2
      if codes[middle] >> shift == prefix { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A square that points lie in, divided into 65,536 x 65,536.
private struct Grid {
  let side: Float
  private let left: Float
  private let bottom: Float

  init(_ points: [Float]) {
    var (low, high) = (
      (x: Float.infinity, y: Float.infinity), (x: -Float.infinity, y: -Float.infinity)
    )
    for point in 0..<points.count / 2 {
      let (x, y) = (points[2 * point], points[2 * point + 1])
      low = (min(low.x, x), min(low.y, y))
      high = (max(high.x, x), max(high.y, y))
    }
    (left, bottom) = low
    side = max(high.x - low.x, high.y - low.y, .leastNormalMagnitude)
  }

  /// The points' order by code, equal ones as they come, and the codes in that order: by their lowest
  /// digits first.
  func sorted(_ points: [Float]) -> (order: [UInt32], codes: [UInt32]) {
    let count = points.count / 2
    var order = [UInt32](repeating: 0, count: count)
    var codes = order
    for point in 0..<count {
      order[point] = UInt32(point)
      codes[point] = code(points[2 * point], points[2 * point + 1])
    }
    var (nextOrder, nextCodes) = (order, codes)
    let digitBitCount = 11
    let (digitCount, mask) = (1 << digitBitCount, UInt32(1) << digitBitCount - 1)
    for shift in stride(from: 0, to: 32, by: digitBitCount) {
      var places = [Int](repeating: 0, count: digitCount + 1)
      for place in 0..<count { places[Int(codes[place] >> shift & mask) + 1] += 1 }
      for digit in 0..<digitCount { places[digit + 1] += places[digit] }
      for place in 0..<count {
        let digit = Int(codes[place] >> shift & mask)
        nextOrder[places[digit]] = order[place]
        nextCodes[places[digit]] = codes[place]
        places[digit] += 1
      }
      swap(&order, &nextOrder)
      swap(&codes, &nextCodes)
    }
    return (order, codes)
  }

  private func code(_ x: Float, _ y: Float) -> UInt32 {
    spread((x - left) / side) << 1 | spread((y - bottom) / side)
  }

  /// The 16 bits of a part of the side, a zero bit before each.
  private func spread(_ part: Float) -> UInt32 {
    var bits = min(UInt32(part * 65_536), 65_535)
    bits = (bits | bits << 8) & 0x00FF_00FF
    bits = (bits | bits << 4) & 0x0F0F_0F0F
    bits = (bits | bits << 2) & 0x3333_3333
    bits = (bits | bits << 1) & 0x5555_5555
    return bits
  }
}
