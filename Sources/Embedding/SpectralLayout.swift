import LinearAlgebra

/// Points from the eigenvectors of a graph's normalised Laplacian I - D^-½·W·D^-½ of the lowest
/// eigenvalues but the first, which is the same for any graph (Belkin and Niyogi 2003).
///
/// Found by iterating a block of vectors, filtered by a Chebyshev polynomial that is small on the part of
/// the spectrum that is not wanted (Zhou, Saad, Tiago and Chelikowsky 2006). It is where a layout starts:
/// a residual of 1e-4 is enough.
struct SpectralLayout {
  private static let width = 8
  private static let degree = 20
  private static let roundLimit = 40

  /// D^-½·W·D^-½, whose highest eigenvalues belong to the lowest of the Laplacian.
  private let graph: SparseMatrix
  /// The eigenvector of its highest eigenvalue, 1: the square root of each row's sum.
  private let trivial: [Double]

  /// - Parameter weights: symmetric; every row has an entry.
  init(_ weights: SparseMatrix) {
    let roots = (0..<weights.rowCount).map { row in
      weights.values[weights.starts[row]..<weights.starts[row + 1]]
        .reduce(0) { $0 + Double($1) }.squareRoot()
    }
    var scaled = weights.values
    for row in 0..<weights.rowCount {
      for entry in weights.starts[row]..<weights.starts[row + 1] {
        scaled[entry] = Float(
          Double(scaled[entry]) / (roots[row] * roots[Int(weights.columns[entry])]))
      }
    }
    graph = SparseMatrix(starts: weights.starts, columns: weights.columns, values: scaled)
    let length = roots.reduce(0) { $0 + $1 * $1 }.squareRoot()
    trivial = roots.map { $0 / length }
  }

  /// The memory that it takes besides the graph and a copy of its values: six blocks of vectors.
  static func memoryBytes(rowCount: Int) -> Int { rowCount * (6 * 8 * width + 32) }

  /// The two eigenvectors, x and y of each row; 0 where there are not as many.
  func points(seed: UInt64, checkpoint: () throws -> Void) throws -> [Double] {
    var generator = SeededGenerator(seed: seed)
    let rowCount = graph.rowCount
    var block = Matrix(
      rowCount: rowCount, columnCount: Self.width,
      values: (0..<rowCount * Self.width).map { _ in generator.normal() })
    for _ in 0..<Self.roundLimit {
      try checkpoint()
      block = try orthonormalized(block)
      guard block.columnCount > 0 else { break }
      let image = graph.times(block)
      let ritz = try Eigenvectors(of: block.times(image, transposed: true))
      let rotation = try ritz.leading(block.columnCount)
      block = block.times(rotation, otherTransposed: true)
      let rotatedImage = image.times(rotation, otherTransposed: true)
      if residual(block, rotatedImage, ritz.values) < 1e-4 { break }
      block = filtered(block, upTo: ritz.values.last ?? 0)
    }
    return (0..<2 * rowCount).map { index in
      index % 2 < block.columnCount ? block[index / 2, index % 2] : 0
    }
  }

  /// How far the first two columns are from eigenvectors.
  private func residual(_ block: Matrix, _ image: Matrix, _ values: [Double]) -> Double {
    (0..<min(2, block.columnCount)).map { column in
      (0..<block.rowCount).reduce(0) { sum, row in
        let difference = image[row, column] - values[column] * block[row, column]
        return sum + difference * difference
      }.squareRoot()
    }.max() ?? 0
  }

  /// The Chebyshev polynomial of the graph that is at most 1 in magnitude for eigenvalues from -1 up to
  /// `bound`, and grows fast over it, times the block.
  private func filtered(_ block: Matrix, upTo bound: Double) -> Matrix {
    let (center, half) = ((bound - 1) / 2, (bound + 1) / 2)
    guard half > 0 else { return block }
    var (before, now) = (block, combined(graph.times(block), block, center, half, nil))
    for _ in 1..<Self.degree {
      (before, now) = (now, combined(graph.times(now), now, center, half, before))
    }
    return now
  }

  /// One step of the recurrence: (image - center · block) / half, or twice that less the one before.
  private func combined(
    _ image: Matrix, _ block: Matrix, _ center: Double, _ half: Double, _ before: Matrix?
  ) -> Matrix {
    var result = image
    let factor = (before == nil ? 1 : 2) / half
    for index in result.values.indices {
      result.values[index] = factor * (image.values[index] - center * block.values[index])
    }
    if let before {
      for index in result.values.indices { result.values[index] -= before.values[index] }
    }
    return result
  }

  /// An orthonormal basis of the columns less what they have of the trivial eigenvector; fewer columns
  /// where they depend on each other.
  private func orthonormalized(_ block: Matrix) throws -> Matrix {
    var block = block
    for column in 0..<block.columnCount {
      let part = (0..<block.rowCount).reduce(0) { $0 + trivial[$1] * block[$1, column] }
      for row in 0..<block.rowCount { block[row, column] -= part * trivial[row] }
      let length = (0..<block.rowCount).reduce(0) { $0 + block[$1, column] * block[$1, column] }
        .squareRoot()
      for row in 0..<block.rowCount { block[row, column] /= max(length, .leastNormalMagnitude) }
    }
    let eigen = try Eigenvectors(of: block.times(block, transposed: true))
    var basis = try eigen.leading(eigen.values.count { $0 > 1e-10 })
    for row in 0..<basis.rowCount {
      for column in 0..<basis.columnCount { basis[row, column] /= eigen.values[row].squareRoot() }
    }
    return block.times(basis, otherTransposed: true)
  }
}
