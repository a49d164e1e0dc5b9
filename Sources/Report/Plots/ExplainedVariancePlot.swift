/// How much of the variance principal components explain: together above, each one below.
public struct ExplainedVariancePlot: Plot, Hashable {
  /// The heading.
  public let title: String
  /// The share of each component, from 0 to 1, falling; what is not finite counts as 0.
  public let ratios: [Double]
  /// How many components are kept, or nil.
  public let chosenCount: Int?
  /// The share that was asked for, or nil; a line is drawn at it.
  public let target: Double?

  /// Makes a plot; `chosenCount` must be from 0 to the number of ratios.
  public init(
    title: String = "Explained variance", ratios: [Double], chosenCount: Int? = nil,
    target: Double? = nil
  ) {
    if let chosenCount {
      precondition(
        (0...ratios.count).contains(chosenCount), "\(chosenCount) of \(ratios.count) components")
    }
    self.title = title
    self.ratios = ratios.map { $0.isFinite ? min(max($0, 0), 1) : 0 }
    self.chosenCount = chosenCount
    self.target = target
  }

  /// Hands the bytes of the SVG file to `sink`; throws what the sink throws.
  public func write(to sink: ByteSink) throws {
    let top = PlotDocument.contentTop + 30
    let x = PlotScale(
      axis: PlotAxis(
        covering: [0, Double(max(1, ratios.count))], tickCount: 12, endsAtTicks: false,
        isIntegral: true),
      start: 62, end: 850)
    let together = PlotFrame(
      x: x,
      y: PlotScale(
        axis: PlotAxis(covering: [0, 100], tickCount: 5, unit: " %"), start: top + 210, end: top))
    let each = PlotFrame(
      x: x,
      y: PlotScale(
        axis: PlotAxis(covering: ratios.map { $0 * 100 } + [0], tickCount: 4, unit: " %"),
        start: top + 410, end: top + 280))
    let document = PlotDocument(
      width: 880, height: top + 460, title: title, note: summary, description: summary,
      colorCount: 1)
    try document.write(to: sink) { bytes in
      bytes.appendText("title", x: 62, y: top - 10, "together")
      together.y.appendRows(left: x.start, right: x.end, to: &bytes)
      bytes.appendText("title", x: 62, y: top + 270, "each component")
      each.appendGrid(xTitle: "components", to: &bytes)
      bytes.appendGroup(color: 0) { bytes in
        appendTogether(in: together, to: &bytes)
        appendEach(in: each, to: &bytes)
      }
      appendMarks(together: together, each: each, to: &bytes)
    }
  }

  private var summary: String {
    func percent(_ share: Double) -> String { "\(fixed(share * 100, places: 1)) %" }
    let all = ratios.reduce(0, +)
    guard let chosenCount else {
      return "\(grouped(ratios.count)) components explain \(percent(all)) of the variance."
    }
    let kept = ratios[..<chosenCount].reduce(0, +)
    return "The first \(grouped(chosenCount)) of \(grouped(ratios.count)) components explain "
      + "\(percent(kept)) of the variance."
  }

  /// The sum of the first components, from 0 components on, at points a unit apart.
  private func appendTogether(in frame: PlotFrame, to bytes: inout [UInt8]) {
    bytes.appendPath("line") { path in
      path.append("M", frame.x.position(of: 0), frame.y.position(of: 0))
      var sum = 0.0
      var reached = frame.x.start
      for (index, ratio) in ratios.enumerated() {
        sum += ratio
        let x = frame.x.position(of: Double(index + 1))
        guard x - reached >= 1 || index == ratios.count - 1 else { continue }
        path.append("L", x, frame.y.position(of: min(100, sum * 100)))
        reached = x
      }
    }
  }

  /// A step a component, those that are kept filled darker; steps under a unit are left out.
  private func appendEach(in frame: PlotFrame, to bytes: inout [UInt8]) {
    let split = chosenCount ?? ratios.count
    for (name, range) in [("area", 0..<split), ("faint", split..<ratios.count)]
    where !range.isEmpty {
      bytes.appendPath(name) { path in
        path.append("M", frame.x.position(of: Double(range.lowerBound)), frame.y.start)
        var reached = -Double.infinity
        for index in range {
          let x = frame.x.position(of: Double(index))
          guard x - reached >= 1 else { continue }
          if reached.isFinite { path.append("H", x) }
          path.append("V", frame.y.position(of: ratios[index] * 100))
          reached = x
        }
        path.append("H", frame.x.position(of: Double(range.upperBound)))
        path.append("V", frame.y.start)
        path.append(UInt8(ascii: "Z"))
      }
    }
  }

  private func appendMarks(together: PlotFrame, each: PlotFrame, to bytes: inout [UInt8]) {
    if let target, isDrawable(target), (0...1).contains(target) {
      bytes.appendPath("here") { path in
        path.append("M", together.x.start, together.y.position(of: target * 100))
        path.append("H", together.x.end)
      }
    }
    guard let chosenCount else { return }
    let x = together.x.position(of: Double(chosenCount))
    let sum = ratios[..<chosenCount].reduce(0, +)
    bytes.appendPath("here") { path in
      path.append("M", x, each.y.start)
      path.append("V", together.y.end)
    }
    bytes.appendGroup(color: 0) { bytes in
      bytes.appendCircle("dot", x: x, y: together.y.position(of: min(100, sum * 100)), radius: 5)
    }
    let isLeft = x < 700
    bytes.appendText(
      "value", x: isLeft ? x + 8 : x - 8, y: together.y.start - 8, anchor: isLeft ? .start : .end,
      "\(grouped(chosenCount)) kept")
  }
}
