/// The low-pass filter of Daubechies' wavelet of four vanishing moments (Daubechies 1988, table 1),
/// over signals that are mirrored at both ends, every second value kept.
enum DaubechiesFilter {
  /// The eight taps, as PyWavelets has them.
  private static let taps = [
    -0.010597401785069032, 0.0328830116668852, 0.030841381835560764, -0.18703481171909309,
    -0.027983769416859854, 0.6308807679298589, 0.7148465705529157, 0.2303778133088965,
  ]

  /// How many values a signal of `count` becomes.
  static func lowBandCount(of count: Int) -> Int { (count + taps.count - 1) / 2 }

  /// Filters every column of a row-major matrix of `width` columns.
  ///
  /// - Returns: the columns, each a row of the result: twice applied, both axes are filtered and the
  ///   rows are rows again.
  static func lowBand(ofColumnsOf matrix: [Double], width: Int) -> [Double] {
    let height = matrix.count / width
    let bandCount = lowBandCount(of: height)
    var result = [Double](repeating: 0, count: width * bandCount)
    for position in 0..<bandCount {
      let products = tapOrder(at: 2 * position + 1, count: height)
      for column in 0..<width {
        var sum = 0.0
        for (tap, row) in products { sum += tap * matrix[row * width + column] }
        result[column * bandCount + position] = sum
      }
    }
    return result
  }

  /// The taps that end at `position` and the rows that they fall on, in the order in which
  /// PyWavelets adds the products: beyond the end outwards last tap first, then inwards.
  private static func tapOrder(at position: Int, count: Int) -> [(tap: Double, row: Int)] {
    let overhang = max(0, position - count + 1)
    let beyond = (0..<overhang).map { (taps[overhang - 1 - $0], count - 1 - $0) }
    let inside = (overhang..<taps.count).map { index in
      let row = position - index
      return (taps[index], row < 0 ? -row - 1 : row)
    }
    return beyond + inside
  }
}
