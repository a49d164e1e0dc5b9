import Glibc

/// Standard output: the results of a command.
enum StandardOutput {
  /// Standard output that takes nothing any more: a full disk, a reader that has gone.
  struct Failure: Error, CustomStringConvertible {
    let code: Int32
    var description: String {
      "standard output: cannot be written: \(unsafe String(cString: strerror(code)))"
    }
  }

  static func print(_ text: String, terminator: String = "\n") throws {
    let code = write(text + terminator, to: STDOUT_FILENO)
    guard code == 0 else { throw Failure(code: code) }
  }
}

/// Standard error: everything else.
///
/// A run goes on when nobody hears it.
enum StandardError {
  static func print(_ text: String, terminator: String = "\n") {
    _ = write(text + terminator, to: STDERR_FILENO)
  }
}

/// Writes a text whole; returns 0, or an error number.
private func write(_ text: String, to descriptor: Int32) -> Int32 {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { return errno }
    rest = rest.dropFirst(count)
  }
  return 0
}
