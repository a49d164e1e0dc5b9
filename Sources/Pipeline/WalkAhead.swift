import Catalog
import Dispatch
import Synchronization

/// Walks an archive on a thread of its own, a few thousand files ahead of what is done with them: the
/// storage is asked for the next folders while the database takes the last.
struct WalkAhead {
  let walk: ArchiveWalk

  private static let chunkCount = 8
  private static let chunkFileCount = 512

  /// Calls `body` with every regular file, folder by folder, on the caller's thread.
  ///
  /// - Throws: what the walk or `body` throws; nothing walks on after that.
  func forEachFile(_ body: (FileRecord) throws -> Void) throws -> ArchiveWalk.Tally {
    let way = Way(room: Self.chunkCount)
    let ended = DispatchGroup()
    DispatchQueue(label: "likeness.walk").async(group: ended) {
      way.end(
        Result {
          var chunk: [FileRecord] = []
          let tally = try walk.forEachFile { record in
            chunk.append(record)
            if chunk.count < Self.chunkFileCount { return }
            try way.send(chunk)
            chunk = []
          }
          try way.send(chunk)
          return tally
        })
    }
    defer {
      way.abandon()
      ended.wait()
    }
    while let chunk = way.next() {
      for record in chunk { try body(record) }
    }
    return try way.result()
  }

  /// The way of chunks from the walking thread to the caller's.
  private final class Way: Sendable {
    private struct Abandoned: Error {}

    private struct State {
      var chunks: [[FileRecord]] = []
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

    func send(_ chunk: [FileRecord]) throws {
      room.wait()
      try state.withLock { state in
        if state.isAbandoned { throw Abandoned() }
        state.chunks.insert(chunk, at: 0)
      }
      arrivals.signal()
    }

    func end(_ result: Result<ArchiveWalk.Tally, any Error>) {
      state.withLock { $0.result = result }
      arrivals.signal()
    }

    /// The next chunk, nil after the last.
    func next() -> [FileRecord]? {
      arrivals.wait()
      guard let chunk = state.withLock({ $0.chunks.popLast() }) else { return nil }
      room.signal()
      return chunk
    }

    /// What the walk came to, after the last chunk.
    func result() throws -> ArchiveWalk.Tally {
      guard let result = state.withLock({ $0.result }) else {
        preconditionFailure("a walk ended without its result")
      }
      return try result.get()
    }

    /// Lets the walking thread end at its next chunk.
    func abandon() {
      state.withLock { $0.isAbandoned = true }
      room.signal()
    }
  }
}
