/// An axis laid over a line of the picture.
struct PlotScale {
  let axis: PlotAxis
  /// The coordinate of the axis' low end.
  let start: Double
  /// The coordinate of its high end; may be less than `start`.
  let end: Double

  /// The coordinate of a value.
  func position(of value: Double) -> Double {
    start + (value - axis.low) / (axis.high - axis.low) * (end - start)
  }

  /// Draws a vertical scale: a line across at each labelled value, the number at its left.
  func appendRows(left: Double, right: Double, to bytes: inout [UInt8]) {
    bytes.appendPath("grid") { path in
      for tick in axis.ticks {
        path.append("M", left, position(of: tick.value))
        path.append("H", right)
      }
    }
    for tick in axis.ticks {
      bytes.appendText(
        "tick", x: left - 7, y: position(of: tick.value) + 4, anchor: .end, tick.text)
    }
  }

  /// Draws the numbers of a horizontal scale under `bottom`, the title below, and lines up to `top`
  /// if there is one.
  func appendColumns(top: Double?, bottom: Double, title: String, to bytes: inout [UInt8]) {
    bytes.appendPath("grid") { path in
      for tick in axis.ticks {
        path.append("M", position(of: tick.value), top ?? bottom)
        path.append("V", bottom + (top == nil ? 4 : 0))
      }
    }
    for tick in axis.ticks {
      bytes.appendText(
        "tick", x: position(of: tick.value), y: bottom + 17, anchor: .middle, tick.text)
    }
    bytes.appendText("tick", x: (start + end) / 2, y: bottom + 34, anchor: .middle, title)
  }
}

/// Two scales across each other: where points lie, and the grid behind them.
struct PlotFrame {
  let x: PlotScale
  let y: PlotScale

  /// Draws the lines across, on request also those down, and the numbers of both axes.
  func appendGrid(xTitle: String, hasColumns: Bool = false, to bytes: inout [UInt8]) {
    y.appendRows(left: x.start, right: x.end, to: &bytes)
    x.appendColumns(top: hasColumns ? y.end : nil, bottom: y.start, title: xTitle, to: &bytes)
  }
}
