import Catalog
import Storage
import Synchronization

/// Hands out slices of batches to workers, batch after batch, and takes back what was read.
///
/// A slice is a few images, so that all workers share the last batch, and a batch of a hundred huge
/// ones. Slices are given in order, so at most as many batches are read at once as there are workers.
final class BatchFeed: Sendable {
  /// A few images of one batch.
  struct Slice: Sendable {
    let batch: BatchID
    let tasks: [(image: CatalogImage, task: BatchWork.Task)]
    let contents: ContentIndex
  }

  /// A content, and how many features are extracted of it.
  struct ContentKey: Hashable, Sendable {
    let content: ContentHash
    let measureCount: Int
  }

  /// The contents that were decoded in a batch: another file with one of them need not be.
  final class ContentIndex: Sendable {
    private let known = Mutex<Set<ContentKey>>([])
    func contains(_ key: ContentKey) -> Bool { known.withLock { $0.contains(key) } }
    func insert(_ key: ContentKey) { known.withLock { _ = $0.insert(key) } }
  }

  private struct Open {
    var work: BatchWork
    var next = 0
    var awaited: Int
    let contents = ContentIndex()
  }

  private struct State {
    var waiting: ArraySlice<BatchRecord>
    var open: [BatchID: Open] = [:]
    var current: BatchID?
  }

  // Small enough that workers end together, large enough that the lock is nothing: 16 small images
  // take milliseconds, and one image of a megabyte tens.
  private static let sliceImageCount = 16
  private static let sliceByteCount: Int64 = 1 << 20

  private let state: Mutex<State>
  private let stop: StopFlag
  private let begin: @Sendable (BatchRecord) throws -> BatchWork

  /// Makes a feed of batches; `begin` is called when the first slice of one is wanted.
  init(
    _ batches: [BatchRecord], stop: StopFlag,
    begin: @escaping @Sendable (BatchRecord) throws -> BatchWork
  ) {
    state = Mutex(State(waiting: batches[...]))
    self.stop = stop
    self.begin = begin
  }

  /// The next images to read, nil when there are none or a stop was asked for.
  ///
  /// A batch that was begun is handed out to its end.
  func next() throws -> Slice? {
    try state.withLock { state in
      if state.current == nil {
        guard !stop.shouldStop, let record = state.waiting.popFirst() else { return nil }
        let work = try begin(record)
        state.open[record.id] = Open(work: work, awaited: work.tasks.count)
        state.current = record.id
      }
      guard let id = state.current, var open = state.open[id] else { return nil }
      var tasks: [(CatalogImage, BatchWork.Task)] = []
      var bytes: Int64 = 0
      while open.next < open.work.tasks.count, tasks.count < Self.sliceImageCount,
        bytes < Self.sliceByteCount
      {
        let task = open.work.tasks[open.next]
        let image = open.work.images[task.row]
        tasks.append((image, task))
        bytes += image.sizeBytes
        open.next += 1
      }
      if open.next == open.work.tasks.count { state.current = nil }
      state.open[id] = open
      return Slice(batch: id, tasks: tasks, contents: open.contents)
    }
  }

  /// Takes what was read of a slice; returns the batch when that was the last of it.
  func deliver(_ readings: [ImageReading], of slice: Slice) throws -> BatchWork? {
    try state.withLock { state in
      guard var open = state.open[slice.batch] else {
        preconditionFailure("batch \(slice.batch.rawValue) is not open")
      }
      // In place: a copy of the dictionary of readings for every slice would be quadratic.
      state.open[slice.batch] = nil
      for ((_, task), reading) in zip(slice.tasks, readings) {
        try open.work.take(reading, task)
      }
      open.awaited -= readings.count
      if open.awaited == 0, state.current != slice.batch { return open.work }
      state.open[slice.batch] = open
      return nil
    }
  }
}
