import COpenBLAS

/// The nearest rows of each row by Euclidean distance, exact.
public struct NearestNeighbors: Sendable {
  /// Neighbours of each row.
  public let count: Int
  /// Neighbour `k` of row `r` is `indices[r * count + k]`, the nearest first, ties to the lower row.
  public let indices: [UInt32]
  /// Squared distances to them.
  public let squaredDistances: [Double]

  /// Finds the nearest rows of `rows` to each row of `queries`.
  ///
  /// Products of blocks in single precision rule out what cannot be among the nearest; the others are
  /// measured in double precision, so that the result is the same on every processor.
  ///
  /// - Parameters:
  ///   - count: how many, at most the rows there are to choose from.
  ///   - excludingSelf: whether `queries` are `rows` themselves, and no row is its own neighbour.
  ///   - checkpoint: called after each block of products; what it throws ends the search.
  /// - Complexity: O(m·n·d) time, one `sgemm` a block; O(m·count + n) memory.
  public init(
    of queries: Rows, among rows: Rows, count: Int, excludingSelf: Bool = false,
    checkpoint: () throws -> Void
  ) rethrows {
    precondition(
      count <= rows.count - (excludingSelf ? 1 : 0), "\(count) neighbours among \(rows.count)")
    self.count = count
    var search = Search(queries: queries, rows: rows, count: count, excludingSelf: excludingSelf)
    var (indices, distances) = ([UInt32](), [Double]())
    indices.reserveCapacity(queries.count * count)
    distances.reserveCapacity(queries.count * count)
    for start in stride(from: 0, to: queries.count, by: Search.blockSize) {
      let block = start..<min(queries.count, start + Search.blockSize)
      for found in try search.neighbors(block, checkpoint: checkpoint) {
        for entry in found {
          indices.append(entry.index)
          distances.append(entry.squaredDistance)
        }
      }
    }
    self.indices = indices
    squaredDistances = distances
  }

  /// The nearest of `rows` to each row of `queries`, in one go.
  public init(of queries: Rows, among rows: Rows, count: Int, excludingSelf: Bool = false) {
    self.init(of: queries, among: rows, count: count, excludingSelf: excludingSelf) {}
  }

  /// The nearest of `rows` to each of them, without itself.
  public init(of rows: Rows, count: Int) {
    self.init(of: rows, among: rows, count: count, excludingSelf: true)
  }
}

/// One search, with what it keeps from block to block.
private struct Search {
  struct Entry {
    let squaredDistance: Double
    let index: UInt32

    static func < (first: Entry, second: Entry) -> Bool {
      (first.squaredDistance, first.index) < (second.squaredDistance, second.index)
    }
  }

  /// Rows on each side of a product: 512 x 512 floats stay in the second-level cache.
  static let blockSize = 512

  let queries: Rows
  let rows: Rows
  let count: Int
  let excludingSelf: Bool
  /// Half the squared norm of each row, negative: the largest of product plus this is the nearest.
  private let halfNorms: [Float]
  private let queryNorms: [Double]
  private let largestNorm: Double
  private var products: [Float]
  private var positions: [UInt32]

  init(queries: Rows, rows: Rows, count: Int, excludingSelf: Bool) {
    self.queries = queries
    self.rows = rows
    self.count = count
    self.excludingSelf = excludingSelf
    let norms = rows.squaredNorms()
    halfNorms = norms.map { Float(-$0 / 2) }
    queryNorms = excludingSelf ? norms : queries.squaredNorms()
    largestNorm = (norms.max() ?? 0).squareRoot()
    products = Array(repeating: 0, count: Self.blockSize * Self.blockSize)
    positions = Array(repeating: 0, count: Self.blockSize)
  }

  /// The neighbours of each query in a range, the nearest first.
  mutating func neighbors(
    _ range: Range<Int>, checkpoint: () throws -> Void
  ) rethrows -> [[Entry]] {
    var found = [[Entry]](repeating: [], count: range.count)
    guard count > 0 else { return found }
    for start in stride(from: 0, to: rows.count, by: Self.blockSize) {
      let columns = start..<min(rows.count, start + Self.blockSize)
      queries.products(range, rows, columns, into: &products)
      for position in 0..<range.count {
        look(at: columns, for: range.lowerBound + position, row: position, &found[position])
      }
      try checkpoint()
    }
    return found
  }

  /// Adds what may be nearer than the farthest kept so far.
  private mutating func look(
    at columns: Range<Int>, for query: Int, row: Int, _ kept: inout [Entry]
  ) {
    // |q - x|² = |q|² - 2 (q·x - |x|²/2): what is kept bounds the bracket from below, less what the
    // product, and its sum with half the norm, may be off by.
    let error =
      (Double(rows.productError) + 0x1p-22) * (queryNorms[query].squareRoot() + largestNorm)
      * largestNorm
    var least = -Float.infinity
    if kept.count >= count {
      let farthest = kept[count - 1].squaredDistance
      least = Float((queryNorms[query] - farthest) / 2 - error).nextDown
    }
    let base = row * columns.count
    let hits = unsafe products.withUnsafeBufferPointer { products in
      unsafe halfNorms.withUnsafeBufferPointer { norms in
        guard let products = products.baseAddress, let norms = norms.baseAddress else { return 0 }
        return unsafe copenblas_sums_at_least(
          products + base, norms + columns.lowerBound, columns.count, least, &positions)
      }
    }
    for hit in positions[..<hits] {
      let index = columns.lowerBound + Int(hit)
      if excludingSelf, index == query { continue }
      let entry = Entry(
        squaredDistance: queries.squaredDistance(query, rows, index), index: UInt32(index))
      insert(entry, into: &kept)
    }
  }

  /// Keeps `kept` sorted and no longer than `count`.
  private func insert(_ entry: Entry, into kept: inout [Entry]) {
    if kept.count == count {
      guard let last = kept.last, entry < last else { return }
      kept.removeLast()
    }
    var (low, high) = (0, kept.count)
    while low < high {
      let middle = (low + high) / 2
      if kept[middle] < entry { low = middle + 1 } else { high = middle }
    }
    kept.insert(entry, at: low)
  }
}
