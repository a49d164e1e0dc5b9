import LinearAlgebra

/// The leading eigenvectors of a symmetric operator that is known by its products only.
///
/// Lanczos' iteration by blocks with full reorthogonalisation, started again from the best vectors of
/// its space (Golub and Underwood 1977): a block finds eigenvalues as often as they occur, which a single
/// vector does not. Memory is linear in the size.
struct KrylovEigenvectors {
  /// Vectors of a block besides those asked for: where the last gap is small, a wider one counts.
  private static let spareCount = 4
  /// Products of a block between two starts.
  private static let depth = 12
  /// Starts at most.
  private static let startLimit = 500
  /// How far S·u may be from λ·u for a unit vector u and an operator of norm 1.
  private static let tolerance = 1e-7

  /// Eigenvalues, the largest first.
  let values: [Double]
  /// Their eigenvectors, a column each.
  let vectors: Matrix

  /// The bytes that ``init(size:count:seed:checkpoint:product:)`` takes.
  static func memoryBytes(size: Int, count: Int) -> Int {
    8 * size * (count + spareCount) * (depth + 6)
  }

  /// Finds the eigenvectors of the `count` largest eigenvalues.
  ///
  /// - Parameter product: the operator, of norm 1 at most, times each column of a matrix.
  /// - Throws: `SpectralClustering.Failure` where they are not found in 6,000 products.
  init(
    size: Int, count: Int, seed: UInt64, checkpoint: () throws -> Void,
    product: (Matrix) -> Matrix
  ) throws {
    let width = min(size, count + Self.spareCount)
    var generator = SeededGenerator(seed: seed)
    var start = Matrix(
      rowCount: size, columnCount: width,
      values: (0..<size * width).map { _ in 2 * generator.uniform() - 1 })
    for _ in 0..<Self.startLimit {
      var space = KrylovSpace(start: try start.orthonormalized())
      while space.blocks.count <= Self.depth {
        try checkpoint()
        if try !space.grow(by: product, isLast: space.blocks.count == Self.depth) { break }
      }
      let found = try space.bestVectors(min(width, space.width))
      if found.vectors.columnCount >= count,
        found.residuals.prefix(count).allSatisfy({ $0 <= Self.tolerance })
      {
        values = Array(found.values.prefix(count))
        vectors = found.vectors.columns(0..<count)
        return
      }
      start = found.vectors
    }
    throw SpectralClustering.Failure(
      description: "\(count) leading eigenvectors of \(size) rows were not found;"
        + " ask for fewer clusters")
  }
}

/// The space of a block and its products with the operator, and the operator there.
private struct KrylovSpace {
  /// Orthonormal columns.
  private(set) var blocks: [Matrix]
  /// Of each pair of blocks i <= j, by j, Vᵢᵀ·S·Vⱼ.
  private var projections: [[Matrix]] = []
  /// What the last product has outside the space.
  private var rest = Matrix(rowCount: 0, columnCount: 0)

  init(start: Matrix) { blocks = [start] }

  var width: Int { blocks.reduce(0) { $0 + $1.columnCount } }

  /// Multiplies the last block, and adds what is new as a block unless `isLast`.
  ///
  /// - Returns: whether something was added.
  mutating func grow(by product: (Matrix) -> Matrix, isLast: Bool) throws -> Bool {
    rest = product(blocks[blocks.count - 1])
    var sums = takeOff()
    for (index, more) in takeOff().enumerated() {
      for place in more.values.indices { sums[index].values[place] += more.values[place] }
    }
    projections.append(sums)
    guard !isLast else { return false }
    let kept = rest
    // What is small grows by orthonormalizing, and so does what it has of the other blocks.
    rest = try rest.orthonormalized()
    _ = takeOff()
    let next = try rest.orthonormalized()
    rest = kept
    guard next.columnCount > 0 else { return false }
    blocks.append(next)
    return true
  }

  /// Takes the blocks' part off the rest.
  private mutating func takeOff() -> [Matrix] {
    blocks.map { block in
      let part = block.times(rest, transposed: true)
      rest.subtract(block.times(part))
      return part
    }
  }

  /// The operator's eigenvectors in the space (Rayleigh and Ritz), and how far they are from true ones.
  func bestVectors(
    _ count: Int
  ) throws -> (values: [Double], vectors: Matrix, residuals: [Double]) {
    let starts = blocks.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.columnCount) }
    var projected = Matrix(rowCount: width, columnCount: width)
    for (last, parts) in projections.enumerated() {
      for (first, part) in parts.enumerated() {
        for row in 0..<part.rowCount {
          for column in 0..<part.columnCount {
            projected[starts[first] + row, starts[last] + column] = part[row, column]
          }
        }
      }
    }
    let eigen = try Eigenvectors(of: projected)
    // Columns from here on are vectors of the space's coordinates.
    let coordinates = try eigen.leading(count).transposed()
    var vectors = Matrix(rowCount: blocks[0].rowCount, columnCount: count)
    for (index, block) in blocks.enumerated() {
      let part = block.times(coordinates.rows(starts[index]..<starts[index + 1]))
      vectors.add(part)
    }
    let outside = rest.times(
      coordinates.rows(starts[blocks.count - 1]..<starts[blocks.count]))
    let squares = outside.times(outside, transposed: true)
    return (
      Array(eigen.values.prefix(count)), vectors,
      (0..<count).map { max(0, squares[$0, $0]).squareRoot() }
    )
  }
}

extension Matrix {
  /// Orthonormal columns that span what the columns span, fewer where these depend on each other
  /// (Stathopoulos and Wu 2002), with what is below 1e-10 taken for 0.
  fileprivate func orthonormalized() throws -> Matrix {
    var result = self
    for _ in 0..<2 {
      let gram = result.times(result, transposed: true)
      let eigen = try Eigenvectors(of: gram)
      let least = max(1e-20, 1e-14 * (eigen.values.first ?? 0))
      let count = eigen.values.count { $0 > least }
      var turn = try eigen.leading(count)
      for row in 0..<count {
        for column in 0..<turn.columnCount { turn[row, column] /= eigen.values[row].squareRoot() }
      }
      result = result.times(turn, otherTransposed: true)
    }
    return result
  }

  fileprivate func rows(_ range: Range<Int>) -> Matrix {
    Matrix(
      rowCount: range.count, columnCount: columnCount,
      values: Array(values[range.lowerBound * columnCount..<range.upperBound * columnCount]))
  }

  fileprivate func columns(_ range: Range<Int>) -> Matrix {
    var result = Matrix(rowCount: rowCount, columnCount: range.count)
    for row in 0..<rowCount {
      for column in range { result[row, column - range.lowerBound] = self[row, column] }
    }
    return result
  }

  fileprivate mutating func subtract(_ other: Matrix) {
    for index in values.indices { values[index] -= other.values[index] }
  }

  fileprivate mutating func add(_ other: Matrix) {
    for index in values.indices { values[index] += other.values[index] }
  }
}
