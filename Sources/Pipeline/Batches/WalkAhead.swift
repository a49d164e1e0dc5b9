import Catalog
import Dispatch
import Synchronization

/// Walks an archive on threads of its own, a few thousand files ahead of what is done with them: the
/// storage is asked for the next folders while the database takes the last.
struct WalkAhead {
  let walk: ArchiveWalk
  let stop: StopFlag

  // On network storage, where each file is waited for, half the time of one; more of them take time from
  // the database where nothing is waited for.
  private static let walkerCount = 2
  // What is handed over at once: files enough that the hand-over is nothing, few enough that it is soon.
  private static let portionFileCount = 512
  private static let waitingPortionCount = 8

  /// Calls `body` with every regular file, on the caller's thread: folder by folder where links are
  /// followed, else in any order.
  ///
  /// - Throws: what the walk or `body` throws, or `Interrupted` when a stop was asked for; nothing walks
  ///   on after that.
  func forEachFile(_ body: (FileRecord) throws -> Void) throws -> ArchiveWalk.Tally {
    let way = Way(room: Self.waitingPortionCount)
    let ended = DispatchGroup()
    DispatchQueue(label: "likeness.walk").async(group: ended) {
      way.end(Result { try sendFiles(on: way) })
    }
    defer {
      way.abandon()
      ended.wait()
    }
    while let portion = way.next() {
      for record in portion { try body(record) }
      if stop.shouldStop { throw Interrupted() }
    }
    return try way.result()
  }

  /// Walks with all walkers, to the end.
  private func sendFiles(on way: Way) throws -> ArchiveWalk.Tally {
    let walkers = WorkerPool(workerCount: walk.mayBeShared ? Self.walkerCount : 1, stop: stop)
    let folders = WaitingFolders()
    let sum = Mutex(ArchiveWalk.Tally())
    try walkers.onEachWorker { _ in
      var portion: [FileRecord] = []
      let tally = try walk.forEachFile(
        of: folders, entering: { if stop.shouldStop { throw Interrupted() } }
      ) {
        portion.append($0)
        if portion.count < Self.portionFileCount { return }
        try way.send(portion)
        portion = []
      }
      try way.send(portion)
      sum.withLock { $0.add(tally) }
    }
    return sum.withLock { $0 }
  }

  /// The way of files from the walking threads to the caller's.
  private final class Way: Sendable {
    private struct Abandoned: Error {}

    private struct State {
      var portions: [[FileRecord]] = []
      var result: Result<ArchiveWalk.Tally, any Error>?
      var isAbandoned = false
    }

    private let state = Mutex(State())
    // From zero: one that ends with less than it began with is a fault to Dispatch.
    private let room = DispatchSemaphore(value: 0)
    private let arrivals = DispatchSemaphore(value: 0)

    init(room count: Int) {
      for _ in 0..<count { room.signal() }
    }

    func send(_ portion: [FileRecord]) throws {
      room.wait()
      try state.withLock { state in
        if state.isAbandoned {
          // The next that waits is to see it too.
          room.signal()
          throw Abandoned()
        }
        state.portions.insert(portion, at: 0)
      }
      arrivals.signal()
    }

    func end(_ result: Result<ArchiveWalk.Tally, any Error>) {
      state.withLock { $0.result = result }
      arrivals.signal()
    }

    /// The next files, nil after the last.
    func next() -> [FileRecord]? {
      arrivals.wait()
      guard let portion = state.withLock({ $0.portions.popLast() }) else { return nil }
      room.signal()
      return portion
    }

    /// What the walk came to, after the last files.
    func result() throws -> ArchiveWalk.Tally {
      guard let result = state.withLock({ $0.result }) else {
        preconditionFailure("a walk ended without its result")
      }
      return try result.get()
    }

    /// Lets the walking threads end at what they send next.
    func abandon() {
      state.withLock { $0.isAbandoned = true }
      room.signal()
    }
  }
}
