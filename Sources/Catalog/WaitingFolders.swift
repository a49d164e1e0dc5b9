import Dispatch
import Synchronization

/// The folders of an archive that its walkers have yet to enter, from the root on.
///
/// Safe from any thread. What is found last is entered first, so that few wait.
public final class WaitingFolders: Sendable {
  private struct State {
    var waiting = [ArchivePath(bytes: [])]
    /// Folders that a walker is in, which may hold more.
    var openCount = 0
    var isEnded = false
  }

  private let state = Mutex(State())
  // From zero: one that ends with less than it began with is a fault to Dispatch.
  private let arrivals = DispatchSemaphore(value: 0)

  /// Makes those of a walk that begins: the root.
  public init() { arrivals.signal() }

  /// The folder to enter next, and to leave then; nil when there is none and none can come.
  ///
  /// Waits while another walker may find one.
  func next() -> ArchivePath? {
    arrivals.wait()
    let folder = state.withLock { state -> ArchivePath? in
      if state.isEnded { return nil }
      state.openCount += 1
      return state.waiting.removeLast()
    }
    // The next walker is to see the end too.
    if folder == nil { arrivals.signal() }
    return folder
  }

  /// Leaves a folder, with the folders found in it.
  func leave(found: [ArchivePath]) {
    let isEnded = state.withLock { state in
      // The last is entered first: reversed, so that one walker enters them in byte order.
      state.waiting.append(contentsOf: found.sorted().reversed())
      state.openCount -= 1
      state.isEnded = state.isEnded || (state.waiting.isEmpty && state.openCount == 0)
      return state.isEnded
    }
    for _ in found { arrivals.signal() }
    if isEnded { arrivals.signal() }
  }

  /// Lets no walker enter another folder.
  func end() {
    state.withLock { $0.isEnded = true }
    arrivals.signal()
  }
}
