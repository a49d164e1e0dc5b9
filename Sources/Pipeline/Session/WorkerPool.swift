import Dispatch
import Synchronization

/// A fixed number of threads that take one unit of work after the other.
struct WorkerPool: Sendable {
  let workerCount: Int
  let stop: StopFlag

  /// The pool with fewer workers.
  func limited(to count: Int) -> WorkerPool {
    WorkerPool(workerCount: min(workerCount, count), stop: stop)
  }

  /// Calls `body` once on each worker, at the same time, and returns when all have.
  ///
  /// - Throws: the first error of a worker. The others see it through `isFailed` and end early.
  func onEachWorker(_ body: @Sendable (_ isFailed: () -> Bool) throws -> Void) throws {
    let failure = Mutex<(any Error)?>(nil)
    let group = DispatchGroup()
    withoutActuallyEscaping(body) { body in
      for number in 0..<workerCount {
        // A serial queue each is a thread each, also where there are more than cores, which is how
        // slow storage is kept busy; `concurrentPerform` stops at the cores.
        DispatchQueue(label: "likeness.worker.\(number)").async(group: group) {
          do {
            try body { failure.withLock { $0 != nil } }
          } catch {
            failure.withLock { $0 = $0 ?? error }
          }
        }
      }
      group.wait()
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Calls `body` with each of the items, in their order as workers become free.
  ///
  /// - Throws: the first error of `body`, or `Interrupted` when a stop was asked for before the last
  ///   item was begun; items not yet begun are then left out.
  func forEach<Item: Sendable>(
    _ items: [Item], _ body: @Sendable (Item) throws -> Void
  ) throws {
    let next = Atomic(0)
    try onEachWorker { isFailed in
      while !isFailed() {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < items.count else { return }
        if stop.shouldStop { throw Interrupted() }
        try body(items[index])
      }
    }
  }
}
