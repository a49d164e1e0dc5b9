import Synchronization

/// What a stage tells of itself while it runs.
public struct ProgressEvent: Sendable {
  /// The number of the stage, from 1, and of how many.
  public var stage: (number: Int, count: Int)
  /// What the stage does: "Scanning", "Reading", "Comparing", ...
  public var name: String
  /// What is counted: "images", "tiles", ...
  public var unit: String
  /// How many are done in this stage, those of earlier processes too.
  public var doneCount: Int
  /// How many there are, nil while that is not known.
  public var totalCount: Int?
  /// Units done by this process and the seconds it took, for rate and time left.
  public var rate: (doneCount: Int, seconds: Double)
  /// Whether the stage has ended.
  public var isLast: Bool

  /// Units a second of this process, nil before the first second has passed.
  public var unitsPerSecond: Double? {
    rate.seconds > 0.5 && rate.doneCount > 0 ? Double(rate.doneCount) / rate.seconds : nil
  }

  /// Seconds left at that rate, nil while that is not known.
  public var secondsLeft: Double? {
    guard let unitsPerSecond, let totalCount, !isLast else { return nil }
    return Double(totalCount - doneCount) / unitsPerSecond
  }
}

/// Something that shows progress.
///
/// Called from one thread at a time, a few times a second at most.
public protocol ProgressSink: Sendable {
  /// Shows an event.
  func show(_ event: ProgressEvent)
}

/// Counts what the stages of a run do and shows it.
///
/// Safe from any thread.
public final class Progress: Sendable {
  private struct State {
    var event: ProgressEvent
    var began: ContinuousClock.Instant
    var shown: ContinuousClock.Instant
  }

  private let sink: (any ProgressSink)?
  private let state = Mutex<State?>(nil)

  /// Makes a counter that shows to `sink`, or to nobody.
  public init(sink: (any ProgressSink)? = nil) { self.sink = sink }

  /// Begins a stage.
  func begin(
    _ number: Int, of count: Int, _ name: String, unit: String, done: Int = 0, total: Int? = nil
  ) {
    let now = ContinuousClock.now
    state.withLock { state in
      let event = ProgressEvent(
        stage: (number, count), name: name, unit: unit, doneCount: done, totalCount: total,
        rate: (0, 0), isLast: false)
      state = State(event: event, began: now, shown: now)
      sink?.show(event)
    }
  }

  /// Counts units as done.
  func advance(_ count: Int) {
    guard let sink else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      guard var current = state else { return }
      current.event.doneCount += count
      current.event.rate.doneCount += count
      current.event.rate.seconds = (now - current.began) / .seconds(1)
      if now - current.shown > .milliseconds(200) {
        current.shown = now
        sink.show(current.event)
      }
      state = current
    }
  }

  /// Counts units that were done before and take no time now.
  func pass(_ count: Int) {
    state.withLock { $0?.event.doneCount += count }
  }

  /// Ends the stage that was begun last.
  func end() {
    state.withLock { state in
      guard var event = state?.event else { return }
      event.isLast = true
      sink?.show(event)
      state = nil
    }
  }
}
