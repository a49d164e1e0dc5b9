extension ThresholdCurve {
  /// Appends the curve as an `svg` element, which the page's style sheet dresses.
  ///
  /// Four panels share the horizontal axis: links, clusters, images in clusters, largest cluster. The
  /// bytes depend on the curve alone.
  func appendSVG(to bytes: inout [UInt8]) {
    let drawing = CurveDrawing(curve: self)
    bytes.append(raw: drawing.opening)
    for (index, series) in CurveSeries.allCases.enumerated() {
      drawing.append(series, index: index, to: &bytes)
    }
    bytes.append("</svg>\n")
  }
}

/// The geometry of the four panels, in units of the view box.
struct CurveDrawing {
  let curve: ThresholdCurve
  private let low: Double
  private let high: Double

  private static let panelWidth = 440.0
  private static let panelHeight = 200.0
  private static let left = 46.0
  private static let right = 430.0
  private static let top = 34.0
  private static let bottom = 172.0

  /// How the parts look, given the colours.
  static let style = """
    .curve text { font: 11px system-ui, sans-serif; fill: var(--quiet);
      font-variant-numeric: tabular-nums }
    .curve .title { font-size: 13px; font-weight: 600; fill: var(--ink) }
    .curve .scale { font-size: 11px; font-weight: 400; fill: var(--quiet) }
    .curve .value { font-size: 13px; fill: var(--accent) }
    .curve .grid { stroke: var(--line); stroke-width: 1; fill: none }
    .curve .area { fill: var(--accent); fill-opacity: .12 }
    .curve .step { stroke: var(--accent); stroke-width: 1.6; fill: none; stroke-linejoin: round }
    .curve .here { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 3 }
    .curve .dot { fill: var(--accent); stroke: var(--back); stroke-width: 1.5 }

    """

  init(curve: ThresholdCurve) {
    self.curve = curve
    let lowest = min(curve.points.first?.threshold ?? 0, curve.currentThreshold)
    let highest = max(curve.points.last?.threshold ?? 1, curve.currentThreshold)
    low = lowest
    high = highest > lowest ? highest : lowest + 0.001
  }

  /// The start tag and the description that a screen reader says.
  var opening: String {
    let here = curve.point(at: curve.currentThreshold)
    let words = CurveSeries.allCases.map { series in
      "\(series.title) \(here.map(series.count) ?? 0)"
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="curve" viewBox="0 0 880 400" role="img" \
      aria-labelledby="curve-title curve-text">
      <title id="curve-title">What each threshold gives</title>
      <desc id="curve-text">At the threshold \(threeDecimals(curve.currentThreshold)): \
      \(words.joined(separator: ", ")).</desc>

      """
  }

  /// Draws one panel.
  func append(_ series: CurveSeries, index: Int, to bytes: inout [UInt8]) {
    let axis = CountAxis(
      largest: curve.points.map(series.count).max() ?? 0, isLogarithmic: series.isLogarithmic)
    let x = Double(index % 2) * Self.panelWidth
    let y = Double(index / 2) * Self.panelHeight
    bytes.append(raw: "<g transform=\"translate(\(tenths(x)) \(tenths(y)))\">\n")
    appendTitle(of: series, to: &bytes)
    appendGrid(axis, to: &bytes)
    appendSteps(of: series, axis: axis, to: &bytes)
    appendHere(of: series, axis: axis, to: &bytes)
    bytes.append("</g>\n")
  }

  private func appendTitle(of series: CurveSeries, to bytes: inout [UInt8]) {
    let here = curve.point(at: curve.currentThreshold).map(series.count) ?? 0
    let scale = series.isLogarithmic ? " <tspan class=\"scale\">logarithmic</tspan>" : ""
    bytes.append(raw: text("title", Self.left, 18, anchor: "start", series.title + scale))
    bytes.append(raw: text("value", Self.right, 18, anchor: "end", grouped(here)))
  }

  private func appendGrid(_ axis: CountAxis, to bytes: inout [UInt8]) {
    for tick in axis.ticks {
      let y = self.y(axis.height(of: tick))
      bytes.append(
        raw:
          "<path class=\"grid\" d=\"M\(tenths(Self.left)) \(tenths(y))H\(tenths(Self.right))\"/>\n")
      bytes.append(raw: text("tick", Self.left - 6, y + 4, anchor: "end", abbreviated(tick)))
    }
    for step in 0...4 {
      let threshold = low + (high - low) * Double(step) / 4
      let anchor = step == 0 ? "start" : step == 4 ? "end" : "middle"
      bytes.append(
        raw: text("tick", x(threshold), Self.bottom + 17, anchor: anchor, threeDecimals(threshold)))
    }
  }

  private func appendSteps(of series: CurveSeries, axis: CountAxis, to bytes: inout [UInt8]) {
    guard let first = curve.points.first else { return }
    let path = steps(of: series, axis: axis)
    let floor = tenths(Self.bottom)
    bytes.append(
      raw: "<path class=\"area\" d=\"\(path)V\(floor)H\(tenths(x(first.threshold)))Z\"/>\n")
    bytes.append(raw: "<path class=\"step\" d=\"\(path)\"/>\n")
  }

  /// The path of a series: a step holds from a threshold down to the next lower one.
  ///
  /// Steps narrower than a tenth of a unit are left out, so that a million points stay a small picture.
  private func steps(of series: CurveSeries, axis: CountAxis) -> String {
    guard let first = curve.points.first else { return "" }
    var count = series.count(of: first)
    var reached = x(first.threshold)
    var path = "M\(tenths(reached)) \(tenths(y(axis.height(of: count))))"
    for point in curve.points.dropFirst() where x(point.threshold) - reached >= 0.1 {
      if series.count(of: point) != count {
        count = series.count(of: point)
        path += "H\(tenths(reached))V\(tenths(y(axis.height(of: count))))"
      }
      reached = x(point.threshold)
    }
    return path + "H\(tenths(reached))"
  }

  private func appendHere(of series: CurveSeries, axis: CountAxis, to bytes: inout [UInt8]) {
    let x = tenths(x(curve.currentThreshold))
    bytes.append(
      raw: "<path class=\"here\" d=\"M\(x) \(tenths(Self.top))V\(tenths(Self.bottom))\"/>\n")
    guard let here = curve.point(at: curve.currentThreshold) else { return }
    let y = tenths(y(axis.height(of: series.count(of: here))))
    bytes.append(raw: "<circle class=\"dot\" cx=\"\(x)\" cy=\"\(y)\" r=\"4\"/>\n")
  }

  private func text(
    _ name: String, _ x: Double, _ y: Double, anchor: String, _ content: String
  ) -> String {
    "<text class=\"\(name)\" x=\"\(tenths(x))\" y=\"\(tenths(y))\" text-anchor=\"\(anchor)\">"
      + "\(content)</text>\n"
  }

  private func x(_ threshold: Double) -> Double {
    Self.left + (threshold - low) / (high - low) * (Self.right - Self.left)
  }

  private func y(_ height: Double) -> Double {
    Self.bottom - height * (Self.bottom - Self.top)
  }
}
