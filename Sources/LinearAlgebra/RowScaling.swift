/// How rows are brought to one scale before they are clustered.
public struct RowScaling: Sendable {
  /// The mean and the deviation of each column; nil where columns stay as they are.
  private let columns: (means: [Double], deviations: [Double])?
  private let isNormalized: Bool

  /// Takes what is known of the columns.
  ///
  /// - Parameters:
  ///   - moments: of all rows; nil leaves the columns as they are.
  ///   - isNormalized: whether each row is then given the length 1. A row of zeros stays.
  public init(moments: ColumnMoments?, isNormalized: Bool) {
    columns = moments.map { ($0.means, $0.deviations) }
    self.isNormalized = isNormalized
  }

  /// The rows with the mean of each column subtracted and over its deviation (a column that does not
  /// vary becomes 0), and then of unit length, as asked.
  public func scaled(_ rows: consuming Rows) -> Rows {
    var scaled = rows
    if let columns {
      let dimension = scaled.dimension
      for index in scaled.values.indices {
        let column = index % dimension
        let deviation = columns.deviations[column]
        let difference = Double(scaled.values[index]) - columns.means[column]
        scaled.values[index] = deviation > 0 ? Float(difference / deviation) : 0
      }
    }
    guard isNormalized else { return scaled }
    for (row, norm) in scaled.squaredNorms().map({ $0.squareRoot() }).enumerated() where norm > 0 {
      for index in row * scaled.dimension..<(row + 1) * scaled.dimension {
        scaled.values[index] = Float(Double(scaled.values[index]) / norm)
      }
    }
    return scaled
  }
}

/// The mean and the deviation of each column of many rows, added in their order (Welford 1962).
public struct ColumnMoments: Sendable {
  private var count = 0.0
  /// The mean of each column.
  public private(set) var means: [Double]
  private var squares: [Double]

  /// Those of no rows.
  public init(dimension: Int) {
    means = Array(repeating: 0, count: dimension)
    squares = means
  }

  /// The deviation of each column, over the number of rows.
  public var deviations: [Double] { squares.map { count == 0 ? 0 : ($0 / count).squareRoot() } }

  /// Adds rows.
  public mutating func add(_ rows: Rows) {
    precondition(rows.dimension == means.count)
    for row in 0..<rows.count {
      count += 1
      for (column, value) in rows[row].enumerated() {
        let difference = Double(value) - means[column]
        means[column] += difference / count
        squares[column] += difference * (Double(value) - means[column])
      }
    }
  }
}
