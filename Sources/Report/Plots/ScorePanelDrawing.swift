/// One panel of a ``ScorePlot`` and where it lies.
struct ScorePanelDrawing {
  let panel: ScorePanel
  let methods: [String]
  let countTitle: String
  let left: Double
  let top: Double
  let width: Double
  let height: Double

  func append(to bytes: inout [UInt8]) {
    bytes.append("<g>\n")
    appendTitle(to: &bytes)
    let frame = frame
    frame.appendGrid(xTitle: countTitle, to: &bytes)
    for curve in panel.curves {
      guard let color = methods.firstIndex(of: curve.method) else { continue }
      bytes.appendGroup(color: color) { bytes in
        append(curve, dash: methods.count > 1 ? color % 4 : 0, in: frame, to: &bytes)
      }
    }
    bytes.append("</g>\n")
  }

  private var frame: PlotFrame {
    let curves = panel.curves
    let counts = curves.flatMap(\.points).map(\.count)
    let scores = curves.flatMap { curve in
      curve.points.flatMap { point in
        let error = curve.error(at: point.index)
        return [point.score - error, point.score + error]
      }
    }
    return PlotFrame(
      x: PlotScale(
        axis: PlotAxis(
          covering: counts, tickCount: Int(width / 55), endsAtTicks: false, isIntegral: true),
        start: left + 62, end: left + width - 30),
      y: PlotScale(
        axis: PlotAxis(covering: scores, tickCount: Int(height / 55)),
        start: top + height - 52, end: top + 36))
  }

  private func appendTitle(to bytes: inout [UInt8]) {
    bytes.appendTextStart("title", x: left + 20, y: top + 18)
    bytes.append(xml: panel.title)
    if hasRoomForNote {
      bytes.append("<tspan class=\"scale\" dx=\"8\">")
      bytes.append(xml: panel.note)
      bytes.append("</tspan>")
    }
    bytes.append("</text>\n")
    bytes.appendTextStart("value", x: left + width - 30, y: top + 18, anchor: .end)
    if panel.curves.contains(where: { $0.chosen != nil }) { bytes.append("chosen") }
    for curve in panel.curves {
      guard let chosen = curve.chosen else { continue }
      if methods.count > 1, let color = methods.firstIndex(of: curve.method) {
        bytes.append(raw: "<tspan class=\"mark \(PlotPalette.name(of: color))\" dx=\"8\">")
        bytes.append("\u{25CF}</tspan>")
        bytes.append(raw: "<tspan dx=\"3\">\(chosen)</tspan>")
      } else {
        bytes.append(raw: " \(chosen) (\(curve.chosenScore.map(valueText) ?? "no score"))")
      }
    }
    bytes.append("</text>\n")
  }

  /// Whether title, note and chosen counts fit in a line, by an estimate that is on the safe side.
  private var hasRoomForNote: Bool {
    let letterCount = panel.title.count + panel.note.count
    let choiceCount = panel.curves.count { $0.chosen != nil }
    let choices = methods.count > 1 ? 55 + 28 * choiceCount : 120
    return Double(letterCount * 7 + choices) < width - 50
  }

  private func append(
    _ curve: ScoreCurve, dash: Int, in frame: PlotFrame, to bytes: inout [UInt8]
  ) {
    let points = curve.points
    bytes.appendPath("line dash\(dash)") { path in
      for (previous, point) in zip([-2] + points.map(\.index), points) {
        path.append(
          previous == point.index - 1 ? "L" : "M", frame.x.position(of: point.count),
          frame.y.position(of: point.score))
      }
    }
    appendErrors(of: curve, in: frame, to: &bytes)
    // Dots where there is room for them: a line alone does not show where the counts are.
    if Double(points.count) * 10 <= frame.x.end - frame.x.start {
      for point in points {
        bytes.appendCircle(
          "mark", x: frame.x.position(of: point.count), y: frame.y.position(of: point.score),
          radius: 2.2)
      }
    }
    guard let chosen = curve.chosen, let score = curve.chosenScore else { return }
    let x = frame.x.position(of: Double(chosen))
    bytes.appendPath("chosen") { path in
      path.append("M", x, frame.y.start)
      path.append("V", frame.y.end)
    }
    bytes.appendCircle("dot", x: x, y: frame.y.position(of: score), radius: 5)
  }

  private func appendErrors(
    of curve: ScoreCurve, in frame: PlotFrame, to bytes: inout [UInt8]
  ) {
    guard !curve.standardErrors.isEmpty else { return }
    bytes.appendPath("bars") { path in
      for point in curve.points {
        let x = frame.x.position(of: point.count)
        let error = curve.error(at: point.index)
        let (low, high) = (
          frame.y.position(of: point.score - error), frame.y.position(of: point.score + error)
        )
        for end in [low, high] {
          path.append("M", x - 3, end)
          path.append("H", x + 3)
        }
        path.append("M", x, low)
        path.append("V", high)
      }
    }
  }
}
