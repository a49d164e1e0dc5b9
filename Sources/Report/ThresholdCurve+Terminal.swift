extension ThresholdCurve {
  /// The curve as four small charts of block characters, one below the other, without colour.
  ///
  /// Lines end in a newline and have at most `columnCount` characters, each one column wide. A mark
  /// under the charts shows the current threshold; each title says the count there. A column of a chart
  /// shows the largest count of the thresholds it stands for.
  ///
  /// - Precondition: `columnCount` is at least 60.
  /// - Complexity: O(points + columns).
  public func terminalChart(columnCount: Int = 80) -> String {
    precondition(columnCount >= 60, "\(columnCount) columns for a chart")
    guard let first = points.first, let last = points.last else {
      return "No threshold gives a link.\n"
    }
    let labelWidth = 6
    let plotWidth = columnCount - labelWidth - 1
    let columns = columnPoints(count: plotWidth, from: first.threshold, to: last.threshold)
    var text = ""
    for series in CurveSeries.allCases {
      text += panel(of: series, columns: columns, labelWidth: labelWidth, columnCount: columnCount)
    }
    let margin = String(repeating: " ", count: labelWidth + 1)
    text += margin + axis(from: first.threshold, to: last.threshold, width: plotWidth) + "\n"
    let position = column(of: currentThreshold, count: plotWidth, first.threshold, last.threshold)
    text += margin + mark(at: position, width: plotWidth) + "\n"
    return text
  }

  /// The threshold whose count each column shows: columns part the range evenly, the first at the
  /// lowest and the last at the highest threshold.
  private func columnPoints(count: Int, from low: Double, to high: Double) -> [[Point]] {
    var columns = [[Point]](repeating: [], count: count)
    for point in points {
      columns[column(of: point.threshold, count: count, low, high)].append(point)
    }
    // A step function holds its value down to the next lower similarity that occurs.
    for index in columns.indices.dropLast().reversed() where columns[index].isEmpty {
      columns[index] = columns[index + 1].first.map { [$0] } ?? []
    }
    return columns
  }

  private func column(of threshold: Double, count: Int, _ low: Double, _ high: Double) -> Int {
    guard high > low else { return 0 }
    let position = ((threshold - low) / (high - low) * Double(count - 1)).rounded()
    return Int(min(max(position, 0), Double(count - 1)))
  }

  private func panel(
    of series: CurveSeries, columns: [[Point]], labelWidth: Int, columnCount: Int
  ) -> String {
    let rowCount = 4
    let axis = CountAxis(
      largest: points.map(series.count).max() ?? 0, isLogarithmic: series.isLogarithmic)
    let here = point(at: currentThreshold).map { series.count(of: $0) } ?? 0
    let title = series.title + (series.isLogarithmic ? ", logarithmic" : "")
    let value = "\(grouped(here, separator: ",")) at \(threeDecimals(currentThreshold))"
    let gap = max(1, columnCount - title.count - value.count)
    var text = title + String(repeating: " ", count: gap) + value + "\n"
    let eighths = columns.map { points -> Int in
      let largest = points.map(series.count).max() ?? 0
      let height = Int((axis.height(of: largest) * Double(rowCount * 8)).rounded())
      return largest > 0 ? max(height, 1) : 0
    }
    for row in (0..<rowCount).reversed() {
      let label =
        row == rowCount - 1
        ? abbreviated(axis.top) : row == 0 ? (axis.isLogarithmic ? "1" : "0") : ""
      text += String(repeating: " ", count: labelWidth - label.count) + label + "▕"
      text += Self.line(eighths.map { min(max($0 - row * 8, 0), 8) }) + "\n"
    }
    return text
  }

  private static func line(_ eighths: [Int]) -> String {
    let blocks: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    var text = String(eighths.map { blocks[$0] })
    while text.last == " " { text.removeLast() }
    return text
  }

  private func axis(from low: Double, to high: Double, width: Int) -> String {
    let ends = [threeDecimals(low), "threshold", threeDecimals(high)]
    let free = width - ends.reduce(0) { $0 + $1.count }
    return ends[0] + String(repeating: " ", count: free / 2) + ends[1]
      + String(repeating: " ", count: free - free / 2) + ends[2]
  }

  private func mark(at position: Int, width: Int) -> String {
    let words = "this result, \(threeDecimals(currentThreshold))"
    if position + 2 + words.count <= width {
      return String(repeating: " ", count: position) + "▲ " + words
    }
    return String(repeating: " ", count: position - words.count - 1) + words + " ▲"
  }
}
