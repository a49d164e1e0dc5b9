import Clustering
import Dispatch
import Similarity
import Synchronization

/// The join found other links than a plain double loop.
struct JoinDiffers: Error, CustomStringConvertible {
  var description: String { "the join differs from the plain double loop" }
}

extension TiledJoin {
  /// All pairs, tiles shared by so many workers.
  ///
  /// - Throws: the first error of a tile.
  func result(workerCount: Int) throws -> TileResult {
    let next = Atomic(0)
    let equal = equalRows()
    let imageLimit = images.last.map { Int($0) + 1 } ?? 0
    let state = Mutex(
      (
        builder: ForestBuilder(imageCount: imageLimit), counts: equal.counts, audit: equal.audit
      ))
    let failure = Mutex<(any Error)?>(nil)
    state.withLock { $0.builder.add(contentsOf: equal.links) }
    DispatchQueue.concurrentPerform(iterations: workerCount) { _ in
      while failure.withLock({ $0 == nil }) {
        let index = next.add(1, ordering: .relaxed).oldValue
        if index >= tileCount { return }
        do {
          let tile = try tile(index)
          state.withLock { state in
            state.builder.add(contentsOf: tile.links)
            for count in tile.counts.indices { state.counts[count] += tile.counts[count] }
            state.audit.add(tile.audit)
          }
        } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return state.withLock {
      TileResult(links: $0.builder.finish(), counts: $0.counts, audit: $0.audit)
    }
  }
}
