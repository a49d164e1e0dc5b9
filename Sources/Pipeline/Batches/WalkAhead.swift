import Catalog
import Dispatch
import Synchronization

/// Walks an archive on a thread of its own, a few thousand files ahead of what is done with them: the
/// storage is asked for the next folders while the database takes the last.
struct WalkAhead {
  let walk: ArchiveWalk
  let stop: StopFlag

  // What is handed over at once: files enough that the hand-over is nothing, few enough that it is soon.
  private static let portionFileCount = 512
  private static let waitingPortionCount = 8

  /// Calls `body` with every regular file, folder by folder, on the caller's thread.
  ///
  /// - Throws: what the walk or `body` throws, or `Interrupted` when a stop was asked for; nothing walks
  ///   on after that.
  func forEachFile(_ body: (FileRecord) throws -> Void) throws -> ArchiveWalk.Tally {
    let way = Way(room: Self.waitingPortionCount)
    let ended = DispatchGroup()
    DispatchQueue(label: "likeness.walk").async(group: ended) {
      way.end(
        Result {
          var portion: [FileRecord] = []
          let tally = try walk.forEachFile(entering: { if stop.shouldStop { throw Interrupted() } })
          {
            portion.append($0)
            if portion.count < Self.portionFileCount { return }
            try way.send(portion)
            portion = []
          }
          try way.send(portion)
          return tally
        })
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

  /// The way of files from the walking thread to the caller's.
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
        if state.isAbandoned { throw Abandoned() }
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

    /// Lets the walking thread end at what it sends next.
    func abandon() {
      state.withLock { $0.isAbandoned = true }
      room.signal()
    }
  }
}
