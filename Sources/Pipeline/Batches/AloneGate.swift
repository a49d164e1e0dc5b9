import Glibc

/// Lets one worker work while no other reads.
@safe final class AloneGate: @unchecked Sendable {
  // Unchecked: the lock is made and ended with the object and used through its functions only.
  private let lock: UnsafeMutablePointer<pthread_rwlock_t>

  init() {
    unsafe lock = .allocate(capacity: 1)
    // Readers come one after the other without end: unless the writer goes first, it never does.
    var attributes = pthread_rwlockattr_t()
    unsafe pthread_rwlockattr_init(&attributes)
    unsafe pthread_rwlockattr_setkind_np(
      &attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
    unsafe pthread_rwlock_init(lock, &attributes)
    unsafe pthread_rwlockattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_rwlock_destroy(lock)
    unsafe lock.deallocate()
  }

  func shared<Value>(_ body: () throws -> Value) rethrows -> Value {
    unsafe pthread_rwlock_rdlock(lock)
    defer { unsafe pthread_rwlock_unlock(lock) }
    return try body()
  }

  func alone(if condition: Bool, _ body: () throws -> Void) rethrows {
    guard condition else { return }
    unsafe pthread_rwlock_wrlock(lock)
    defer { unsafe pthread_rwlock_unlock(lock) }
    try body()
  }
}
