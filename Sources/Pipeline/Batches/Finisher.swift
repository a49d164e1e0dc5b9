import Dispatch
import Synchronization

/// Puts batches on disk one after the other on a thread of its own: workers read on while storage
/// confirms what was written.
final class Finisher: Sendable {
  private let queue = DispatchQueue(label: "likeness.finish")
  private let unfinished = DispatchGroup()
  // From zero: one that ends with less than it began with is a fault to Dispatch.
  private let room = DispatchSemaphore(value: 0)
  private let failure = Mutex<(any Error)?>(nil)

  /// Makes one that takes a few batches ahead, so that what they hold stays bounded.
  init() {
    for _ in 0..<2 { room.signal() }
  }

  /// Calls `body` after those before it, later; waits when too many wait already.
  ///
  /// - Throws: the first error of those before it; nothing is called after one.
  func later(_ body: @escaping @Sendable () throws -> Void) throws {
    room.wait()
    queue.async(group: unfinished) { [self] in
      defer { room.signal() }
      do {
        try check()
        try body()
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    try check()
  }

  /// Waits until all is called.
  ///
  /// - Throws: the first error.
  func wait() throws {
    unfinished.wait()
    try check()
  }

  private func check() throws {
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
