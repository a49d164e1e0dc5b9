import Foundation
import Pipeline

/// Shows progress on standard error: one line that is written over on a terminal, a line now and then
/// elsewhere, or JSON.
enum ProgressDisplay {
  static func sink(json: Bool) -> any ProgressSink {
    if json { return JSONProgress() }
    return isatty(STDERR_FILENO) == 1 ? TerminalProgress() : LineProgress()
  }

  /// One line, such as `2/4 Reading: 41 % (1,234 of 3,000 images, 310/s, 6 s left)`.
  static func line(_ event: ProgressEvent) -> String {
    var parts = [
      event.totalCount.map { "\(event.doneCount.formatted()) of \($0.formatted()) \(event.unit)" }
        ?? "\(event.doneCount.formatted()) \(event.unit)"
    ]
    if let rate = event.unitsPerSecond {
      parts.append(rate < 10 ? String(format: "%.1f/s", rate) : "\(Int(rate).formatted())/s")
    }
    if let left = event.secondsLeft { parts.append("\(duration(left)) left") }
    let percent = event.totalCount.map { total in
      total == 0 ? "done" : "\(event.doneCount * 100 / total) %"
    }
    let head = "\(event.stage.number)/\(event.stage.count) \(event.name):"
    let detail = parts.joined(separator: ", ")
    return percent.map { "\(head) \($0) (\(detail))" } ?? "\(head) \(detail)"
  }

  private static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(Int(seconds.rounded(.up))) s"
    case ..<5400: "\(Int((seconds / 60).rounded())) min"
    default: String(format: "%.1f h", seconds / 3600)
    }
  }
}

private struct TerminalProgress: ProgressSink {
  func show(_ event: ProgressEvent) {
    let end = event.isLast ? "\n" : ""
    StandardError.print("\r\u{1B}[K\(ProgressDisplay.line(event))", terminator: end)
  }
}

/// Says when a stage begins and ends; what is in between is for eyes.
private struct LineProgress: ProgressSink {
  func show(_ event: ProgressEvent) {
    guard event.isLast, event.totalCount != 0 else { return }
    StandardError.print(ProgressDisplay.line(event))
  }
}

private struct JSONProgress: ProgressSink {
  func show(_ event: ProgressEvent) {
    var fields = [
      "\"stage\":\(event.stage.number)", "\"stages\":\(event.stage.count)",
      "\"name\":\"\(event.name)\"", "\"unit\":\"\(event.unit)\"", "\"done\":\(event.doneCount)",
      "\"ended\":\(event.isLast)",
    ]
    if let total = event.totalCount { fields.append("\"total\":\(total)") }
    if let rate = event.unitsPerSecond { fields.append(String(format: "\"rate\":%.1f", rate)) }
    if let left = event.secondsLeft { fields.append(String(format: "\"secondsLeft\":%.1f", left)) }
    StandardError.print("{\(fields.joined(separator: ","))}")
  }
}
