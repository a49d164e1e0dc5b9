import Glibc

/// The moment at which an image is given up.
struct Deadline {
  /// Of the monotonic clock.
  let nanoseconds: Int64

  /// So many seconds from now.
  init(afterSeconds seconds: Int) {
    nanoseconds = Self.now + Int64(seconds) * 1_000_000_000
  }

  /// Milliseconds left, rounded up, 0 when it has passed.
  var millisecondsLeft: Int32 {
    Int32(clamping: max(0, (nanoseconds - Self.now + 999_999) / 1_000_000))
  }

  private static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
