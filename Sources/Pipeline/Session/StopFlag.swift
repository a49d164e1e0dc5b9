import Synchronization

/// A wish to stop, set from outside and asked between units of work.
///
/// Safe from any thread.
public final class StopFlag: Sendable {
  private let isRaised = Atomic(false)

  /// Makes a flag that is not raised.
  public init() {}

  /// Asks for a stop at the next batch or tile.
  public func raise() { isRaised.store(true, ordering: .relaxed) }

  /// Whether a stop was asked for.
  public var shouldStop: Bool { isRaised.load(ordering: .relaxed) }
}

/// A stage that ended because a stop was asked for; all that was recorded is kept.
public struct Interrupted: Error, Sendable {
  /// Makes the error.
  public init() {}
}
