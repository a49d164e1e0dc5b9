import COpenBLAS

/// A matrix of which few elements are kept, row by row.
///
/// The entries of row r are those from `starts[r]` up to `starts[r + 1]`, by ascending column.
public struct SparseMatrix: Equatable, Sendable {
  /// How many rows there are.
  public var rowCount: Int { starts.count - 1 }
  /// Where each row's entries begin, and at last their number.
  public let starts: [Int]
  /// The column of each entry.
  public let columns: [UInt32]
  /// The value of each entry.
  public let values: [Float]
  /// How many columns there are at least.
  private let columnBound: Int

  /// The symmetric matrix made from weights of each row's neighbours.
  ///
  /// - Parameters:
  ///   - neighbors: `count` for each row, each once.
  ///   - weights: of the row's tie with that neighbour.
  ///   - combine: what two rows' tie weighs, from what it weighs in either direction, 0 where one is not a
  ///     neighbour of the other; must not depend on their order.
  /// - Complexity: O(n·count·log count) time; 32 bytes a neighbour at most.
  public init(
    neighbors: [UInt32], weights: [Float], count: Int, combine: (Float, Float) -> Float
  ) {
    precondition(count > 0 && neighbors.count == weights.count)
    let rowCount = neighbors.count / count
    var forward = [(column: UInt32, weight: Float)]()
    forward.reserveCapacity(neighbors.count)
    for row in 0..<rowCount {
      forward += (row * count..<(row + 1) * count).map { (neighbors[$0], weights[$0]) }
        .sorted { $0.0 < $1.0 }
    }
    // The same entries by column; those of a column come by ascending row.
    var ends = [Int](repeating: 0, count: rowCount + 1)
    for entry in forward { ends[Int(entry.column) + 1] += 1 }
    for row in 0..<rowCount { ends[row + 1] += ends[row] }
    var backward = forward
    for row in 0..<rowCount {
      for entry in forward[row * count..<(row + 1) * count] {
        let column = Int(entry.column)
        backward[ends[column]] = (UInt32(row), entry.weight)
        ends[column] += 1
      }
    }
    var (starts, columns, values) = ([0], [UInt32](), [Float]())
    columns.reserveCapacity(2 * neighbors.count)
    values.reserveCapacity(2 * neighbors.count)
    for row in 0..<rowCount {
      var (own, ownEnd) = (row * count, (row + 1) * count)
      var (other, otherEnd) = (row == 0 ? 0 : ends[row - 1], ends[row])
      while own < ownEnd || other < otherEnd {
        let column = own < ownEnd ? forward[own].column : .max
        let otherColumn = other < otherEnd ? backward[other].column : .max
        columns.append(min(column, otherColumn))
        let (first, second) = (
          column <= otherColumn ? forward[own].weight : 0,
          otherColumn <= column ? backward[other].weight : 0
        )
        values.append(combine(first, second))
        if column <= otherColumn { own += 1 }
        if otherColumn <= column { other += 1 }
      }
      starts.append(columns.count)
    }
    self.init(starts: starts, columns: columns, values: values)
  }

  /// Takes entries as a matrix.
  ///
  /// - Precondition: `starts` ascend from 0 to the number of entries.
  public init(starts: [Int], columns: [UInt32], values: [Float]) {
    precondition(
      starts.first == 0 && starts.last == columns.count && columns.count == values.count)
    precondition(zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 })
    (self.starts, self.columns, self.values) = (starts, columns, values)
    columnBound = columns.max().map { Int($0) + 1 } ?? 0
  }

  /// The product with `matrix`, each entry times a whole row of it.
  ///
  /// - Precondition: `matrix` has a row for each column.
  /// - Complexity: O(entries · columns of `matrix`).
  public func times(_ matrix: Matrix) -> Matrix {
    precondition(matrix.rowCount >= columnBound, "\(matrix.rowCount) rows")
    var result = Matrix(rowCount: rowCount, columnCount: matrix.columnCount)
    unsafe copenblas_sparse_product(
      rowCount, starts, columns, values, matrix.columnCount, matrix.values, &result.values)
    return result
  }

  /// For each row the sum over its entries of value · q · (row's point - column's point), where q is
  /// 1 / (1 + d²) at the distance d of the two: what pulls points together in t-SNE.
  ///
  /// - Parameters:
  ///   - points: x and y of each row's point.
  ///   - columnPoints: of each column's.
  ///   - pulls: as many values as `points`.
  public func pulls(of points: [Float], to columnPoints: [Float], into pulls: inout [Float]) {
    precondition(points.count == 2 * rowCount && pulls.count == points.count)
    precondition(columnPoints.count >= 2 * columnBound)
    unsafe copenblas_plane_pulls(
      rowCount, starts, columns, values, points, columnPoints, &pulls)
  }
}
